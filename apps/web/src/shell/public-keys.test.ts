import { expect, test } from "vitest";
import { publicKey, stepFrom } from "./public-keys.ts";
import type { PublicKeyPress } from "./public-keys.ts";

const press = (key: string, more: Partial<PublicKeyPress> = {}) => ({ key, ctrl: false, alt: false, writing: false, ...more });

test.each([
  [press("k", { ctrl: true, writing: true }), undefined, { kind: "palette" }],
  [press("K", { ctrl: true }), undefined, { kind: "palette" }],
  [press("?"), undefined, { kind: "list" }],
  [press("j"), undefined, { kind: "step", by: 1 }],
  [press("k"), undefined, { kind: "step", by: -1 }],
  [press("g"), undefined, { kind: "prefix" }],
  [press("h"), "g", { kind: "go", to: "/" }],
  [press("v"), "g", { kind: "go", to: "/service" }],
  [press("x"), "g", undefined],
  [press("v"), undefined, undefined],
  [press("?", { writing: true }), undefined, undefined],
  [press("j", { alt: true }), undefined, undefined],
] as const)("%j after %j is %j", (pressed, before, action) => {
  expect(publicKey(pressed, before, true)).toEqual(action);
});

test("letters alone can be switched off, the palette cannot", () => {
  expect(publicKey(press("j"), undefined, false)).toBeUndefined();
  expect(publicKey(press("?"), undefined, false)).toBeUndefined();
  expect(publicKey(press("k", { ctrl: true }), undefined, false)).toEqual({ kind: "palette" });
});

test("steps go along the links, and stop at the ends", () => {
  const links = ["a", "b", "c"];
  expect(stepFrom(links, undefined, 1)).toBe("a");
  expect(stepFrom(links, "a", 1)).toBe("b");
  expect(stepFrom(links, "c", 1)).toBeUndefined();
  expect(stepFrom(links, "a", -1)).toBeUndefined();
});
