import { expect, test } from "vitest";
import { clashingFields, only, without } from "./clash.ts";

const stored = { name: "a", rules: [1], on: true };

test("a field that only the draft changed, or that both changed to the same, is no clash", () => {
  expect(clashingFields({ name: "a" }, stored, { ...stored, name: "mine" })).toEqual([]);
  expect(clashingFields({ name: "before" }, stored, { ...stored, name: "a" })).toEqual([]);
  expect(clashingFields({}, stored, stored)).toEqual([]);
});

test("a field that was changed here and elsewhere is one, by value", () => {
  expect(clashingFields({ rules: [0] }, stored, { ...stored, rules: [2] })).toEqual(["rules"]);
  expect(clashingFields({ rules: [1] }, stored, { ...stored, rules: [2] })).toEqual([]);
});

test("fields are taken out and picked", () => {
  expect(without({ name: "a", on: false }, ["name"])).toEqual({ on: false });
  expect(only(stored, ["on"])).toEqual({ on: true });
});
