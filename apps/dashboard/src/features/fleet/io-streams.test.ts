import { encodeIOStreamData, formatHandshake } from "@windfire/protocol";
import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createServerDirectory } from "#features/servers";
import { createIoStreams } from "./io-streams.ts";
import { createRelay } from "#features/relay";
import { testCall, testServer } from "./testing/index.ts";

const rethrow = (error: unknown): never => {
  throw error;
};

test("a call that never names its stream is ended; no keep-alive goes out before", () => {
  const clock = createFakeClock();
  const limits = { perUser: 2, perServer: 3, total: 5, unattachedMs: 30_000, attachMs: 10_000, pauseBytes: 1024, backlogBytes: 4096 };
  const servers = createServerDirectory([]);
  const { streams: registry } = createRelay({ clock, limits, servers, newId: () => "id" });
  const server = servers.put(testServer({ id: 7 }));
  const log: string[] = [];
  createIoStreams({ onError: rethrow, registry, clock })(server, {
    send: () => {
      log.push("send");
      return "sent";
    },
    unread: () => 0,
    pause: () => undefined,
    sendAway: () => undefined,
    resume: () => undefined,
    onMessage: () => undefined,
    onDrain: () => undefined,
    onEnd: () => undefined,
    end: (code, text) => void log.push(`end ${code} ${text}`),
  });
  clock.advance(29_999);
  expect(log).toEqual([]);
  clock.advance(1);
  expect(log).toEqual(["end 2 invalid stream id"]);
});

test.each([
  ["another's stream", "theirs"],
  ["no stream", "unknown"],
])("a call refused for %s is not asked again: what it says later reaches nobody", (_what, first) => {
  const clock = createFakeClock();
  const ids = ["own", "theirs"].values();
  const limits = { perUser: 2, perServer: 3, total: 5, unattachedMs: 30_000, attachMs: 10_000, pauseBytes: 1024, backlogBytes: 4096 };
  const servers = createServerDirectory([]);
  const { streams: registry } = createRelay({ clock, limits, servers, newId: () => ids.next().value ?? "" });
  for (const serverId of [7, 8]) registry.create({ purpose: "terminal", creatorId: 1, serverId });
  const server = servers.put(testServer({ id: 7 }));
  const call = testCall();
  let refused = "";
  // Messages that were under way when the call was ended still come in.
  createIoStreams({ onError: rethrow, registry, clock })(server, { ...call.stream, end: (_code, text = "") => void (refused ||= text) });
  const name = (id: string): void => call.say(encodeIOStreamData({ data: formatHandshake(id) }));
  name(first);
  expect(refused).toBe("stream not authorized for agent");
  name("own");
  call.say(encodeIOStreamData({ data: Buffer.from("forged") }));
  const sent: string[] = [];
  const end = { send: (bytes: Uint8Array) => (sent.push(Buffer.from(bytes).toString()), "sent" as const), unread: () => 0 };
  registry.attachUser("own", { ...end, pause: () => undefined, resume: () => undefined, close: () => undefined });
  expect(sent).toEqual([]);
});
