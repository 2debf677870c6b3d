import fc from "fast-check";
import { expect, test } from "vitest";
import { createServerDirectory } from "#features/servers";
import { stateWith, testSettings } from "#features/servers/testing";
import { STANDS_MS, STEP_MS, step } from "./engine.ts";
import type { JudgedRule, Pair } from "./engine.ts";
import { createPresence } from "./presence.ts";
import { caughtUp, heardOf, isSteady } from "./steady.ts";
import type { Heard } from "./steady.ts";

/** The clock of a real process has parts of milliseconds. */
const start = fc.double({ min: 0, max: 1e9, noNaN: true });
const late = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { minLength: 30, maxLength: 30 });
const windows = fc.constantFrom(3_000, 9_000, 30_000);
const clockAt = (at: number) => {
  const clock = { at, monotonic: () => clock.at };
  return clock;
};

test("a server that is away from the first look on fails as soon as its window is full, whenever the process was started", () => {
  fc.assert(
    fc.property(start, late, windows, (startedAt, delays, windowMs) => {
      const clock = clockAt(startedAt);
      const presence = createPresence(clock);
      const rule: JudgedRule = { conditions: [{ kind: "offline", windowMs }], longestMs: windowMs, standsMs: STANDS_MS };
      let pair: Pair | undefined;
      let heard: Heard = { heardAt: 0, heardSeq: 0, steadyUntil: 0 };
      let looks = 0;
      while (pair?.phase !== "failed") {
        clock.at = startedAt + looks * STEP_MS + (delays[looks] ?? 0);
        const observation = { at: presence.nominal(clock.monotonic()), values: "F" };
        looks++;
        if (pair && isSteady(rule, pair, heard, observation)) {
          heard = { heardAt: observation.at, heardSeq: heard.heardSeq, steadyUntil: heard.steadyUntil };
          if (looks > delays.length) break;
          continue;
        }
        pair = step(rule, pair && caughtUp(pair, heard), observation).pair;
        heard = heardOf(rule, pair);
      }
      expect(looks).toBe(windowMs / STEP_MS);
    }),
  );
});

test("reports have whole times", () => {
  fc.assert(
    fc.property(start, (at) => {
      expect(Number.isInteger(createPresence(clockAt(at)).reported(1).at)).toBe(true);
    }),
  );
});

test("a process that did nothing for a while does not take its own silence for one of servers, but a connection that ended is one", () => {
  const clock = clockAt(0);
  const presence = createPresence(clock);
  const servers = createServerDirectory([{ ...testSettings, id: 1, uuid: "u", ownerId: 1, name: "s" }]);
  const server = servers.get(1) ?? expect.fail("no server");
  server.noteCall();
  const generation = server.openStream();
  const look = (): string => {
    const lateMs = presence.lateAt(clock.at);
    presence.nominal(clock.at);
    return `${lateMs} ${presence.offline(server, clock.at, lateMs)}`;
  };
  const seen = [0, 3_000, 12_000, 15_000].map((at) => {
    clock.at = at;
    if (at === 3_000) server.applyState(generation, stateWith({}), 1);
    if (at === 3_000) presence.reported(1);
    return look();
  });
  expect(seen).toEqual(["0 F", "0 P", "6000 U", "0 F"]);
  clock.at = 24_000;
  server.closeStream(generation);
  presence.reported(1);
  expect(look()).toBe("6000 F");
});
