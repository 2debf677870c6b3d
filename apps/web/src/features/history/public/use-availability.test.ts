import type { ServerAvailability } from "@windfire/api";
import { expect, test } from "vitest";
import { daysOf, offlineBands } from "./use-availability.ts";

test("what lasts ends now; what has no beginning is none", () => {
  const offline = [{ from: "2026-06-15T12:00:00Z" }, { from: "2026-06-14T12:00:00Z", to: "2026-06-14T12:05:00Z" }, { from: "x" }];
  const at = (text: string) => Date.parse(text);
  expect(offlineBands({ offline } as unknown as ServerAvailability, 7)).toEqual([
    { from: at("2026-06-15T12:00:00Z"), to: 7 },
    { from: at("2026-06-14T12:00:00Z"), to: at("2026-06-14T12:05:00Z") },
  ]);
  expect(offlineBands(undefined, 7)).toEqual([]);
});

test.each([
  ["live", "1"],
  ["24h", "1"],
  ["7d", "7"],
  ["30d", "30"],
] as const)("%s asks for %s days", (range, days) => {
  expect(daysOf(range)).toBe(days);
});
