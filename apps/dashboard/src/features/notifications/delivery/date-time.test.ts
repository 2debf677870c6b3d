import { expect, test } from "vitest";
import { createDateTimeFormat } from "./date-time.ts";

const WINTER = Date.UTC(2026, 0, 15, 12, 0, 0, 120);
const SUMMER = Date.UTC(2026, 7, 17, 3, 55, 3, 120);

test.each([
  ["Asia/Shanghai", SUMMER, "2026-08-17 11:55:03.12 +0800 CST"],
  ["UTC", WINTER, "2026-01-15 12:00:00.12 +0000 UTC"],
  ["Europe/London", SUMMER, "2026-08-17 04:55:03.12 +0100 BST"],
  ["Europe/Berlin", WINTER, "2026-01-15 13:00:00.12 +0100 CET"],
  ["Europe/Berlin", SUMMER, "2026-08-17 05:55:03.12 +0200 CEST"],
  ["America/St_Johns", WINTER, "2026-01-15 08:30:00.12 -0330 NST"],
  ["Australia/Sydney", WINTER, "2026-01-15 23:00:00.12 +1100 AEDT"],
  ["Asia/Kolkata", WINTER, "2026-01-15 17:30:00.12 +0530 IST"],
  ["Asia/Tokyo", WINTER, "2026-01-15 21:00:00.12 +0900 JST"],
  ["Asia/Jerusalem", SUMMER, "2026-08-17 06:55:03.12 +0300 IDT"],
  ["Asia/Kathmandu", WINTER, "2026-01-15 17:45:00.12 +0545 +0545"],
  ["Asia/Tashkent", WINTER, "2026-01-15 17:00:00.12 +0500 +05"],
])("moments of %s end in the abbreviation that its clocks go by", (zone, ms, text) => {
  expect(createDateTimeFormat(zone)(ms)).toBe(text);
});
