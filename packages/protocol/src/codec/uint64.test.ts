import fc from "fast-check";
import { expect, test } from "vitest";
import { minus, plus, uint64Of } from "./uint64.ts";

const MOST = 2n ** 64n - 1n;
const near = (edge: bigint) => fc.bigInt({ min: -5n, max: 5n }).map((step) => edge + step);
const value = fc
  .oneof(fc.bigInt({ min: 0n, max: MOST }), near(2n ** 53n), fc.bigInt({ min: 0n, max: 5n }))
  .filter((big) => big >= 0n && big <= MOST);

test("sums and differences have every digit, and one form", () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      const sum = a + b;
      expect(plus(uint64Of(a), uint64Of(b))).toBe(uint64Of(sum > MOST ? MOST : sum));
      expect(minus(uint64Of(a), uint64Of(b))).toBe(uint64Of(a > b ? a - b : 0n));
    }),
  );
});

test.each([-1n, 2n ** 64n])("%d is no unsigned 64-bit integer", (big) => {
  expect(() => uint64Of(big)).toThrow(RangeError);
});
