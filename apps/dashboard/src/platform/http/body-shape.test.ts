import { DecimalLiteral } from "@windfire/api";
import { expect, test } from "vitest";
import { z } from "zod";
import { fitToShape, shapeOf } from "./body-shape.ts";

const schema = z.object({
  name: z.string().default(""),
  ignoreList: z.record(z.string(), z.boolean()).optional(),
  rules: z.array(z.object({ type: z.string(), cycle_unit: z.string().optional() })).default([]),
});
const fit = (value: unknown) => fitToShape(value, shapeOf(schema));

test("keys match without regard to case, unknown keys and nulls go", () => {
  expect(fit({ NAME: "a", other: 1, rules: null })).toEqual({ name: "a" });
});

test("the last of several spellings counts, an exact one is no exception", () => {
  expect(fit({ name: "a", Name: "b" })).toEqual({ name: "b" });
});

test("keys are matched inside lists; keys of maps are data", () => {
  expect(fit({ Rules: [{ TYPE: "cpu", Cycle_Unit: "day", x: 1 }], ignorelist: { Abc: true } })).toEqual({
    rules: [{ type: "cpu", cycle_unit: "day" }],
    ignoreList: { Abc: true },
  });
});

test("a null stays where it says something else than leaving the field out", () => {
  const shape = shapeOf(
    z.object({ through: z.object({ id: z.number() }).nullable().optional(), list: z.array(z.number()).nullable().default(null) }),
  );
  expect(fitToShape({ Through: null, list: null }, shape)).toEqual({ through: null });
  expect(fitToShape({ through: { ID: 1 } }, shape)).toEqual({ through: { id: 1 } });
});

test("values for somebody else to look at are plain numbers, however they were written", () => {
  const shape = shapeOf(z.object({ settings: z.record(z.string(), z.unknown()) }));
  const settings = { port: new DecimalLiteral(587), list: [new DecimalLiteral(0.5)], to: "a" };
  expect(fitToShape({ settings }, shape)).toEqual({ settings: { port: 587, list: [0.5], to: "a" } });
});

test("a null body is an empty object or list", () => {
  expect(fit(null)).toEqual({});
  expect(fitToShape(null, shapeOf(z.array(z.number())))).toEqual([]);
});

test("values of another kind are left for the schema to refuse", () => {
  expect(fit("text")).toBe("text");
  expect(fit({ rules: { a: 1 } })).toEqual({ rules: { a: 1 } });
});

test("prototype keys never reach an object", () => {
  const fitted = fit(JSON.parse('{"__proto__":{"polluted":true},"name":"x"}')) as object;
  expect(Object.getPrototypeOf(fitted)).toBe(Object.prototype);
  expect("polluted" in fitted).toBe(false);
});

test("a list or map with too many entries is refused by name before anything is made of them", () => {
  const many = Array.from({ length: 10_001 }, () => ({ type: "cpu" }));
  expect(() => fit({ Rules: many })).toThrow("rules: must have at most 10000 entries");
  expect(() => fit({ ignoreList: Object.fromEntries(many.map((_, index) => [`k${index}`, true])) })).toThrow(
    "ignoreList: must have at most 10000 entries",
  );
  expect(() => fitToShape([...many], shapeOf(z.array(z.number())))).toThrow(/^must have at most 10000 entries$/);
  expect(fit({ rules: many.slice(1) })).toMatchObject({ rules: { length: 10_000 } });
});
