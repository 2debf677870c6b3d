import { expect, test } from "vitest";
import { createFakeClock } from "@windfire/testkit";
import { createFactBus, GUEST, ROLE } from "#kernel";
import type { Caller } from "#kernel";
import { createLiveConnections } from "./live-connections.ts";
import type { LiveConnection } from "./live-connections.ts";

const user = { id: 2, username: "alice", role: ROLE.member };
const session = (sessionKey: string): Caller => ({ kind: "session", user, sessionKey, via: "cookie" });
const token = (tokenId: number): Caller => ({ kind: "token", user, tokenId, scopes: [], serverIds: null });

function setUp(expiry?: number) {
  const clock = createFakeClock();
  const facts = createFactBus({
    onListenerError: (_name, error) => {
      throw error;
    },
  });
  const connections = createLiveConnections({
    clock,
    facts,
    tokenExpiry: (id) => (id === 9 && expiry !== undefined ? clock.now() + expiry : undefined),
  });
  const closed: string[] = [];
  const open = (name: string, caller: Caller, ip = "203.0.113.1") => {
    const connection: LiveConnection = { caller, ip, close: (reason) => closed.push(`${name} ${reason}`) };
    return connections.register(connection);
  };
  return { clock, facts, connections, closed, open };
}

test("an ended session closes its sockets and no others", () => {
  const { facts, closed, open, connections } = setUp();
  open("one", session("a"));
  open("two", session("a"));
  open("other", session("b"));
  open("guest", GUEST);
  facts.publish("session.ended", { sessionKeys: ["a"], reason: "password" });
  expect(closed).toEqual(["one password", "two password"]);
  expect(connections.count).toBe(2);
});

test("an ended token, a deleted user and a blocked address close theirs", () => {
  const { facts, closed, open, connections } = setUp();
  open("token", token(1));
  open("session", session("a"), "203.0.113.2");
  open("guest", GUEST, "203.0.113.3");
  open("unknown address", GUEST, "");
  facts.publish("token.ended", { tokenIds: [1], reason: "deleted" });
  facts.publish("address.blocked", { ips: ["203.0.113.3"] });
  facts.publish("user.deleted", { userId: 2 });
  expect(closed).toEqual(["token deleted", "guest blocked", "session deleted"]);
  expect(connections.count).toBe(1);
});

test("a disabled user loses what is open, and what registers late, until enabled again", () => {
  const { facts, closed, open, connections } = setUp();
  open("token", token(1));
  open("guest", GUEST);
  facts.publish("user.disabled", { userId: 2 });
  open("late", token(1));
  expect(closed).toEqual(["token disabled", "late disabled"]);
  facts.publish("user.enabled", { userId: 2 });
  open("again", token(1));
  expect(closed).toHaveLength(2);
  expect(connections.count).toBe(2);
});

test("what registers after its credential ended is closed at once, for ten minutes", () => {
  const { facts, closed, open, clock, connections } = setUp();
  facts.publish("token.ended", { tokenIds: [1], reason: "deleted" });
  open("late", token(1))();
  expect(closed).toEqual(["late deleted"]);
  expect(connections.count).toBe(0);
  clock.advance(10 * 60_000 + 1);
  open("much later", token(1));
  expect(closed).toEqual(["late deleted"]);
});

test("an expiring token closes its stream", () => {
  const { closed, open, clock } = setUp(60_000);
  open("short", token(9));
  open("lasting", token(8));
  clock.advance(59_000);
  expect(closed).toEqual([]);
  clock.advance(7_000);
  expect(closed).toEqual(["short expired"]);
});

test("a released connection is not closed again, and releasing twice counts once", () => {
  const { facts, closed, open, connections } = setUp();
  open("stays", session("a"));
  const release = open("gone", session("a"));
  release();
  release();
  expect(connections.count).toBe(1);
  facts.publish("session.ended", { sessionKeys: ["a"], reason: "logout" });
  expect(closed).toEqual(["stays logout"]);
});

test("after stop nothing listens and no timer waits", () => {
  const { facts, closed, open, connections, clock } = setUp();
  open("one", session("a"));
  connections.stop();
  facts.publish("session.ended", { sessionKeys: ["a"], reason: "logout" });
  expect(closed).toEqual([]);
  expect(clock.pending).toBe(0);
});
