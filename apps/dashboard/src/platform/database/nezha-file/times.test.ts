import fc from "fast-check";
import { expect, test } from "vitest";
import { readOptionalTime, readTime, timeOf, writeTime, zeroTime } from "../index.ts";

test.each([
  ["2026-05-18 11:58:03.120934+02:00", "2026-05-18T11:58:03.120934+02:00", "2026-05-18T09:58:03.120Z"],
  ["2026-11-23 16:54:56.793904794+08:00", "2026-11-23T16:54:56.793904794+08:00", "2026-11-23T08:54:56.793Z"],
  ["2025-01-02 00:07:11.5+00:00", "2025-01-02T00:07:11.5Z", "2025-01-02T00:07:11.500Z"],
  ["2025-01-02 00:07:11-03:30", "2025-01-02T00:07:11-03:30", "2025-01-02T03:37:11.000Z"],
  ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000Z"],
  ["2024-01-02 03:04:05", "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000Z"],
  ["2024-01-02 03:04", "2024-01-02T03:04:00Z", "2024-01-02T03:04:00.000Z"],
  ["2024-01-02", "2024-01-02T00:00:00Z", "2024-01-02T00:00:00.000Z"],
  [1_700_000_000, "2023-11-14T22:13:20Z", "2023-11-14T22:13:20.000Z"],
])("%j is shown as %s", (stored, shown, moment) => {
  expect(readTime(stored)).toEqual({ rfc3339: shown, epochMs: Date.parse(moment) });
});

test.each([
  null,
  undefined,
  "",
  "yesterday",
  "0001-01-01 00:00:00+00:00",
  "0001-01-01 08:05:43+08:05",
  "2024-02-30",
  "2024-13-01 00:00:00",
  "2024-01-01 24:00:00",
  "2024-01-01 00:00:00+99:00",
  new Uint8Array(3),
])("%j is the zero time", (stored) => {
  expect(readTime(stored)).toEqual(zeroTime);
});

test("NULL means nothing only where it may", () => {
  expect(readOptionalTime(null)).toBeNull();
  expect(readOptionalTime("")).toEqual(zeroTime);
});

test("what is written is read back, in the layout of the reference", () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1971, 0), max: Date.UTC(2200, 0) }), (epochMs) => {
      const text = writeTime(epochMs);
      expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{0,2}[1-9])?[+-]\d\d:\d\d$/);
      expect(readTime(text)).toEqual(timeOf(epochMs));
      expect(readTime(text).epochMs).toBe(epochMs);
    }),
  );
});

test("no time is written as the zero time", () => {
  expect(writeTime(0)).toBe("0001-01-01 00:00:00+00:00");
  expect(timeOf(0)).toEqual(zeroTime);
});
