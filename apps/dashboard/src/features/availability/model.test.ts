import fc from "fast-check";
import { expect, test } from "vitest";
import { knownSpans, percentOf, sharesOf, spansOf } from "./model.ts";
import type { Span, Turn } from "./model.ts";

const M = 60_000;
const span = (from: number, to: number): Span => ({ from: from * M, to: to * M });
const run = (from: number, to: number) => ({ startedAt: from * M, seenAt: to * M });
const turn = (at: number, online: boolean): Turn => ({ at: at * M, online });
const whole = span(0, 100);
/** Minutes online, offline, unknown. */
const minutes = (turns: readonly Turn[], runs: readonly ReturnType<typeof run>[], of: Span = whole): number[] => {
  const known = knownSpans(runs);
  const { onlineMs, offlineMs, unknownMs } = sharesOf(spansOf(turns, true, known, of), spansOf(turns, false, known, of), of);
  return [onlineMs / M, offlineMs / M, unknownMs / M];
};

test.each<[string, Turn[], ReturnType<typeof run>[], number[]]>([
  ["there all the time", [turn(-5, true)], [run(-10, 100)], [100, 0, 0]],
  ["away once", [turn(-5, true), turn(20, false), turn(30, true)], [run(-10, 100)], [90, 10, 0]],
  ["away at the end", [turn(-5, true), turn(80, false)], [run(-10, 100)], [80, 20, 0]],
  ["never seen", [], [run(-10, 100)], [0, 0, 100]],
  ["seen for the first time", [turn(40, true)], [run(-10, 100)], [60, 0, 40]],
  ["the dashboard was down", [turn(-5, true)], [run(-10, 30), run(50, 100)], [79, 0, 21]],
  [
    "away while the dashboard was down and after it",
    [turn(-5, true), turn(50, false), turn(70, true)],
    [run(-10, 30), run(50, 100)],
    [60, 19, 21],
  ],
  ["runs of less than a minute know nothing", [turn(-5, true)], [run(10, 10.5), run(20, 20.9)], [0, 0, 100]],
  ["no run at all", [turn(-5, true)], [], [0, 0, 100]],
  ["runs that overlap, because the clock was set back", [turn(-5, true)], [run(-10, 60), run(40, 100)], [100, 0, 0]],
])("%s", (_, turns, runs, expected) => {
  expect(minutes(turns, runs)).toEqual(expected);
});

test("percent is of what is known", () => {
  expect(percentOf({ onlineMs: 75, offlineMs: 25 })).toBe(75);
  expect(percentOf({ onlineMs: 0, offlineMs: 0 })).toBeUndefined();
});

test("whatever happens, times add up, parts add up to the whole, and no two spans overlap", () => {
  const times = fc.array(fc.integer({ min: -50, max: 150 }), { maxLength: 20 });
  fc.assert(
    fc.property(
      times,
      fc.boolean(),
      fc.array(fc.tuple(fc.integer({ min: -50, max: 120 }), fc.integer({ min: 0, max: 60 })), { maxLength: 6 }),
      (at, first, lengths) => {
        const turns = [...new Set(at)].toSorted((a, b) => a - b).map((minute, index) => turn(minute, first === (index % 2 === 0)));
        const runs = lengths.map(([from, length]) => run(from, from + length));
        const [online = 0, offline = 0, unknown = 0] = minutes(turns, runs);
        expect(online + offline + unknown).toBeCloseTo(100);
        expect(Math.min(online, offline, unknown)).toBeGreaterThanOrEqual(0);
        const left = minutes(turns, runs, span(0, 37));
        const right = minutes(turns, runs, span(37, 100));
        expect((left[0] ?? 0) + (right[0] ?? 0)).toBeCloseTo(online);
        expect((left[1] ?? 0) + (right[1] ?? 0)).toBeCloseTo(offline);
        const known = knownSpans(runs);
        const all = [...spansOf(turns, true, known, whole), ...spansOf(turns, false, known, whole)].toSorted((a, b) => a.from - b.from);
        for (const [index, one] of all.entries()) expect(one.to).toBeLessThanOrEqual(all[index + 1]?.from ?? Infinity);
      },
    ),
  );
});
