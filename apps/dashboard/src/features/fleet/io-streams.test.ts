import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createServerDirectory } from "#features/servers";
import { createIoStreams } from "./io-streams.ts";
import { createStreamRegistry } from "./streams.ts";
import { testServer } from "./testing/index.ts";

test("a call that never names its stream is ended; no keep-alive goes out before", () => {
  const clock = createFakeClock();
  const limits = { perUser: 2, perServer: 3, total: 5, unattachedMs: 30_000, attachMs: 10_000, pauseBytes: 1024, backlogBytes: 4096 };
  const registry = createStreamRegistry({ limits, newId: () => "id", after: (ms, run) => clock.setTimeout(run, ms) });
  const server = createServerDirectory([]).add(testServer({ id: 7 }));
  const log: string[] = [];
  createIoStreams({ registry, clock })(server, {
    send: () => {
      log.push("send");
      return "sent";
    },
    unread: () => 0,
    pause: () => undefined,
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
