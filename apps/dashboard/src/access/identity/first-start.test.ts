import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createPasswords } from "#platform/password";
import type { FirstPassword } from "./index.ts";
import { createAccess, openBench } from "#access/testing";
import type { AccessBench } from "#access/testing";

const start = async (adminPassword: string | undefined): Promise<{ bench: AccessBench; shown: FirstPassword[] }> => {
  const shown: FirstPassword[] = [];
  const bench = await openBench({ deps: { adminPassword, showFirstPassword: (first) => shown.push(first), random: randomBytes } });
  return { shown, bench };
};

test("an empty table gets an administrator with a random password, shown once; no default password", async () => {
  const first = await start(undefined);
  expect(first.shown).toEqual([]);
  await first.bench.access.tellFirstPassword();
  expect(first.shown).toEqual([{ username: "admin", password: expect.stringMatching(/^[0-9A-Za-z]{20}$/) as string }]);
  await expect(first.bench.browser().signIn("admin", "admin")).rejects.toThrow("ApiErrorUnauthorized");
  await first.bench.browser().signIn("admin", first.shown[0]?.password ?? "");
  await first.bench.close();
});

test("a given password is taken as it is and not shown, admin too", async () => {
  const first = await start("admin");
  await first.bench.access.tellFirstPassword();
  expect(first.shown).toEqual([]);
  await first.bench.browser().signIn("admin", "admin");
  await first.bench.close();
});

test.each(["a", "x".repeat(72), "密".repeat(24), "  "])("a given password of 1 to 72 bytes keeps no other rule: %j", async (given) => {
  const first = await start(given);
  const browser = await first.bench.browser().signIn("admin", given);
  expect((await browser.get("/profile")).error).toBe("");
  await first.bench.close();
});

test("a start that fails before the password is told leaves none behind: the next one makes another, until one is told", async () => {
  const first = await start(undefined);
  const again = async (adminPassword?: string) => {
    const shown: FirstPassword[] = [];
    const access = await createAccess({ ...first.bench.deps, adminPassword, showFirstPassword: (made) => shown.push(made) });
    return { access, shown };
  };
  const hashes = () => first.bench.database.kysely.selectFrom("users").select("password").execute();
  const [madeFirst] = await hashes();
  const second = await again();
  const [madeSecond] = await hashes();
  expect(madeSecond).not.toEqual(madeFirst);
  await second.access.tellFirstPassword();
  expect(second.shown).toMatchObject([{ username: "admin" }]);
  const third = await again("another");
  await third.access.tellFirstPassword();
  expect(third.shown).toEqual([]);
  expect(await hashes()).toEqual([madeSecond]);
  await first.bench.close();
});

test("what was chosen in the meantime is not replaced, told or not", async () => {
  const first = await start(undefined);
  await first.bench.database.kysely.updateTable("users").set({ password: "chosen" }).execute();
  const shown: FirstPassword[] = [];
  const access = await createAccess({ ...first.bench.deps, adminPassword: undefined, showFirstPassword: (made) => shown.push(made) });
  await access.tellFirstPassword();
  expect(shown).toEqual([]);
  expect(await first.bench.database.kysely.selectFrom("users").select("password").execute()).toEqual([{ password: "chosen" }]);
  await first.bench.close();
});

test("73 bytes are refused before anything is written", async () => {
  await expect(start("x".repeat(73))).rejects.toThrow("NZ_ADMIN_PASSWORD must have at most 72 bytes");
});

test("a table with users is left alone but for missing secrets; older rows keep their rights", async () => {
  const shown: FirstPassword[] = [];
  const password = await createPasswords({ cost: 4 }).hash("old-password");
  const old = await openBench({
    deps: { adminPassword: undefined, showFirstPassword: (first) => shown.push(first), random: randomBytes },
    prepare: async (database) => {
      const row = { password, created_at: null, updated_at: null, user_id: 0, reject_password: null };
      await database.kysely
        .insertInto("users")
        .values([
          { ...row, username: "root", role: null, agent_secret: null },
          { ...row, username: "member", role: 1, agent_secret: "kept" },
        ])
        .execute();
    },
  });
  expect(shown).toEqual([]);
  const root = await old.browser().signIn("root", "old-password");
  expect((await root.get("/user")).data).toMatchObject([
    { username: "root", role: 0, agent_secret: expect.stringMatching(/^[0-9A-Za-z]{32}$/) as string },
    { username: "member", role: 1, agent_secret: "kept" },
  ]);
  await old.close();
});
