import { expect, test } from "vitest";
import { createWallClock } from "./wall-clock.ts";

test.each([
  ["UTC", "2026-08-03T14:00", "2026-08-03T14:00:00Z"],
  ["Europe/Berlin", "2026-08-03T14:00", "2026-08-03T12:00:00Z"],
  ["Europe/Berlin", "2026-01-03T00:00", "2026-01-02T23:00:00Z"],
  ["Asia/Kathmandu", "2026-01-01T05:45", "2026-01-01T00:00:00Z"],
  ["America/New_York", "2026-03-08T03:00", "2026-03-08T07:00:00Z"],
  ["Pacific/Kiritimati", "2026-01-01T00:00", "2025-12-31T10:00:00Z"],
  ["Pacific/Pago_Pago", "2025-12-31T23:59", "2026-01-01T10:59:00Z"],
])("in %s, %s is %s", (zone, text, moment) => {
  const clock = createWallClock(zone);
  expect(clock.read(text)).toBe(Date.parse(moment));
  expect(clock.write(Date.parse(moment))).toBe(text);
});

test("every minute around both clock changes is found again, save the hour that comes twice", () => {
  const clock = createWallClock("Europe/Berlin");
  for (const change of ["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"].map(Date.parse)) {
    for (let at = change - 4 * 3_600_000; at < change + 4 * 3_600_000; at += 15 * 60_000) {
      const found = clock.read(clock.write(at));
      expect(clock.write(found)).toBe(clock.write(at));
      expect([0, 3_600_000]).toContain(Math.abs(found - at));
    }
  }
});

test("an hour that a clock change leaves out is the one after it", () => {
  expect(createWallClock("Europe/Berlin").read("2026-03-29T02:30")).toBe(Date.parse("2026-03-29T01:30:00Z"));
  expect(createWallClock("America/New_York").read("2026-03-08T02:30")).toBe(Date.parse("2026-03-08T07:30:00Z"));
});

test("a date alone is its beginning; what is no time is none", () => {
  const clock = createWallClock("Europe/Berlin");
  expect(clock.read("2026-08-03")).toBe(Date.parse("2026-08-02T22:00:00Z"));
  for (const text of ["", "soon", "2026-13-40T00:00", "2026-08-03T14"]) expect(clock.read(text)).toBeNaN();
  expect(clock.write(Number.NaN)).toBe("");
});
