import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError, GUEST, ROLE } from "#kernel";
import type { Caller, User } from "#kernel";
import { canViewService, cronCoverage, flaggedCoverage, requireCoverage, tokenReaches } from "./coverage.ts";
import type { Coverage, ServerReach } from "./coverage.ts";

const admin: User = { id: 1, username: "admin", role: ROLE.admin };
const alice: User = { id: 2, username: "alice", role: ROLE.member };
const session = (user: User): Caller => ({ kind: "session", user, sessionKey: "k", via: "cookie" });
const token = (user: User, serverIds: readonly number[] | null): Caller => ({
  kind: "token",
  user,
  tokenId: 1,
  scopes: ["nezha:*"],
  serverIds: serverIds && new Set(serverIds),
});

/** Servers 1-3 are Alice's, 4 is Bob's (user 3), 5 came with the global secret. */
const owners = new Map([
  [1, 2],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 0],
]);
const servers: ServerReach = {
  server: (id) => (owners.has(id) ? { id, ownerId: owners.get(id) ?? 0 } : undefined),
  isOwner: (ownerId) => ownerId < 90,
  reachOf: (ownerId) => [...owners].filter(([, owner]) => ownerId <= 1 || owner === ownerId).map(([id]) => id),
};

const except = (...serverIds: number[]): Coverage => ({ mode: "except", serverIds });
const only = (...serverIds: number[]): Coverage => ({ mode: "only", serverIds });

test("cover numbers differ between kinds (spec 11 section 0.7)", () => {
  expect([0, 1, 2, 3].map((cover) => cronCoverage(cover, [7])?.mode)).toEqual(["only", "except", "trigger", undefined]);
  expect([0, 1, 2].map((cover) => flaggedCoverage(cover, { 7: true, 8: false })?.mode)).toEqual(["except", "only", undefined]);
  expect(flaggedCoverage(0, { 7: true, 8: false })?.serverIds).toEqual([7]);
});

describe("a token's server list (spec 10 section 13.3)", () => {
  test.each<[string, Caller, number, Coverage | undefined, boolean]>([
    ["a session has no list", session(alice), 2, except(), true],
    ["no list", token(alice, null), 2, except(), true],
    ["an empty list is none", token(alice, []), 2, except(), true],
    ["everything of an owner who is gone", token(admin, [1, 2, 3, 4, 5]), 99, except(), false],
    ["a list of an owner who is gone", token(admin, [1]), 99, only(1), true],
    ["except, all own listed", token(alice, [1, 2, 3]), 2, except(), true],
    ["except, one own missing", token(alice, [1, 2]), 2, except(), false],
    ["except, the missing one excluded", token(alice, [1, 2]), 2, except(3), true],
    ["except of an administrator means all servers", token(admin, [1, 2, 3]), 1, except(), false],
    ["except of an administrator, the rest excluded", token(admin, [1, 2, 3]), 1, except(4, 5), true],
    ["except of the global owner means all servers", token(admin, [5]), 0, except(), false],
    ["only, listed", token(alice, [1, 2]), 2, only(1), true],
    ["only, not listed", token(alice, [1, 2]), 2, only(1, 3), false],
    ["only nothing", token(alice, [1]), 2, only(), true],
    ["trigger, listed", token(alice, [1]), 2, { mode: "trigger", serverIds: [1] }, true],
    ["trigger, not listed", token(alice, [1]), 2, { mode: "trigger", serverIds: [2] }, false],
    ["an unknown cover number", token(alice, [1, 2, 3]), 2, undefined, false],
  ])("%s", (_label, caller, ownerId, coverage, expected) => {
    expect(tokenReaches(caller, ownerId, coverage, servers)).toBe(expected);
  });

  test("GHSA-99gv-2m7h-3hh9: an administrator's token is judged by the record owner's servers", () => {
    expect(tokenReaches(token(admin, [1, 2, 3]), alice.id, except(), servers)).toBe(true);
  });

  test("whatever a passing token's record addresses is on its list", () => {
    const ids = fc.subarray([1, 2, 3, 4, 5]);
    fc.assert(
      fc.property(
        ids,
        ids,
        fc.constantFrom("except" as const, "only" as const),
        fc.constantFrom(0, 1, 2, 3),
        (list, named, mode, ownerId) => {
          fc.pre(list.length > 0);
          if (!tokenReaches(token(admin, list), ownerId, { mode, serverIds: named }, servers)) return;
          const addressed = mode === "only" ? named : [...servers.reachOf(ownerId)].filter((id) => !named.includes(id));
          expect(addressed.every((id) => list.includes(id))).toBe(true);
        },
      ),
    );
  });
});

describe("what a record may be written with", () => {
  const refusal = (caller: Caller, ownerId: number, coverage: Coverage | undefined): string => {
    try {
      requireCoverage(caller, ownerId, coverage, servers);
      return "";
    } catch (error) {
      if (error instanceof AppError) return error.messageId;
      throw error;
    }
  };
  test.each<[string, Caller, number, Coverage | undefined, string]>([
    ["own servers only", session(alice), 2, only(1, 2), ""],
    ["a foreign server only", session(alice), 2, only(1, 4), "permission denied"],
    ["a foreign server excluded", session(alice), 2, except(4), "permission denied"],
    ["an own server excluded", session(alice), 2, except(1), ""],
    ["any server, by an administrator", session(admin), 1, only(1, 4, 5), ""],
    ["an administrator edits Alice's record, Bob's server excluded", session(admin), 2, except(4), "permission denied"],
    ["GHSA-39g2-8x68-pmx8: a server that is not there yet", session(alice), 2, only(6), "server id %d does not exist"],
    ["GHSA-39g2-8x68-pmx8: nor excluded", session(admin), 1, except(6), "server id %d does not exist"],
    ["an unknown cover number", session(admin), 1, undefined, "permission denied"],
    ["a token outside its list", token(alice, [1]), 2, only(2), "permission denied"],
    ["a token that would address everything", token(alice, [1]), 2, except(), "permission denied"],
  ])("%s: %s", (_label, caller, ownerId, coverage, expected) => {
    expect(refusal(caller, ownerId, coverage)).toBe(expected);
  });
});

test("GHSA-vrmh-5mmx-hjwx: hidden services are only for who may manage them", () => {
  const hidden = { id: 7, ownerId: 2, hideForGuest: true, coverage: except() };
  const seen = [
    GUEST,
    session({ id: 3, username: "bob", role: ROLE.member }),
    session(alice),
    session(admin),
    token(alice, [1]),
    token(alice, [1, 2, 3]),
  ];
  expect(seen.map((caller) => canViewService(caller, hidden, servers))).toEqual([false, false, true, true, false, true]);
  expect(seen.map((caller) => canViewService(caller, { ...hidden, hideForGuest: false }, servers))).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
  ]);
});
