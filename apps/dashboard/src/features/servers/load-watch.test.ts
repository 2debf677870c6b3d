import fc from "fast-check";
import { expect, test } from "vitest";
import { LoadWatch } from "./load-watch.ts";

const START = Date.UTC(2026, 0, 1);

/** Levels of the processor after each report: seconds and percent. */
function levels(reports: readonly (readonly [seconds: number, cpu: number])[]): string[] {
  const watch = new LoadWatch();
  return reports.map(([seconds, cpu]) => {
    watch.take(cpu, 0, 0, START + seconds * 1000);
    return watch.over.cpu ?? "-";
  });
}

/** One report every ten seconds. */
const every10 = (...values: number[]) => values.map((value, index) => [index * 10, value] as const);

test.each<[string, readonly (readonly [number, number])[], string]>([
  ["counts after 30 s over it", every10(90, 90, 90, 90), "- - - warn"],
  ["not when one sample was under it", every10(90, 90, 84, 90, 90, 90, 90), "- - - - - - warn"],
  ["exactly the limit is not over it", every10(85, 85, 85, 85, 85), "- - - - -"],
  ["a little under the limit changes nothing", every10(90, 90, 90, 90, 81, 82, 81, 81, 81), "- - - warn warn warn warn warn warn"],
  ["ends 30 s after it was 5 points under", every10(90, 90, 90, 90, 80, 80, 80, 80), "- - - warn warn warn warn -"],
  [
    "one sample over the margin begins the end anew",
    every10(90, 90, 90, 90, 70, 70, 83, 70, 70, 70, 70),
    "- - - warn warn warn warn warn warn warn -",
  ],
  [
    "critical is worse than a warning",
    every10(99, 99, 99, 99, 92, 92, 92, 92, 89, 89, 89, 89),
    "- - - critical critical critical critical critical critical critical critical warn",
  ],
  [
    "a gap is not taken for load",
    [
      [0, 90],
      [10, 90],
      [60, 90],
      [70, 90],
      [80, 90],
      [90, 90],
    ],
    "- - - - - warn",
  ],
  [
    "a clock that was set back begins anew",
    [
      [100, 90],
      [110, 90],
      [0, 90],
      [10, 90],
      [20, 90],
      [30, 90],
    ],
    "- - - - - warn",
  ],
])("%s", (_case, reports, expected) => {
  expect(levels(reports).join(" ")).toBe(expected);
});

test("each figure has its own limits, and the object stays the same while nothing changes", () => {
  const watch = new LoadWatch();
  for (let seconds = 0; seconds <= 30; seconds += 3) watch.take(10, 96, 90, START + seconds * 1000);
  const { over } = watch;
  expect(over).toEqual({ mem: "critical", disk: "warn" });
  watch.take(10, 96, 90, START + 33_000);
  expect(watch.over).toBe(over);
});

test("another watch goes on from where one is, as if it had seen all reports", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 70, max: 100 }), { maxLength: 60 }), fc.nat(60), (values, seenAt) => {
      const [first, second] = [new LoadWatch(), new LoadWatch()];
      for (const [index, cpu] of values.entries()) {
        const at = START + index * 6_000;
        first.take(cpu, 0, 0, at);
        if (index < seenAt) continue;
        second.take(cpu, 0, 0, at);
        if (index === seenAt) second.resume(first.standings);
        expect([second.over, second.worst, second.standings]).toEqual([first.over, first.worst, first.standings]);
      }
    }),
  );
});

test("a verdict never changes twice within 30 s", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ step: fc.integer({ min: 1, max: 20 }), cpu: fc.integer({ min: 70, max: 100 }) }), { maxLength: 80 }),
      (reports) => {
        const watch = new LoadWatch();
        let [at, changedAt, before] = [START, -Infinity, "-"];
        for (const { step, cpu } of reports) {
          at += step * 1000;
          watch.take(cpu, 0, 0, at);
          const isWarned = watch.over.cpu === undefined ? "-" : "over";
          if (isWarned !== before) {
            expect(at - changedAt).toBeGreaterThanOrEqual(30_000);
            [changedAt, before] = [at, isWarned];
          }
        }
      },
    ),
  );
});
