import { planFamilies } from "@windfire/tsdb";
import { expect, test } from "vitest";
import { FAMILIES, PROBE_FAMILY } from "../columns.ts";
import { differentRows } from "./compare.ts";

const plan = planFamilies(FAMILIES).find(({ family }) => family.name === PROBE_FAMILY);
if (plan === undefined) throw new Error("there are no probes");
const row = (slot: number, delay: number) => ({ group: { key: 1 }, slot, count: 2, values: [delay, 1, 0, 0, Number.NaN] });
/** Values of the columns as they are kept, at a place in their half minute. */
const kept = (at: number, ...values: number[]) => values.map((value) => new Map(Number.isNaN(value) ? [] : [[at, value]]));

test("a row is the same where all its figures are, rounded as they are kept", () => {
  expect(differentRows(plan, [row(3, 1.234_56)], kept(90_200, 1.23, 1, 0, 0, Number.NaN))).toBe(0);
});

test.each([
  ["a figure is another one", kept(90_200, 1.24, 1, 0, 0, Number.NaN)],
  ["a figure is missing", kept(90_200, 1.23, 1, 0, Number.NaN, Number.NaN)],
  ["there is one more", kept(90_200, 1.23, 1, 0, 0, 7)],
  ["nothing is there", kept(60_200, 1.23, 1, 0, 0, Number.NaN)],
])("it is another one where %s", (_what, stored) => {
  expect(differentRows(plan, [row(3, 1.23)], stored)).toBe(1);
});

test("what somebody else wrote of the half minute stands for it", () => {
  expect(differentRows(plan, [row(3, 1.23)], kept(90_507, 9, 1, 0, 0, Number.NaN))).toBe(0);
});
