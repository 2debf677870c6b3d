import { expect, test } from "vitest";
import { conditionJson, plainInstant, readConditions } from "./condition-json.ts";

test.each([
  ["2026-01-01T00:00:00+08:00", "2026-01-01T00:00:00+08:00"],
  ["2026-01-01T00:00:00.500Z", "2026-01-01T00:00:00.5Z"],
  ["2026-01-01T00:00:00.000-03:30", "2026-01-01T00:00:00-03:30"],
  ["2026-01-01T00:00:00.1234567891Z", "2026-01-01T00:00:00.123456789Z"],
  ["2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00Z"],
])("%s is written as %s", (text, plain) => {
  expect(plainInstant(text)).toBe(plain);
});

test("what the reference stored is read and written back as it was", () => {
  const stored = [
    {
      type: "transfer_all_cycle",
      max: 1,
      cycle_start: "2026-02-01T00:00:00.5Z",
      cycle_interval: 50,
      cycle_unit: "Year",
      cover: 1,
      ignore: { "1": true, "6": false },
    },
    { type: "swap", min: 0.5, max: 80, duration: 30, cover: 0 },
  ];
  expect(readConditions(stored)?.map(conditionJson)).toEqual(stored);
});

test.each([
  [null, null],
  ["x", null],
  [[null, 3, []], []],
  [[{ type: 5, max: "a", ignore: { x: true, "1": 1, "2": true }, cycle_start: "never" }], [{ type: "5", cover: 0, ignore: { "2": true } }]],
])("of %j the readable part is kept", (stored, shown) => {
  expect(readConditions(stored)?.map(conditionJson) ?? null).toEqual(shown);
});
