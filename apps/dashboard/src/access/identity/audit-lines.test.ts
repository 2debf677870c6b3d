import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createAuditLog } from "#platform/audit";
import type { AuditLine } from "#platform/audit";
import { createPasswords } from "#platform/password";
import { ADMIN_PASSWORD, openBench } from "#access/testing";
import type { AccessBench, Browser } from "#access/testing";
import { resetPassword } from "./reset-password.ts";

const HOME = "203.0.113.5";

let bench: AccessBench;
let admin: Browser;
beforeEach(async () => {
  bench = await openBench({ config: { webRealIpHeader: "X-Test-IP" } });
  admin = await bench.admin({ "x-test-ip": HOME });
});
afterEach(async () => bench.close());

/** Lines written since the last question, oldest first. */
let seen = 0;
beforeEach(() => (seen = 0));
const lines = async (): Promise<readonly AuditLine[]> => {
  const all = (await createAuditLog({ database: bench.database, now: () => 0 }).newest(100)).toReversed();
  const fresh = all.filter(({ id }) => id > seen);
  seen = all.at(-1)?.id ?? 0;
  return fresh;
};
const brief = async (): Promise<unknown[]> =>
  (await lines()).map(({ action, targetKind, key, kind, userId, address }) => [action, targetKind, key, kind, userId, address]);
const ADMIN = ["user", 1, HOME];

test("the first start and a sign-in", async () => {
  expect(await brief()).toEqual([
    ["user.create", "user", 1, "system", 0, ""],
    ["user.sign-in", "user", 1, ...ADMIN],
  ]);
  await bench.browser({ "x-test-ip": "203.0.113.6" }).post("/login", { username: "admin", password: "wrong" });
  expect(await brief()).toEqual([]);
  bench.clock.advance(60_000);
  await vi.waitFor(async () => expect(await brief()).toEqual([["user.sign-in-failed", "user", 1, "guest", 0, "203.0.113.6"]]));
  await admin.post("/logout");
  expect(await brief()).toEqual([["user.sign-out", "user", 1, ...ADMIN]]);
});

test("users: made, changed, deleted; of a password only that it changed", async () => {
  await lines();
  await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
  expect(await lines()).toMatchObject([
    {
      action: "user.create",
      key: 2,
      fields: [
        { field: "username", to: "alice" },
        { field: "role", to: 1 },
      ],
    },
  ]);
  const alice = await bench.browser({ "x-test-ip": HOME }).signIn("alice", "alice-password");
  await lines();
  const form = { original_password: "alice-password", new_username: "alicia", new_password: "another-password" };
  await alice.post("/profile", form);
  const [changed, ...rest] = await lines();
  expect([changed, rest]).toMatchObject([
    {
      action: "user.update",
      userId: 2,
      fields: [
        { field: "username", from: "alice", to: "alicia" },
        { field: "password", from: "•••", to: "•••" },
      ],
    },
    [],
  ]);
  expect(JSON.stringify(changed)).not.toMatch(/another-password|alice-password/);
  await admin.post("/batch-delete/user", [2]);
  expect(await lines()).toMatchObject([{ action: "user.delete", key: 2, userId: 1, fields: [{ field: "username", from: "alicia" }, {}] }]);
});

test("tokens: made and deleted, without their text", async () => {
  await lines();
  const { id, token } = (await admin.post("/api-tokens", { name: "ci", scopes: ["nezha:cron:read"] })).data as {
    id: number;
    token: string;
  };
  await admin.call("DELETE", `/api-tokens/${id}`);
  const written = await lines();
  expect(written).toMatchObject([
    { action: "token.create", targetKind: "token", key: id, userId: 1, address: HOME },
    { action: "token.delete", targetKind: "token", key: id, userId: 1, address: HOME },
  ]);
  expect(JSON.stringify(written)).not.toContain(token.slice(4));
});

test("addresses: blocked and freed", async () => {
  await lines();
  await admin.post("/online-user/batch-block", ["198.51.100.7", "198.51.100.8"]);
  await admin.post("/batch-delete/waf", ["198.51.100.7", "nonsense"]);
  expect(await brief()).toEqual([
    ["address.block", "waf", "198.51.100.7", ...ADMIN],
    ["address.block", "waf", "198.51.100.8", ...ADMIN],
    ["address.unblock", "waf", "198.51.100.7", ...ADMIN],
  ]);
});

test("a password that is reset on the host", async () => {
  const { database } = bench;
  const audit = createAuditLog({ database, now: () => 0 });
  await lines();
  await resetPassword({ database, audit, passwords: createPasswords({ cost: 4 }), now: () => 0, username: "admin", password: "new one" });
  expect(await brief()).toEqual([["user.reset-password", "user", 1, "system", 0, ""]]);
});

test("what is refused leaves no line", async () => {
  await lines();
  await admin.post("/user", { username: "admin", password: "taken-name", role: 1 });
  await admin.post("/batch-delete/user", [2]);
  await admin.post("/online-user/batch-block", [HOME]);
  await admin.post("/api-tokens", { name: "ci", scopes: ["nezha:nothing:read"] });
  await admin.call("DELETE", "/api-tokens/77");
  await admin.post("/profile", { original_password: ADMIN_PASSWORD, new_username: "", new_password: ADMIN_PASSWORD });
  expect(await lines()).toEqual([]);
});
