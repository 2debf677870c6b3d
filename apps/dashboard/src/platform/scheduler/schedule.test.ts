import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { parseSchedule } from "./schedule.ts";

function nextRuns(expression: string, zone: string, from: string, count: number): string[] {
  const parsed = parseSchedule(expression, zone);
  if ("error" in parsed) throw new Error(parsed.error);
  const runs: string[] = [];
  let moment: number | undefined = Date.parse(from);
  while (runs.length < count) {
    moment = parsed.schedule.next(moment);
    if (moment === undefined) break;
    runs.push(new Date(moment).toISOString().replace(".000", ""));
  }
  return runs;
}

test.each([
  ["0 0 3 * * *", "UTC", "2026-05-18T03:00:00Z", ["2026-05-19T03:00:00Z", "2026-05-20T03:00:00Z"]],
  ["0 0 3 * * *", "Asia/Shanghai", "2026-05-18T03:00:00Z", ["2026-05-18T19:00:00Z"]],
  ["*/20 * * * * *", "UTC", "2026-05-18T03:00:41Z", ["2026-05-18T03:01:00Z", "2026-05-18T03:01:20Z"]],
  ["0 5/20 * * * ?", "UTC", "2026-05-18T03:00:00Z", ["2026-05-18T03:05:00Z", "2026-05-18T03:25:00Z", "2026-05-18T03:45:00Z"]],
  ["0 0 0 1,15 * *", "UTC", "2026-05-18T00:00:00Z", ["2026-06-01T00:00:00Z", "2026-06-15T00:00:00Z"]],
  ["0 0 0 * jan-Mar/2 MON", "UTC", "2026-01-26T00:00:00Z", ["2026-03-02T00:00:00Z"]],
  ["@weekly", "UTC", "2026-05-18T00:00:00Z", ["2026-05-24T00:00:00Z"]],
  ["@yearly", "UTC", "2026-05-18T00:00:00Z", ["2027-01-01T00:00:00Z"]],
  ["TZ=America/New_York 0 30 6 * * *", "Asia/Shanghai", "2026-05-18T00:00:00Z", ["2026-05-18T10:30:00Z"]],
  ["CRON_TZ=Asia/Tokyo @daily", "UTC", "2026-05-18T00:00:00Z", ["2026-05-18T15:00:00Z"]],
  ["@every 1m30.9s", "UTC", "2026-05-18T00:00:00.700Z", ["2026-05-18T00:01:30Z", "2026-05-18T00:03:00Z"]],
  ["@every 10ms", "UTC", "2026-05-18T00:00:00Z", ["2026-05-18T00:00:01Z"]],
])("%s in %s", (expression, zone, from, runs) => {
  expect(nextRuns(expression, zone, from, runs.length)).toEqual(runs);
});

test("both day fields restricted: either counts; one of them a star: the other decides", () => {
  expect(nextRuns("0 0 0 13 * 5", "UTC", "2026-02-01T00:00:00Z", 3)).toEqual([
    "2026-02-06T00:00:00Z",
    "2026-02-13T00:00:00Z",
    "2026-02-20T00:00:00Z",
  ]);
  expect(nextRuns("0 0 0 13 * */1", "UTC", "2026-02-01T00:00:00Z", 2)).toEqual(["2026-02-13T00:00:00Z", "2026-03-13T00:00:00Z"]);
  expect(nextRuns("0 0 0 */30 * 1", "UTC", "2026-02-01T00:00:00Z", 2)).toEqual(["2026-02-02T00:00:00Z", "2026-02-09T00:00:00Z"]);
});

test("a time that a clock change leaves out does not take place; the days around it do", () => {
  expect(nextRuns("0 30 2 * * *", "Europe/Berlin", "2026-03-27T12:00:00Z", 3)).toEqual([
    "2026-03-28T01:30:00Z",
    "2026-03-30T00:30:00Z",
    "2026-03-31T00:30:00Z",
  ]);
});

test("a date that never comes never fires", () => {
  expect(nextRuns("0 0 0 30 2 *", "UTC", "2026-01-01T00:00:00Z", 1)).toEqual([]);
});

test.each([
  ["", "empty spec string"],
  ["0 3 * * *", "expected exactly 6 fields, found 5: [0 3 * * *]"],
  ["0 0 3 * * * *", "expected exactly 6 fields, found 7: [0 0 3 * * * *]"],
  ["60 * * * * *", "end of range (60) above maximum (59): 60"],
  ["0 0 0 0 * *", "beginning of range (0) below minimum (1): 0"],
  ["0 0 0 * * 7", "end of range (7) above maximum (6): 7"],
  ["0 0 9-3 * * *", "beginning of range (9) beyond end of range (3): 9-3"],
  ["*/0 * * * * *", "step of range should be a positive number: */0"],
  ["1-2-3 * * * * *", "too many hyphens: 1-2-3"],
  ["1/2/3 * * * * *", "too many slashes: 1/2/3"],
  ["x * * * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ["0 0 0 L * *", 'failed to parse int from L: strconv.Atoi: parsing "L": invalid syntax'],
  ["@x", "unrecognized descriptor: @x"],
  ["@toString", "unrecognized descriptor: @toString"],
  ["@every x", 'failed to parse duration @every x: time: invalid duration "x"'],
  ["@every 5", 'failed to parse duration @every 5: time: missing unit in duration "5"'],
  ["@every 1d", 'failed to parse duration @every 1d: time: unknown unit "d" in duration "1d"'],
  ["TZ=Mars/Base 0 0 3 * * *", "provided bad location Mars/Base: unknown time zone Mars/Base"],
  ["TZ=UTC", "expected exactly 6 fields, found 0: []"],
])("%j is refused", (expression, error) => {
  expect(parseSchedule(expression, "UTC")).toEqual({ error });
});

test("random texts are refused or understood, never more", () => {
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom("*", "?", "/", "-", ",", " ", "0", "5", "31", "mon", "TZ=", "@every ", "1h"), { maxLength: 20 })
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (expression) => {
      const parsed = parseSchedule(expression, "UTC");
      if ("error" in parsed) expect(parsed.error).not.toBe("");
      else expect(parsed.schedule.next(0) ?? 1).toBeGreaterThan(0);
    }),
  );
});

test("the next run is the first matching second", () => {
  const field = (max: number, min = 0) => fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 });
  const start = Date.parse("2026-05-18T00:00:00Z");
  fc.assert(
    fc.property(field(59), field(59), field(3), fc.integer({ min: 0, max: 10_000 }), (seconds, minutes, hours, offset) => {
      const parsed = parseSchedule(`${seconds.join(",")} ${minutes.join(",")} ${hours.join(",")} * * *`, "UTC");
      if ("error" in parsed) throw new Error(parsed.error);
      const after = start + offset * 1_000;
      let expected = after + 1_000;
      const matches = (ms: number): boolean => {
        const date = new Date(ms);
        return seconds.includes(date.getUTCSeconds()) && minutes.includes(date.getUTCMinutes()) && hours.includes(date.getUTCHours());
      };
      while (!matches(expected)) expected += 1_000;
      expect(parsed.schedule.next(after)).toBe(expected);
    }),
    { numRuns: 50 },
  );
});

test("where clocks show an hour twice, a time of day comes up once and what is often comes up in both", () => {
  expect(nextRuns("0 30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2)).toEqual(["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
  expect(nextRuns("0 */30 * * * *", "Europe/Berlin", "2026-10-25T00:10:00Z", 4)).toEqual([
    "2026-10-25T00:30:00Z",
    "2026-10-25T01:00:00Z",
    "2026-10-25T01:30:00Z",
    "2026-10-25T02:00:00Z",
  ]);
});

test("Intl, which is dear to use for the first time, is used near changes of clocks alone", () => {
  const made = vi.spyOn(Intl, "DateTimeFormat");
  try {
    nextRuns("0 30 3 * * *", "Europe/Vilnius", "2026-01-01T00:00:00Z", 60);
    nextRuns("@weekly", "Asia/Seoul", "2026-01-01T00:00:00Z", 60);
    expect(made).not.toHaveBeenCalled();
    nextRuns("0 30 3 * * *", "Europe/Vilnius", "2026-03-28T12:00:00Z", 1);
    expect(made).toHaveBeenCalled();
  } finally {
    made.mockRestore();
  }
});
