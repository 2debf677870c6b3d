import { expect, test } from "vitest";
import { cycleTraffic } from "./cycle-traffic.ts";

const rule = (name: string, max: number, transfer: Record<string, number>) => ({
  name,
  from: "2026-11-01T00:00:00Z",
  to: "2026-12-01T00:00:00Z",
  max,
  min: 0,
  transfer,
});

test("without rules there is no traffic", () => {
  expect(cycleTraffic(undefined).size).toBe(0);
  expect(cycleTraffic({}).size).toBe(0);
});

test("the rule nearest to its limit counts", () => {
  const found = cycleTraffic({
    cycle_transfer_stats: { "1": rule("loose", 1000, { "7": 100 }), "2": rule("tight", 200, { "7": 100, "8": 0 }) },
  });
  expect(found.get(7)).toMatchObject({ name: "tight", used: 100, limit: 200, to: Date.parse("2026-12-01T00:00:00Z") });
  expect(found.get(8)?.used).toBe(0);
});

test("a limit of 0 is none", () => {
  const found = cycleTraffic({ cycle_transfer_stats: { "1": rule("none", 0, { "7": 900 }), "2": rule("some", 1000, { "7": 900 }) } });
  expect(found.get(7)?.name).toBe("some");
});
