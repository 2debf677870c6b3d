import fc from "fast-check";
import { expect, test } from "vitest";
import type { z } from "zod";
import { DecimalLiteral, float32, float64, int64, shortFloat32, uint16, uint32, uint64, uint8 } from "./numbers.ts";

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

test.each([
  ["uint8", uint8, [0, 255], [-1, 256, 300]],
  ["uint16", uint16, [0, 65_535], [-1, 65_536]],
  ["uint32", uint32, [0, 4_294_967_295], [-1, 4_294_967_296]],
  ["uint64", uint64, [0, 2 ** 53, 2 ** 63, 2 ** 64 - 2048], [-1, 2 ** 64, Number.POSITIVE_INFINITY]],
  ["int64", int64, [0, -1, -(2 ** 63), 2 ** 63 - 1024], [2 ** 63, -(2 ** 64)]],
])("%s takes its range and nothing else", (_name, schema, inside, outside) => {
  for (const value of inside) expect(accepts(schema, value), String(value)).toBe(true);
  const never = [0.5, Number.NaN, "1", true, [1], {}, new DecimalLiteral(1), new DecimalLiteral(100)];
  for (const value of [...outside, ...never]) expect(accepts(schema, value), String(value)).toBe(false);
});

test("floats take decimal literals, exponents and integers", () => {
  for (const schema of [float32, float64]) {
    expect(schema.parse(new DecimalLiteral(1.5))).toBe(1.5);
    expect(schema.parse(7)).toBe(7);
    for (const value of ["1", true, [1], Number.NaN, new DecimalLiteral(Number.POSITIVE_INFINITY)]) {
      expect(accepts(schema, value), String(value)).toBe(false);
    }
  }
});

test("32-bit floats are rounded and bounded", () => {
  expect(float32.parse(new DecimalLiteral(33.333332))).toBe(Math.fround(33.333332));
  expect(accepts(float32, new DecimalLiteral(3.4028235e38))).toBe(false);
  expect(accepts(float32, new DecimalLiteral(1e40))).toBe(false);
  expect(accepts(float64, new DecimalLiteral(1e40))).toBe(true);
});

test("the short form of a 32-bit float", () => {
  expect(shortFloat32(Math.fround(33.333332))).toBe(33.333332);
  expect(shortFloat32(Math.fround(0.1))).toBe(0.1);
  expect(shortFloat32(500)).toBe(500);
  expect(shortFloat32(0)).toBe(0);
});

test("the short form is the same 32-bit float", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => Math.fround(shortFloat32(value)) === value || value === 0),
  );
});
