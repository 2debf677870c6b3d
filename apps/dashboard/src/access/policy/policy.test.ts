import { expect, test } from "vitest";
import { AppError, GUEST, ROLE } from "#kernel";
import type { Caller, User } from "#kernel";
import { canManage, canManageServer, canViewServer, hasScope, requireNotificationGroup, requireTriggerTasks } from "./policy.ts";

const admin: User = { id: 1, username: "admin", role: ROLE.admin };
const alice: User = { id: 2, username: "alice", role: ROLE.member };
const bob: User = { id: 3, username: "bob", role: ROLE.member };
const session = (user: User): Caller => ({ kind: "session", user, sessionKey: "k", via: "cookie" });
const token = (user: User, scopes: readonly string[], serverIds: readonly number[] | null = null): Caller => ({
  kind: "token",
  user,
  tokenId: 1,
  scopes,
  serverIds: serverIds && new Set(serverIds),
});

const refusalOf = (run: () => void): string => {
  try {
    run();
    return "";
  } catch (error) {
    if (error instanceof AppError) return error.messageId;
    throw error;
  }
};

test("base rule: administrators all, members their own, guests nothing", () => {
  const callers = [GUEST, session(alice), session(bob), session(admin), token(alice, []), token(admin, [])];
  expect(callers.map((caller) => canManage(caller, { ownerId: 2 }))).toEqual([false, true, false, true, true, true]);
  expect(callers.map((caller) => canManage(caller, { ownerId: 0 }))).toEqual([false, false, false, true, false, true]);
});

test("a token's server list is looked at before its owner's rights, the administrator's too", () => {
  const server = { id: 7, ownerId: 2 };
  expect(canManageServer(token(admin, [], [7]), server)).toBe(true);
  expect(canManageServer(token(admin, [], [8]), server)).toBe(false);
  expect(canManageServer(token(alice, [], [7]), server)).toBe(true);
  expect(canManageServer(token(bob, [], [7]), server)).toBe(false);
});

test("GHSA-hvv7-hfrh-7gxj: a hidden server is seen by its owner and administrators alone", () => {
  const callers = [
    GUEST,
    session(alice),
    session(bob),
    session(admin),
    token(alice, [], [7]),
    token(alice, [], [8]),
    token(admin, [], [8]),
  ];
  const view = (hideForGuest: boolean): boolean[] => callers.map((caller) => canViewServer(caller, { id: 7, ownerId: 2, hideForGuest }));
  expect(view(true)).toEqual([false, true, false, true, true, false, false]);
  expect(view(false)).toEqual([true, true, true, true, true, false, false]);
});

test("people signed in skip scopes, guests have none", () => {
  expect(
    [GUEST, session(alice), token(alice, ["nezha:nat:*"]), token(alice, [])].map((caller) => hasScope(caller, "nezha:nat:read")),
  ).toEqual([false, true, true, false]);
});

test("a notification group must exist and be the caller's; 0 is none", () => {
  const ownerOf = (id: number): number | undefined => new Map([[5, 2]]).get(id);
  const check = (caller: Caller, id: number): string => refusalOf(() => requireNotificationGroup(caller, id, ownerOf));
  expect([
    check(session(alice), 0),
    check(session(alice), 5),
    check(session(admin), 5),
    check(session(bob), 5),
    check(session(alice), 6),
  ]).toEqual(["", "", "", "permission denied", "notification group id %d does not exist"]);
});

test("GHSA-rxf6-wjh4-jfj6: trigger tasks must exist, be the caller's, and a token needs the right to run them", () => {
  const ownerOf = (id: number): number | undefined => new Map([[5, 2]]).get(id);
  const check = (caller: Caller, ids: number[]): string => refusalOf(() => requireTriggerTasks(caller, ids, ownerOf));
  expect(check(session(alice), [5, 5])).toBe("");
  expect(check(session(bob), [5])).toBe("permission denied");
  expect(check(session(alice), [5, 6])).toBe("task id %d does not exist");
  expect(check(token(alice, ["nezha:service:write"]), [5])).toBe("permission denied");
  expect(check(token(alice, ["nezha:service:write"]), [])).toBe("");
  expect(check(token(alice, ["nezha:cron:exec"]), [5])).toBe("");
});
