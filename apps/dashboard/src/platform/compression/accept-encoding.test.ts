import { expect, test } from "vitest";
import { chosenCoding } from "./accept-encoding.ts";

test.each<[string, "br" | "gzip" | undefined]>([
  ["", undefined],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip", "gzip"],
  ["GZIP", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", undefined],
  ["*", "br"],
  ["*;q=0", undefined],
  ["gzip, *;q=0", "gzip"],
  ["br;q=0, *", "gzip"],
  ["br;q=0.2, gzip;q=0.8", "gzip"],
  ["br;q=0.5;x=y, gzip ; q=0.5", "br"],
  ["br;q=0, gzip;q=0.0", undefined],
  ["br;q=nonsense, gzip;q=0.1", "gzip"],
  ["br;q=2", undefined],
  ["identity, gzip;q=0.5", undefined],
  ["identity;q=0.5, gzip;q=0.5", "gzip"],
  ["identity;q=0, gzip;q=0.001", "gzip"],
])("%j wants %s", (header, coding) => {
  expect(chosenCoding(header)).toBe(coding);
});

test("a coding that is not offered is not chosen", () => {
  expect(chosenCoding("br, gzip;q=0.5", ["gzip"])).toBe("gzip");
  expect(chosenCoding("br", ["gzip"])).toBeUndefined();
});
