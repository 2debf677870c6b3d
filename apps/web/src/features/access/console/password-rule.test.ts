import { expect, test } from "vitest";
import { fitsLength, strengthOf } from "./password-rule.ts";

test.each([
  ["", "weak"],
  ["secret", "weak"],
  ["aaaaaaaaaaaaaaaaaaaaaaaa", "weak"],
  ["12345678", "weak"],
  ["sunflower42", "fair"],
  ["Vb7#kd92!x", "fair"],
  ["correct horse battery staple", "good"],
  ["Vb7#kd92!xQz4", "good"],
])("%j is %s", (password, strength) => {
  expect(strengthOf(password)).toBe(strength);
});

test("lengths count in bytes", () => {
  expect(["12345", "123456", "ééé", "x".repeat(72), "x".repeat(73), "é".repeat(37)].map(fitsLength)).toEqual([
    false,
    true,
    true,
    true,
    false,
    false,
  ]);
});
