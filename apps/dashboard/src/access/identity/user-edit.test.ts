import { afterEach, beforeEach, expect, test } from "vitest";
import { createAuditLog } from "#platform/audit";
import type { Cascade } from "#platform/database";
import { openBench } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";

let bench: AccessBench;
let admin: Browser;
const ALICE = { username: "alice", password: "alice-password", role: 1 };
const ID = 2;
/** Who is no administrator any more, and whether the transaction still takes them for one. */
const demoted: [id: number, ownsEverything: boolean][] = [];
beforeEach(async () => {
  demoted.length = 0;
  const note: Cascade = async (tx, ids) => {
    for (const id of ids) demoted.push([id, await bench.access.users.ownsEverythingIn(tx, id)]);
  };
  bench = await openBench({ deps: { demotedCascades: [note] } });
  admin = await bench.admin();
  await admin.post("/user", ALICE);
});
afterEach(() => bench.close());

const edit = (body: object, id = ID): Promise<Answer> => admin.call("PATCH", `/user/${id}`, { body: JSON.stringify(body) });
const signIn = (name: string, password: string): Promise<Answer> => bench.browser().post("/login", { username: name, password });
const isIn = async (browser: Browser): Promise<boolean> => (await browser.get("/profile")).error === "";

test("another name leaves everything else as it is, sessions too", async () => {
  const alice = await bench.browser().signIn("alice", ALICE.password);
  expect((await edit({ username: "alicia" })).error).toBe("");
  expect((await alice.get("/profile")).data).toMatchObject({ username: "alicia", role: 1 });
  expect((await signIn("alicia", ALICE.password)).error).toBe("");
  expect((await signIn("alice", ALICE.password)).error).not.toBe("");
});

test("a new password ends the sessions, and lets in again where passwords were refused", async () => {
  const alice = await bench.browser().signIn("alice", ALICE.password);
  await bench.database.change(async (tx, changes) => {
    await tx.updateTable("users").set({ reject_password: 1 }).where("id", "=", ID).execute();
    changes.put("user", ID);
  });
  expect((await edit({ password: "quite another phrase" })).error).toBe("");
  expect(await isIn(alice)).toBe(false);
  expect((await signIn("alice", ALICE.password)).error).not.toBe("");
  expect((await signIn("alice", "quite another phrase")).error).toBe("");
});

test("another role ends the sessions and takes the access tokens", async () => {
  const alice = await bench.browser().signIn("alice", ALICE.password);
  expect((await alice.post("/api-tokens", { name: "script", scopes: ["nezha:server:read"] })).error).toBe("");
  expect((await edit({ role: 0 })).error).toBe("");
  expect(await isIn(alice)).toBe(false);
  const again = await bench.browser().signIn("alice", ALICE.password);
  expect((await again.get("/api-tokens")).data).toEqual([]);
  expect((await again.get("/user")).error).toBe("");
  expect(demoted).toEqual([]);
  expect((await edit({ role: 1 })).error).toBe("");
  expect(await isIn(again)).toBe(false);
  expect(demoted).toEqual([[ID, false]]);
});

test.each<[string, object, number, RegExp]>([
  ["the own account", { username: "root" }, 1, /^the own account is changed on the profile page$/],
  ["nobody", { username: "x" }, 99, /^user id 99 does not exist$/],
  ["a name that is taken", { username: "admin" }, ID, /^username already exists$/],
  ["a name that reads like another", { username: "Admin" }, ID, /^username: reads like/],
  ["no name", { username: "" }, ID, /^username can't be empty$/],
  ["a short password", { password: "12345" }, ID, /^password length/],
  ["a common password", { password: "password1", refuse_common: true }, ID, /^password: /],
  ["role 2", { role: 2 }, ID, /^invalid role$/],
])("%s is refused, and nothing changes", async (_label, body, id, error) => {
  expect((await edit(body, id)).error).toMatch(error);
  expect((await signIn("alice", ALICE.password)).error).toBe("");
  expect((await admin.get("/user")).data).toMatchObject([
    { username: "admin", role: 0 },
    { username: "alice", role: 1 },
  ]);
});

test("a viewer becomes a member before an administrator", async () => {
  await admin.post(`/user/${ID}/access`, { access: "viewer" });
  expect((await edit({ role: 0 })).error).toBe("role: a viewer becomes a member first");
  expect((await edit({ username: "vera" })).error).toBe("");
});

test("members change nobody", async () => {
  const alice = await bench.browser().signIn("alice", ALICE.password);
  expect((await alice.call("PATCH", "/user/1", { body: JSON.stringify({ username: "x" }) })).error).toBe("permission denied");
});

test("the audit log says what changed, and no password", async () => {
  await edit({ username: "alicia", password: "quite another phrase" });
  const [line] = await createAuditLog({ database: bench.database, now: () => 0 }).newest(1);
  expect(line).toMatchObject({ action: "user.update", targetKind: "user", key: ID });
  expect(JSON.stringify(line)).toContain("alicia");
  expect(JSON.stringify(line)).not.toMatch(/quite another|\$2/);
});
