import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeStatusMessage, encodeStatusMessage, parseTimeout } from "./status.ts";

test.each([
  ["plain text stays", 'unknown method "x"', 'unknown method "x"'],
  ["percent signs", "100%", "100%25"],
  ["line breaks", "a\nb", "a%0Ab"],
  ["Chinese", "客户端", "%E5%AE%A2%E6%88%B7%E7%AB%AF"],
])("encodes messages: %s", (_, text, encoded) => {
  expect(encodeStatusMessage(text)).toBe(encoded);
  expect(decodeStatusMessage(encoded)).toBe(text);
});

test("reads what is no proper encoding as it stands", () => {
  expect(decodeStatusMessage("50% of %zz%")).toBe("50% of %zz%");
});

test("every text survives", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(decodeStatusMessage(encodeStatusMessage(text))).toBe(text);
    }),
  );
});

test.each([
  ["10S", 10_000],
  ["9998m", 9_998],
  ["1H", 3_600_000],
  ["2M", 120_000],
  ["1500u", 1.5],
  ["1000000n", 1],
  ["99999999H", 359_999_996_400_000],
  ["0m", 0],
])("timeout %s", (header, milliseconds) => {
  expect(parseTimeout(header)).toBeCloseTo(milliseconds, 6);
});

test.each(["", "10", "S", "-1S", "123456789S", "1s", "1.5S"])("%j is no timeout", (header) => {
  expect(parseTimeout(header)).toBeUndefined();
});
