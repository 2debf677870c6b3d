import { createFakeClock } from "@windfire/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import type { StreamEnd } from "#kernel";
import { createStreamRegistry } from "./streams.ts";
import type { StreamRegistry } from "./streams.ts";

const MIB = 1024 * 1024;
const limits = { perUser: 2, perServer: 3, total: 5, unattachedMs: 30_000, attachMs: 10_000, pauseBytes: MIB, backlogBytes: 4 * MIB };
let clock = createFakeClock();
let registry: StreamRegistry;
let serial = 0;

beforeEach(() => {
  clock = createFakeClock();
  registry = createStreamRegistry({ limits, newId: () => `stream-${++serial}`, after: (ms, run) => clock.setTimeout(run, ms) });
});

function fakeEnd(options: { outcome?: "sent" | "full"; unread?: number } = {}) {
  const log: string[] = [];
  const end: StreamEnd = {
    send: (bytes) => {
      log.push(Buffer.from(bytes).toString());
      return options.outcome ?? "sent";
    },
    unread: () => options.unread ?? 0,
    pause: () => void log.push("pause"),
    resume: () => void log.push("resume"),
    close: (reason) => void log.push(`close ${reason}`),
  };
  return { end, log };
}

function open(creatorId = 1, serverId = 7): string {
  const stream = registry.create({ purpose: "terminal", creatorId, serverId });
  if ("refused" in stream) throw new Error(stream.refused);
  return stream.id;
}

test("messages go both ways, what came early is kept, empty ones are not forwarded", () => {
  const id = open();
  const user = fakeEnd();
  const agent = fakeEnd();
  registry.attachUser(id, user.end);
  registry.fromUser(id, Buffer.from("resize"));
  registry.fromUser(id, Buffer.alloc(0));
  registry.attachAgent(id, 7, agent.end);
  registry.fromAgent(id, Buffer.from("prompt"));
  expect(agent.log).toEqual(["resize"]);
  expect(user.log).toEqual(["prompt"]);
});

test("GHSA-q6xx-5vr8-p898: only the target server's agent attaches, each end once", () => {
  const id = open();
  expect(registry.attachAgent(id, 8, fakeEnd().end)).toBe("unknown");
  expect(registry.attachAgent(id, 7, fakeEnd().end)).toBe("attached");
  expect(registry.attachAgent(id, 7, fakeEnd().end)).toBe("taken");
  expect(registry.attachUser(id, fakeEnd().end)).toBe("attached");
  expect(registry.attachUser(id, fakeEnd().end)).toBe("taken");
});

test("GHSA-jg62-j5h6-8mpq: quotas per user, per server and in all; the end of a stream frees its place", () => {
  const first = open(1, 7);
  open(1, 8);
  expect(registry.create({ purpose: "files", creatorId: 1, serverId: 9 })).toEqual({
    refused: "too many concurrent streams for this user",
  });
  open(2, 7);
  open(0, 7);
  expect(registry.create({ purpose: "nat", creatorId: 0, serverId: 7 })).toEqual({
    refused: "too many concurrent streams for this server",
  });
  open(3, 9);
  expect(registry.create({ purpose: "nat", creatorId: 0, serverId: 9 })).toEqual({ refused: "too many concurrent streams" });
  registry.close(first, "peer-ended");
  expect(registry.size).toBe(4);
  open(1, 9);
});

test("a stream that nobody attaches is gone after 30 s, a half attached one after 10 s", () => {
  const lonely = open();
  clock.advance(29_999);
  expect(registry.find(lonely)).toBeDefined();
  clock.advance(1);
  expect(registry.find(lonely)).toBeUndefined();
  const half = open();
  const user = fakeEnd();
  registry.attachUser(half, user.end);
  clock.advance(10_000);
  expect(user.log).toEqual(["close timeout"]);
});

test("an attached stream has no time-out", () => {
  const id = open();
  registry.attachUser(id, fakeEnd().end);
  registry.attachAgent(id, 7, fakeEnd().end);
  clock.advance(3_600_000);
  expect(registry.find(id)).toBeDefined();
});

test("a slow end pauses the other until it has caught up", () => {
  const id = open();
  const user = fakeEnd({ unread: 2 * MIB });
  const agent = fakeEnd();
  registry.attachUser(id, user.end);
  registry.attachAgent(id, 7, agent.end);
  registry.fromAgent(id, Buffer.from("x"));
  expect(agent.log).toEqual(["pause"]);
  registry.drained(id, "user");
  expect(agent.log).toEqual(["pause", "resume"]);
});

test("an end that cannot take more, or too much for an end that is not there, closes the stream", () => {
  const id = open();
  const user = fakeEnd({ outcome: "full" });
  registry.attachUser(id, user.end);
  registry.attachAgent(id, 7, fakeEnd().end);
  registry.fromAgent(id, Buffer.from("x"));
  expect(user.log).toEqual(["x", "close overflow"]);
  const early = open();
  const patient = fakeEnd();
  registry.attachUser(early, patient.end);
  registry.fromUser(early, Buffer.alloc(4 * MIB + 1));
  expect(patient.log).toEqual(["close overflow"]);
});

test("streams of a server are revoked together", () => {
  const gone = open(1, 7);
  const stays = open(1, 8);
  registry.closeWhere((stream) => stream.serverId === 7, "revoked");
  expect(registry.find(gone)).toBeUndefined();
  expect(registry.find(stays)).toBeDefined();
});

test("who writes before the other end is there waits from the pause mark on and goes on after the attach", () => {
  const id = open();
  const user = fakeEnd();
  registry.attachUser(id, user.end);
  registry.fromUser(id, Buffer.alloc(MIB / 2));
  expect(user.log).toEqual([]);
  registry.fromUser(id, Buffer.alloc(MIB));
  expect(user.log).toEqual(["pause"]);
  registry.attachAgent(id, 7, fakeEnd().end);
  expect(user.log).toEqual(["pause", "resume"]);
});

test("tiny messages count for more than their bytes while nobody takes them", () => {
  const id = open();
  const user = fakeEnd();
  registry.attachUser(id, user.end);
  for (let sent = 0; sent < 20_000; sent++) registry.fromUser(id, Buffer.from("x"));
  expect(user.log.at(-1)).toBe("close overflow");
});

describe("an agent that ends before the browser is there", () => {
  test("has its last words heard, then the stream is over", () => {
    const id = open();
    const user = fakeEnd();
    registry.attachAgent(id, 7, fakeEnd().end);
    registry.fromAgent(id, Buffer.from("not "));
    registry.fromAgent(id, Buffer.from("permitted"));
    registry.agentEnded(id);
    expect(registry.attachAgent(id, 7, fakeEnd().end)).toBe("taken");
    expect(registry.attachUser(id, user.end)).toBe("attached");
    expect(user.log).toEqual(["not ", "permitted", "close peer-ended"]);
    expect(registry.size).toBe(0);
  });

  test("is waited for no longer than for any other browser", () => {
    const id = open();
    registry.attachAgent(id, 7, fakeEnd().end);
    registry.fromAgent(id, Buffer.from("not permitted"));
    registry.agentEnded(id);
    clock.advance(9_999);
    expect(registry.size).toBe(1);
    clock.advance(1);
    expect(registry.size).toBe(0);
  });

  test("and has said nothing gives its place back at once", () => {
    const id = open();
    registry.attachAgent(id, 7, fakeEnd().end);
    registry.agentEnded(id);
    expect(registry.size).toBe(0);
  });

  test("is the end of a stream whose browser is there", () => {
    const id = open();
    const user = fakeEnd();
    registry.attachUser(id, user.end);
    registry.attachAgent(id, 7, fakeEnd().end);
    registry.agentEnded(id);
    expect(user.log).toEqual(["close peer-ended"]);
  });

  test("loses its words with its rights", () => {
    const id = open();
    const user = fakeEnd();
    registry.attachAgent(id, 7, fakeEnd().end);
    registry.fromAgent(id, Buffer.from("not permitted"));
    registry.agentEnded(id);
    registry.closeWhere((stream) => stream.serverId === 7, "revoked");
    expect(registry.attachUser(id, user.end)).toBe("unknown");
  });
});

describe("a browser that was lost", () => {
  function held() {
    const id = open();
    const [user, agent] = [fakeEnd(), fakeEnd()];
    registry.attachUser(id, user.end);
    registry.attachAgent(id, 7, agent.end);
    registry.fromAgent(id, Buffer.from("one"));
    registry.holdUser(id, 60_000);
    registry.fromAgent(id, Buffer.from("two"));
    return { id, user, agent };
  }

  test("finds what was said meanwhile when it comes again, and its shell going on", () => {
    const { id, user, agent } = held();
    clock.advance(59_999);
    const again = fakeEnd();
    expect(registry.attachUser(id, again.end, "instead")).toBe("attached");
    clock.advance(120_000);
    registry.fromUser(id, Buffer.from("ls"));
    expect([user.log, again.log, agent.log]).toEqual([["one", "close revoked"], ["two"], ["resume", "ls"]]);
  });

  test("has a minute, then the shell ends", () => {
    const { id, agent } = held();
    clock.advance(60_000);
    expect(agent.log).toEqual(["resume", "close timeout"]);
    expect(registry.attachUser(id, fakeEnd().end)).toBe("unknown");
  });

  test("whose connection nobody knows to be dead is put in its place by the new one", () => {
    const id = open();
    const [old, fresh] = [fakeEnd(), fakeEnd()];
    registry.attachUser(id, old.end);
    registry.attachAgent(id, 7, fakeEnd().end);
    expect(registry.attachUser(id, fresh.end)).toBe("taken");
    expect(registry.attachUser(id, fresh.end, "instead")).toBe("attached");
    expect([registry.isJoined(id, old.end), registry.isJoined(id, fresh.end)]).toEqual([false, true]);
    registry.fromAgent(id, Buffer.from("still here"));
    expect([old.log, fresh.log]).toEqual([["close revoked"], ["still here"]]);
  });

  test("leaves an agent that talks on to wait, and what was kept before does not count twice", () => {
    const { id, agent } = held();
    registry.fromAgent(id, Buffer.alloc(MIB));
    expect(agent.log.at(-1)).toBe("pause");
    registry.attachUser(id, fakeEnd().end);
    for (let round = 0; round < 5; round++) {
      registry.holdUser(id, 60_000);
      registry.fromAgent(id, Buffer.alloc(MIB));
      registry.attachUser(id, fakeEnd().end);
    }
    expect(registry.find(id)).toBeDefined();
  });
});
