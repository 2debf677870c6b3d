import { expect, test } from "vitest";
import { isEarly, judgeCycleSums } from "./drop-in-hours.ts";

const output = `ok   open admin /cron
FAIL open admin /service: .data.cycle_transfer_stats.9.transfer.1: wanted 5, got 3
FAIL open admin /service: .data.services.1.service_name: wanted "a", got "b"
3 passed, 2 failed`;

test("sums of cycles are excused before the hour of the recording, and nothing else", () => {
  expect(judgeCycleSums(output, { passed: 3, failed: 2 }, true)).toEqual({ passed: 3, failed: 1 });
  expect(judgeCycleSums(output, { passed: 3, failed: 2 }, false)).toEqual({ passed: 3, failed: 2 });
});

test.each([
  ["2026-11-30T00:30:00Z", true],
  ["2026-11-29T17:00:00Z", true],
  ["2026-11-30T09:02:00Z", false],
  ["2026-11-30T15:59:00Z", false],
])("recorded at 17:01 in Shanghai, %s is early: %s", (now, early) => {
  expect(isEarly("2026-11-23T17:01:15.666930+08:00", "Asia/Shanghai", Date.parse(now))).toBe(early);
});
