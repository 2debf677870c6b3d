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
  expect(shown(JSON.stringify(stored))).toEqual(stored);
});

const broken = '[{"type":5,"max":"a","ignore":{"x":true},"cycle_start":"never","duration":1.5,"cover":-1,"min":3}]';
test.each<[unknown, unknown, string?]>([
  [null, null],
  ["", null],
  ["x", null],
  ['{"type":"cpu"}', null],
  ["null", null],
  ["[]", []],
  ['[null,3,[],"cpu"]', [null, null, null, null]],
  [broken, [{ type: "", min: 3, cover: 0 }], "type, max, cycle_start, duration, cover, ignore cannot be read"],
  ['[{"type":"cpu","max":1e999,"min":null}]', [{ type: "cpu", cover: 0 }]],
])("of %j the readable part is kept, and it is said what is not", (stored, kept, unreadable) => {
  expect(shown(stored)).toEqual(kept);
  expect(readConditions(stored)?.[0]?.unreadable).toBe(unreadable);
});

function shown(stored: unknown): unknown {
  return readConditions(stored)?.map((condition) => condition && conditionJson(condition)) ?? null;
}
