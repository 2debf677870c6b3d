import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { randomText } from "./random-text.ts";

test("is as long as asked for, over letters and digits", () => {
  fc.assert(fc.property(fc.nat({ max: 200 }), (length) => new RegExp(`^[0-9A-Za-z]{${length}}$`).test(randomText(randomBytes, length))));
});

test("bytes that would favour some letters are drawn again", () => {
  const drawn = [255, 248, 0, 61, 247];
  expect(randomText((size) => Uint8Array.from({ length: size }, () => drawn.shift() ?? 10), 4)).toBe("0zzA");
});
