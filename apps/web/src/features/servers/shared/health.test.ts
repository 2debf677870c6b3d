import { expect, test } from "vitest";
import type { LiveRecord } from "#wire/live-record.ts";
import { healthOf, troublesOf, usageOf } from "./health.ts";

const GIB = 1024 ** 3;
const record: LiveRecord = {
  id: 1,
  name: "tokyo-1",
  country: "jp",
  order: 0,
  note: "",
  host: { platform: "debian", mem_total: 8 * GIB, disk_total: 100 * GIB },
  state: { cpu: 12, mem_used: 4 * GIB, disk_used: 50 * GIB },
  online: true,
  condition: undefined,
  over: {},
  lastSeen: 1,
  cpuMean: 12,
};

test.each([
  ["up", {}],
  ["warn", { cpuMean: 85 }],
  ["critical", { cpuMean: 95 }],
  ["warn", { state: { ...record.state, mem_used: 7 * GIB } }],
  ["critical", { cpuMean: 90, state: { ...record.state, disk_used: 99 * GIB } }],
  ["up", { state: { ...record.state, cpu: 100 } }],
  ["offline", { online: false }],
  ["offline", { online: false, lastSeen: undefined }],
  ["waiting", { online: false, lastSeen: undefined, host: {} }],
  ["up", { host: {}, state: {} }],
] as const)("a server is %s with %j", (health, change) => {
  expect(healthOf({ ...record, ...change })).toBe(health);
});

test("a share of an unknown total is unknown", () => {
  expect(usageOf({ ...record, host: { platform: "x" } })).toEqual({ cpu: 12, memory: undefined, disk: undefined, swap: undefined });
});

test("a server that does not report has no usage", () => {
  expect(usageOf({ ...record, online: false }).cpu).toBeUndefined();
});

test.each(["up", "waiting", "warn", "critical", "offline"] as const)("the dashboard's verdict counts: %s", (condition) => {
  expect(healthOf({ ...record, condition, cpuMean: 99, online: condition !== "offline" })).toBe(condition);
});

test("what is wrong agrees with the verdict, not with the newest sample", () => {
  const busy = { ...record, cpuMean: 99, state: { ...record.state, mem_used: 6.6 * GIB } };
  expect(troublesOf({ ...busy, condition: "warn", over: { mem: "warn" } })).toEqual([{ figure: "memory", level: "warn", value: 82.5 }]);
  expect(troublesOf({ ...busy, condition: "up", over: {} })).toEqual([]);
  expect(troublesOf(busy).map(({ figure }) => figure)).toEqual(["cpu"]);
  const both = troublesOf({ ...busy, condition: "critical", over: { cpu: "warn", disk: "critical" } });
  expect(both.map(({ figure }) => figure)).toEqual(["disk", "cpu"]);
});
