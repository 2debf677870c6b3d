import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPasswords } from "#platform/password";
import { isOfPlace } from "./password-rules.ts";
import { ADMIN_PASSWORD, openBench } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";

const COMMON = "it is among the 10 000 passwords that people choose most, and so the first to be guessed";

let bench: AccessBench;
let admin: Browser;
beforeEach(async () => {
  bench = await openBench({ deps: { passwords: createPasswords({ cost: 6 }) } });
  admin = await bench.admin();
});
afterEach(async () => bench.close());

describe("a common password", () => {
  const create = async (more: object = {}): Promise<Answer> =>
    admin.post("/user", { username: "alice", password: "Password", role: 1, ...more });
  const profile = async (more: object = {}): Promise<Answer> =>
    admin.post("/profile", { original_password: ADMIN_PASSWORD, new_username: "admin", new_password: "iloveyou", ...more });

  test("of a new user is taken from a compatible client, with a warning beside the data", async () => {
    expect(JSON.parse((await create()).text)).toEqual({ success: true, data: 2, warning: `password: ${COMMON}` });
  });

  test("of a profile too", async () => {
    expect(JSON.parse((await profile()).text)).toEqual({ success: true, data: null, warning: `new_password: ${COMMON}` });
  });

  test("is refused where the form asks for that, and nothing changes", async () => {
    expect((await create({ refuse_common: true })).error).toBe(`password: ${COMMON}`);
    expect((await profile({ refuse_common: true })).error).toBe(`new_password: ${COMMON}`);
    expect((await admin.get("/user")).data).toHaveLength(1);
    await bench.browser().signIn("admin", ADMIN_PASSWORD);
  });

  test("that stays as it is is nobody's business", async () => {
    await create();
    const alice = await bench.browser().signIn("alice", "Password");
    const kept = { original_password: "Password", new_password: "Password", new_username: "alice2", refuse_common: true };
    expect(JSON.parse((await alice.post("/profile", kept)).text)).toEqual({ success: true, data: null });
  });

  test("is no matter for any other", async () => {
    const answer = await create({ password: "Vb7#kd92!x", refuse_common: true });
    expect(JSON.parse(answer.text)).toEqual({ success: true, data: 2 });
  });
});

describe("a cheap hash", () => {
  const stored = async (): Promise<string> =>
    (await bench.database.kysely.selectFrom("users").select("password").where("id", "=", 1).executeTakeFirstOrThrow()).password ?? "";
  const makeCheap = async (): Promise<string> => {
    const hash = await createPasswords({ cost: 4 }).hash(ADMIN_PASSWORD);
    await bench.database.kysely.updateTable("users").set({ password: hash }).where("id", "=", 1).execute();
    return hash;
  };

  test("gives way to a dear one when its password comes in; sessions go on", async () => {
    await makeCheap();
    await bench.browser().post("/login", { username: "admin", password: "wrong" });
    expect(await stored()).toMatch(/^\$2b\$04/);
    await bench.browser().signIn("admin", ADMIN_PASSWORD);
    await expect.poll(stored).toMatch(/^\$2b\$06/);
    expect((await admin.get("/profile")).error).toBe("");
    await bench.browser().signIn("admin", ADMIN_PASSWORD);
  });

  test("does not overwrite a password that was changed meanwhile", async () => {
    const cheap = await makeCheap();
    const raising = createPasswords({ cost: 6 });
    const slow = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    await bench.close();
    const hash = async (password: string): Promise<string> => {
      begun.resolve();
      await slow.promise;
      return raising.hash(password);
    };
    const prepared = { ...raising, hash: raising.hash };
    bench = await openBench({ deps: { passwords: prepared } });
    await bench.database.kysely.updateTable("users").set({ password: cheap }).where("id", "=", 1).execute();
    prepared.hash = hash;
    await bench.browser().signIn("admin", ADMIN_PASSWORD);
    await begun.promise;
    const changed = await raising.hash("another-password");
    await bench.database.kysely.updateTable("users").set({ password: changed }).where("id", "=", 1).execute();
    slow.resolve();
    await bench.access.stop();
    expect(await stored()).toBe(changed);
  });
});

test.each([
  ["acme2026!", true],
  ["Status.Acme.Example1", true],
  ["ada-acme", true],
  ["windfire123", true],
  ["nezhaadmin", true],
  ["acme horse battery", false],
  ["Vb7#kd92!x", false],
  ["20262026", false],
  ["adamant", false],
])("%s is made of names of the place: %s", (password, expected) => {
  expect(isOfPlace(password, ["ada", "Acme", "status.acme.example:8443"])).toBe(expected);
});

test("names of the place are refused where the form asks for that, and a compatible client is warned", async () => {
  const user = { username: "adalovelace", password: "AdaLovelace1815", role: 1 };
  const said = "password: it is made of a name of this place, and so the first to be guessed";
  expect((await admin.post("/user", { ...user, refuse_common: true })).error).toBe(said);
  expect(JSON.parse((await admin.post("/user", user)).text)).toEqual({ success: true, data: 2, warning: said });
});
