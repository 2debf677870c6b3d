import type { MaintenanceWindow } from "@windfire/api";
import { expect, test } from "vitest";
import { checkWindow, readWindow, writeWindow } from "./window-values.ts";

const NOW = new Date("2026-06-15T12:10:00Z");
const STORED: MaintenanceWindow = {
  id: 3,
  name: "Updates",
  enable: false,
  plan: { kind: "once", from: "2026-07-01T03:00:07+02:00", to: "2026-07-01T05:00:00+02:00" },
  silence: false,
  servers: [1],
  groups: [2],
  services: [],
  open: false,
  created_at: "",
  updated_at: "",
};

test.each([
  STORED.plan,
  { kind: "weekly", days: [1, 0], at: "23:30", minutes: 90 },
  { kind: "weekly", days: [3], at: "04:00", minutes: 30, zone: "Asia/Tokyo" },
  { kind: "cron", schedule: "0 0 3 1 * *", minutes: 15 },
] as const)("a plan goes out as it came in: %j", (plan) => {
  const row: MaintenanceWindow = { ...STORED, plan: plan.kind === "weekly" ? { ...plan, days: [...plan.days] } : plan };
  const { name, enable, silence, servers, groups, services } = STORED;
  expect(writeWindow(readWindow(row, NOW))).toEqual({ name, enable, plan, silence, servers, groups, services });
});

test("a moment that is changed goes out, the other one is kept to the second", () => {
  const { plan } = writeWindow({ ...readWindow(STORED, NOW), to: "2026-07-01T22:00:00.000Z" });
  expect(plan).toEqual({ kind: "once", from: "2026-07-01T03:00:07+02:00", to: "2026-07-01T22:00:00.000Z" });
});

test("a new plan lacks a name and what it is for", () => {
  expect(checkWindow(readWindow(undefined, NOW))).toEqual({ name: "form.required", servers: "windows.coverNeeded" });
});

test.each([
  [{ to: "2020-01-01T00:00" }, { to: "windows.order" }],
  [{ from: "" }, { from: "windows.timeNeeded" }],
  [{ kind: "weekly", days: [] }, { days: "windows.dayNeeded" }],
  [{ kind: "weekly", at: "24:00" }, { at: "windows.timeNeeded" }],
  [{ kind: "weekly", minutes: "0" }, { minutes: "windows.minutesWrong" }],
  [{ kind: "cron", minutes: "10081" }, { minutes: "windows.minutesWrong" }],
  [{ kind: "cron", schedule: " " }, { schedule: "form.required" }],
] as const)("%j: %j", (change, expected) => {
  expect(checkWindow({ ...readWindow(undefined, NOW), name: "x", servers: [1], ...change })).toEqual(expected);
});
