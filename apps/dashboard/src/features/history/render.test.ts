import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii, createJsonText } from "./render.ts";

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((value) => value / 100),
  fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((value) => value / 1000),
);

test("numbers are written as JSON writes them", () => {
  const json = createJsonText();
  fc.assert(
    fc.property(number, (value) => {
      json.number(value);
      expect(json.take()).toBe(JSON.stringify(value));
    }),
    { numRuns: 2_000 },
  );
});

test("a long text grows the buffer", () => {
  const json = createJsonText();
  json.text(ascii("["));
  for (let index = 0; index < 5_000; index++) {
    if (index > 0) json.text(ascii(","));
    json.number(1_760_000_010_000 + index);
  }
  json.text(ascii("]"));
  expect(JSON.parse(json.take())).toEqual(Array.from({ length: 5_000 }, (_, index) => 1_760_000_010_000 + index));
});
