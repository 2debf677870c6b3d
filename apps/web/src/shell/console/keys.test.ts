import { expect, test } from "vitest";
import { actionOf } from "./keys.ts";

const press = (key: string, more: { ctrl?: boolean; alt?: boolean; writing?: boolean } = {}) => ({
  key,
  ctrl: false,
  alt: false,
  writing: false,
  ...more,
});

test("Ctrl K opens the palette everywhere", () => {
  expect(actionOf(press("k", { ctrl: true, writing: true }), undefined, false)).toEqual({ kind: "palette" });
});

test("g and a letter goes to a page", () => {
  expect(actionOf(press("g"), undefined, true)).toEqual({ kind: "prefix" });
  expect(actionOf(press("s"), "g", true)).toEqual({ kind: "go", to: "/servers" });
  expect(actionOf(press("x"), "g", true)).toBeUndefined();
  expect(actionOf(press("s"), undefined, true)).toBeUndefined();
});

test.each([
  [press("/", { writing: true }), true],
  [press("/", { ctrl: true }), true],
  [press("/"), false],
] as const)("%j does nothing (switched on: %s)", (key, single) => {
  expect(actionOf(key, undefined, single)).toBeUndefined();
});

test("/ goes to the search", () => {
  expect(actionOf(press("/"), undefined, true)).toEqual({ kind: "search" });
});
