import type { Report } from "@windfire/api";
import { expect, test } from "vitest";
import { checkReport, readReport, writeReport } from "./report-values.ts";

const STORED: Report = {
  id: 3,
  owner_id: 1,
  created_at: "",
  updated_at: "",
  name: "Mondays",
  enable: false,
  every: "monthly",
  at: "07:30",
  weekday: 5,
  day: 31,
  zone: "Europe/Berlin",
  notification_group_id: 4,
  parts: ["traffic"],
  servers: [1],
  groups: [2],
  services: [3],
};

test("a report goes out as it came in", () => {
  const { id, owner_id, created_at, updated_at, ...editable } = STORED;
  expect(writeReport(readReport(STORED))).toEqual(editable);
  expect([id, owner_id, created_at, updated_at]).toHaveLength(4);
});

test("a new one only lacks its name and who is told; nobody is told of one that is off", () => {
  expect(checkReport(readReport(undefined))).toEqual({ name: "form.required", group: "notify.needed" });
  expect(checkReport({ ...readReport(undefined), enabled: false })).toEqual({ name: "form.required" });
});

test.each([
  [{ at: "8:00" }, { at: "windows.timeNeeded" }],
  [{ day: "32" }, { day: "reports.dayWrong" }],
  [{ day: "" }, { day: "reports.dayWrong" }],
  [{ zone: "Mars/Olympus" }, { zone: "reports.zoneWrong" }],
  [{ parts: [] }, { parts: "reports.partNeeded" }],
] as const)("%j: %j", (change, expected) => {
  expect(checkReport({ ...readReport(STORED), ...change })).toEqual(expected);
});
