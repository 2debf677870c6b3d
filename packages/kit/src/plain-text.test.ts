import { expect, test } from "vitest";
import { oneLine, plainText } from "./plain-text.ts";

test.each([
  ["web-1", "web-1", "web-1"],
  ["", "", ""],
  ["a\r\nb\rc\nd\u2028e", "a\nb\nc\nd\ne", "a b c d e"],
  ["a\tb", "a\tb", "a b"],
  ["\u001b[31mred\u0000\u0007", "[31mred", "[31mred"],
  ["a\u007f\u0085b", "ab", "ab"],
  ["invoice\u202egpj.exe", "invoicegpj.exe", "invoicegpj.exe"],
  ["\u2066x\u2069\u200e\u200f\u061c", "x", "x"],
  ["👩‍🚀 ñ 漢字 שלום", "👩‍🚀 ñ 漢字 שלום", "👩‍🚀 ñ 漢字 שלום"],
])("%j", (text, plain, line) => {
  expect(plainText(text)).toBe(plain);
  expect(oneLine(text)).toBe(line);
});
