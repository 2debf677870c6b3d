import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HEALTH } from "./engine.ts";
import { createVantages, judgeAgreement } from "./vantages.ts";
import type { Agreement } from "./vantages.ts";

const { unset, noData, good, down } = HEALTH;
const of = (over: Partial<Agreement>): Agreement => ({ answered: 0, down: 0, expected: 10, isComplete: true, before: good, ...over });

test.each([
  [{ count: 2 }, of({ answered: 10, down: 1 }), good],
  [{ count: 2 }, of({ answered: 10, down: 2 }), down],
  [{ count: 3 }, of({ answered: 2, down: 2 }), down],
  [{ count: 3 }, of({ answered: 2, down: 1 }), good],
  [{ percent: 50 }, of({ answered: 10, down: 4 }), good],
  [{ percent: 50 }, of({ answered: 10, down: 5 }), down],
  [{ percent: 50 }, of({ answered: 3, down: 1 }), good],
  [{ percent: 1 }, of({ answered: 10, down: 1 }), down],
  [{ percent: 100 }, of({ answered: 1, down: 1 }), down],
  [{ count: 1 }, of({ answered: 0 }), noData],
  // Not all have had the time to answer.
  [{ count: 2 }, of({ isComplete: false, answered: 1, down: 1, before: unset }), noData],
  [{ count: 2 }, of({ isComplete: false, answered: 2, down: 2, before: unset }), down],
  [{ percent: 50 }, of({ isComplete: false, answered: 1, down: 1, before: good }), good],
  [{ percent: 50 }, of({ isComplete: false, answered: 1, down: 0, before: down }), down],
  [{ percent: 50 }, of({ isComplete: false, answered: 5, down: 5, before: good }), down],
  [{ percent: 50 }, of({ isComplete: false, answered: 1, down: 0, before: unset }), good],
] as const)("%j of %j", (quorum, agreement, expected) => {
  expect(judgeAgreement(quorum, agreement)).toBe(expected);
});

describe("with any quorum", () => {
  const quorum = fc.oneof(fc.record({ count: fc.integer({ min: 1, max: 20 }) }), fc.record({ percent: fc.integer({ min: 1, max: 100 }) }));
  const answered = fc.integer({ min: 1, max: 20 });

  test("all that fail are down, none that fails is good, and one more that fails never heals", () => {
    fc.assert(
      fc.property(quorum, answered, (wanted, count) => {
        const judged = Array.from({ length: count + 1 }, (_, failed) => judgeAgreement(wanted, of({ answered: count, down: failed })));
        expect(judged[0]).toBe(good);
        expect(judged[count]).toBe(down);
        const first = judged.indexOf(down);
        expect(judged.slice(first).every((health) => health === down)).toBe(true);
      }),
    );
  });
});

test("who has not answered lately does not count; so many failures in a row are let pass", () => {
  const vantages = createVantages();
  expect([vantages.add(0, 1, false), vantages.add(10, 1, false), vantages.add(20, 2, true)]).toEqual([1, 2, 0]);
  expect(vantages.since(0, 0)).toEqual({ answered: 2, down: 1 });
  expect(vantages.since(0, 2)).toEqual({ answered: 2, down: 0 });
  expect(vantages.since(15, 0)).toEqual({ answered: 1, down: 0 });
  expect(vantages.add(30, 1, true)).toBe(0);
  vantages.forget(2);
  expect(vantages.snapshot()).toEqual([[1, 30, 0]]);
});

test("what was kept goes on, and the time to answer begins anew", () => {
  const vantages = createVantages([[1, 5, 3]]);
  expect(vantages.begin).toBe(Number.POSITIVE_INFINITY);
  expect(vantages.add(40, 1, false)).toBe(4);
  expect(vantages.begin).toBe(40);
});
