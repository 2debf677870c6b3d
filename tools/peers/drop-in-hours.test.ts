import { expect, test } from "vitest";
import { cycleSumReason, isEarly } from "./drop-in-hours.ts";

test.each([
  ["FAIL open admin /service: .data.cycle_transfer_stats.9.transfer.1: wanted 5, got 3", true],
  ["FAIL open admin /service: .data.cycle_transfer_stats.9.max: wanted 5, got 3", false],
  ['FAIL open admin /service: .data.services.1.service_name: wanted "a", got "b"', false],
])("%s: the sum of a cycle: %s", (line, expected) => {
  expect(cycleSumReason(line) !== undefined).toBe(expected);
});

test.each([
  ["2026-11-30T00:30:00Z", true],
  ["2026-11-29T17:00:00Z", true],
  ["2026-11-30T09:02:00Z", false],
  ["2026-11-30T15:59:00Z", false],
])("recorded at 17:01 in Shanghai, %s is early: %s", (now, early) => {
  expect(isEarly("2026-11-23T17:01:15.666930+08:00", "Asia/Shanghai", Date.parse(now))).toBe(early);
});
