import { expect, test } from "vitest";
import { actionOf } from "./keys.ts";
import type { KeyPress } from "./keys.ts";

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrl: false,
  alt: false,
  place: "page",
  ...more,
});

test("Ctrl K opens the palette everywhere", () => {
  expect(actionOf(press("k", { ctrl: true, place: "writing" }), undefined, false)).toEqual({ kind: "palette" });
});

test("g and a letter goes to a page", () => {
  expect(actionOf(press("g"), undefined, true)).toEqual({ kind: "prefix" });
  expect(actionOf(press("s"), "g", true)).toEqual({ kind: "go", to: "/servers" });
  expect(actionOf(press("x"), "g", true)).toBeUndefined();
  expect(actionOf(press("s"), undefined, true)).toBeUndefined();
});

test.each([
  [press("/", { place: "writing" }), true],
  [press("/", { ctrl: true }), true],
  [press("/"), false],
] as const)("%j does nothing (switched on: %s)", (key, single) => {
  expect(actionOf(key, undefined, single)).toBeUndefined();
});

test("/ goes to the search", () => {
  expect(actionOf(press("/"), undefined, true)).toEqual({ kind: "search" });
});

test("letters step through rows, and through what a drawer shows; the others act on a row of the page alone", () => {
  expect(actionOf(press("j"), undefined, true)).toEqual({ kind: "step", by: 1 });
  expect(actionOf(press("k", { place: "dialog" }), undefined, true)).toEqual({ kind: "step", by: -1 });
  expect(actionOf(press("X"), undefined, true)).toEqual({ kind: "select", range: true });
  for (const key of ["x", "X", "e", ".", "b", "?", "/", "g"])
    expect(actionOf(press(key, { place: "dialog" }), undefined, true)).toBeUndefined();
  for (const key of ["j", "x", "?"]) expect(actionOf(press(key, { place: "writing" }), undefined, true)).toBeUndefined();
});

test("? lists the keys", () => {
  expect(actionOf(press("?"), undefined, true)).toEqual({ kind: "help" });
});
