import fc from "fast-check";
import { expect, test } from "vitest";
import { cutBytes } from "./index.ts";

test.each([
  ["abc", 3, "abc"],
  ["abc", 2, "ab"],
  ["aü", 2, "a"],
  ["a😀b", 4, "a"],
  ["a😀b", 5, "a😀"],
  ["", 0, ""],
])("%j within %d bytes is %j", (text, bytes, cut) => {
  expect(cutBytes(text, bytes)).toBe(cut);
});

test("what is left is the text's beginning, within the bytes, and no shorter than a character needs", () => {
  const wellFormed = fc.string({ unit: "binary" }).filter((text) => !text.includes("\uFFFD"));
  fc.assert(
    fc.property(wellFormed, fc.nat(40), (text, bytes) => {
      const cut = cutBytes(text, bytes);
      expect(text.startsWith(cut)).toBe(true);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
      if (cut !== text) expect(Buffer.byteLength(cut)).toBeGreaterThan(bytes - 4);
    }),
  );
});
