import { afterEach, beforeEach, expect, test } from "vitest";
import { openBench } from "#access/testing";
import type { AccessBench, Browser } from "#access/testing";

let bench: AccessBench;
let admin: Browser;
const VERA = { username: "vera", password: "vera-password", role: 1, access: "viewer" };

/** Users that another program left: two of them with a row of ours that it does not know, one row of nobody. */
beforeEach(async () => {
  bench = await openBench({
    prepare: async ({ kysely }) => {
      const words = [{ user_id: 7, access: "viewer" }];
      await kysely
        .insertInto("wf_access")
        .values([...words, { user_id: 1, access: "a word of a later version" }])
        .execute();
      await kysely.insertInto("wf_access_rows").values({ user_id: 7, kind: "server", row_id: 1 }).execute();
    },
  });
  admin = await bench.admin();
});
afterEach(() => bench.close());

test("what is left of users who are gone is removed at the start: a new user with the number is no viewer of theirs", async () => {
  const left = await bench.database.kysely.selectFrom("wf_access").select("user_id").execute();
  expect(left).toEqual([]);
  expect(await bench.database.kysely.selectFrom("wf_access_rows").selectAll().execute()).toEqual([]);
});

test("another program sees a member without rows, never an administrator", async () => {
  await admin.post("/user", VERA);
  const row = await bench.database.kysely.selectFrom("users").select(["role"]).where("username", "=", "vera").executeTakeFirstOrThrow();
  expect(row.role).toBe(1);
});

test("no agent comes in with the secret of a viewer", async () => {
  const id = (await admin.post("/user", VERA)).data as number;
  const { agent_secret: secret } = ((await admin.get("/user")).data as { id: number; agent_secret: string }[]).find(
    (user) => user.id === id,
  ) ?? {
    agent_secret: "",
  };
  expect(secret).toHaveLength(32);
  expect(bench.access.agents.userOfSecret(secret)).toBeUndefined();
  await admin.post(`/user/${id}/access`, { access: "member" });
  expect(bench.access.agents.userOfSecret(secret)).toBe(id);
});

test("whoever has a row of ours is a viewer, whatever the word and whatever role another program wrote", async () => {
  const id = (await admin.post("/user", VERA)).data as number;
  await bench.database.change(async (tx, changes) => {
    await tx.updateTable("wf_access").set({ access: "a word of a later version" }).where("user_id", "=", id).execute();
    await tx.updateTable("users").set({ role: 0 }).where("id", "=", id).execute();
    changes.put("user", id);
  });
  const vera = await bench.browser().signIn("vera", "vera-password");
  expect((await vera.get("/profile")).data).toMatchObject({ role: 1, access: "viewer" });
  expect((await vera.get("/user")).error).toBe("permission denied");
});

test("a viewer takes care of the own account, and of nothing else", async () => {
  await admin.post("/user", VERA);
  const vera = await bench.browser().signIn("vera", "vera-password");
  expect((await vera.get("/session")).error).toBe("");
  expect((await vera.post("/second-factor")).error).toBe("");
  const profile = { original_password: "vera-password", new_username: "vera", new_password: "another-password" };
  expect((await vera.post("/profile", profile)).error).toBe("");
  const again = await bench.browser().signIn("vera", "another-password");
  expect((await again.post("/user", { username: "x", password: "x-password", role: 1 })).error).toBe("permission denied");
});

test("a deleted viewer leaves nothing", async () => {
  const id = (await admin.post("/user", VERA)).data as number;
  expect((await admin.post("/batch-delete/user", [id])).error).toBe("");
  expect(await bench.database.kysely.selectFrom("wf_access").selectAll().execute()).toEqual([]);
});
