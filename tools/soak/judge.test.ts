import { expect, test } from "vitest";
import { growthPerHour, missingPoints } from "./judge.ts";
import { parseSoakOptions } from "./options.ts";

test("memory that grows by 1 MB a minute grows by 60 an hour, whatever it swings", () => {
  const looks = Array.from({ length: 600 }, (_none, index) => ({
    atSeconds: index,
    residentMb: 100 + index / 60 + (index % 2 === 0 ? 3 : -3),
  }));
  expect(growthPerHour(looks)).toBeCloseTo(60, 0);
  expect(growthPerHour(looks.slice(0, 1))).toBe(0);
});

test("half minutes without a point are missing, but for those that were not watched whole", () => {
  expect(missingPoints([30_000, 60_000, 120_000], 10_000, 170_000)).toBe(1);
  expect(missingPoints([30_000, 60_000, 90_000, 120_000], 10_000, 170_000)).toBe(0);
  expect(missingPoints([], 30_000, 59_999)).toBe(0);
});

test.each<[string[], unknown]>([
  [[], { minutes: 30, agents: 1_000 }],
  [["--minutes", "5"], { minutes: 5, agents: 1_000 }],
  [["--agents", "0"], "--agents needs a whole number from 1 to 20000"],
  [["--hours", "1"], "unknown argument --hours"],
])("%j", (args, options) => {
  expect(parseSoakOptions(args)).toEqual(options);
});
