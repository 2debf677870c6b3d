import { expect, test } from "vitest";
import { createHours } from "./hour.ts";

test.each([
  ["UTC", "2026-03-10T13:59:59.999Z", "2026-03-10T13:00:00Z"],
  ["UTC", "2026-03-10T13:00:00.000Z", "2026-03-10T13:00:00Z"],
  ["Asia/Shanghai", "2026-03-10T13:30:00Z", "2026-03-10T13:00:00Z"],
  ["Asia/Kolkata", "2026-03-10T13:30:00.500Z", "2026-03-10T13:30:00Z"],
  ["Asia/Kolkata", "2026-03-10T13:29:59Z", "2026-03-10T12:30:00Z"],
  ["Asia/Kathmandu", "2026-03-10T13:20:00Z", "2026-03-10T13:15:00Z"],
  ["Asia/Kathmandu", "2026-03-10T13:10:00Z", "2026-03-10T12:15:00Z"],
  ["America/St_Johns", "2026-03-10T13:10:00Z", "2026-03-10T12:30:00Z"],
  ["Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z"],
])("in %s the hour of %s began at %s", (zone, instant, start) => {
  expect(new Date(createHours(zone)(Date.parse(instant))).toISOString()).toBe(new Date(start).toISOString());
});
