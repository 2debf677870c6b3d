import fc from "fast-check";
import { expect, test } from "vitest";
import { createBudgetShare, createByteBudget } from "./byte-budget.ts";

test("bytes are held until they are given back, and no more than the limit", () => {
  const budget = createByteBudget(10);
  expect(budget.take(6)).toBe(true);
  expect(budget.take(5)).toBe(false);
  expect(budget.take(4)).toBe(true);
  budget.give(6);
  expect(budget).toMatchObject({ used: 4, refused: 1 });
});

test("a part never takes what the whole has not, and leaves the rest to others", () => {
  const whole = createByteBudget(10);
  const part = createByteBudget(4, whole);
  expect(part.take(5)).toBe(false);
  expect(whole.used).toBe(0);
  expect(part.take(4)).toBe(true);
  expect(whole.take(6)).toBe(true);
  part.give(4);
  expect(whole.used).toBe(6);
  expect(whole.take(4)).toBe(true);
  expect(part.take(1)).toBe(false);
});

test("whatever the holders do, the budget holds the sum of their levels", () => {
  const step = fc.record({ who: fc.nat({ max: 3 }), bytes: fc.nat({ max: 60 }) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const budget = createByteBudget(100);
      const holders = [0, 1, 2, 3].map(() => ({ share: createBudgetShare(budget), held: 0 }));
      for (const { who, bytes } of steps) {
        const holder = holders[who];
        if (holder?.share.hold(bytes)) holder.held = bytes;
        expect(budget.used).toBe(holders.reduce((sum, { held }) => sum + held, 0));
        expect(budget.used).toBeLessThanOrEqual(100);
      }
    }),
  );
});
