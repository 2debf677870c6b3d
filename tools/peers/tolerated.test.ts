import { expect, test } from "vitest";
import { withoutTolerated } from "./tolerated.ts";

const hidden = (caller: string, path: string): string => `FAIL open ${caller} ${path}: .error: wanted "未授权", got "未找到服务器"`;

test("hidden servers of the drop-in check are no failures, everything else stays one", () => {
  const output = [
    "ok   open admin /server",
    hidden("guest", "/server/3/service?period=30d"),
    hidden("pat-admin-ro-limited", "/server/12/metrics?metric=uptime&period=7d"),
    hidden("guest", "/service/3/history"),
    "FAIL open guest /server/3/service: .data: wanted nothing, got []",
    "1 passed, 4 failed",
  ].join("\n");
  const { counts, used } = withoutTolerated("dropin", output, { passed: 1, failed: 4 });
  expect(counts).toEqual({ passed: 1, failed: 2 });
  expect([...used.values()]).toEqual([2]);
});

test("a replayed step is tolerated only when all that differs in it is", () => {
  const shifted = '  csrf | PAT is exempt | data | expected "<notification-group:4>" | got "<notification-group:5>"';
  const output = (more: string): string => ["FAIL csrf: 17 passed, 1 failed, 0.1 s", shifted, more, "17 passed, 1 failed"].join("\n");
  expect(withoutTolerated("replay", output(""), { passed: 17, failed: 1 }).counts.failed).toBe(0);
  expect(
    withoutTolerated("replay", output("  csrf | PAT is exempt | status | expected 200 | got 403"), { passed: 17, failed: 1 }).counts.failed,
  ).toBe(1);
  expect(withoutTolerated("dropin", output(""), { passed: 17, failed: 1 }).counts.failed).toBe(1);
});
