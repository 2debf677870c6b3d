import { expect, test } from "vitest";
import { bytesOfGib } from "./correction-values.ts";

test.each([
  ["", 0],
  ["1", 2 ** 30],
  ["-0,5", -(2 ** 29)],
  ["−2", -(2 ** 31)],
  ["1.5 GB", undefined],
  ["1e3", undefined],
  ["99999999999", undefined],
])("%s GiB are %s bytes", (written, bytes) => {
  expect(bytesOfGib(written)).toBe(bytes);
});
