import type { Service } from "@windfire/api";
import { expect, test } from "vitest";
import { checkService, readService, writeService } from "./service-values.ts";

const STORED: Service = {
  id: 1,
  created_at: "2026-01-02T10:00:00+08:00",
  updated_at: "2026-01-02T10:00:00+08:00",
  name: "HTTPS",
  type: 1,
  target: "https://example.com",
  duration: 45,
  display_index: -3,
  notify: true,
  notification_group_id: 4,
  cover: 1,
  skip_servers: { "3": true },
  enable_trigger_task: true,
  hide_for_guest: true,
  fail_trigger_tasks: [1],
  recover_trigger_tasks: null,
  min_latency: 0.5,
  max_latency: 500.25,
  latency_notify: true,
  quorum: { percent: 60 },
  retries: 2,
  reached_through: { kind: "server", id: 3 },
};

test("a row goes out as it came in", () => {
  const { id, created_at, updated_at, ...editable } = STORED;
  expect(writeService(readService(STORED))).toEqual({ ...editable, recover_trigger_tasks: [] });
  expect([id, created_at, updated_at]).toHaveLength(3);
});

test("a new service only lacks its name and its target", () => {
  expect(checkService(readService(undefined))).toEqual({ name: "form.required", target: "form.required" });
});

test.each([
  ["http", "https://example.com/x", undefined],
  ["http", "example.com", "form.url"],
  ["http", "ftp://example.com", "form.url"],
  ["icmp", "example.com", undefined],
  ["icmp", "2001:db8::1", undefined],
  ["icmp", "a b", "services.targetHost"],
  ["tcp", "example.com:443", undefined],
  ["tcp", "[2001:db8::1]:443", undefined],
  ["tcp", "example.com", "services.targetPort"],
  ["tcp", "example.com:99999", "services.targetPort"],
] as const)("%s %s: %s", (kind, target, expected) => {
  expect(checkService({ ...readService(STORED), kind, target }).target).toBe(expected);
});

test.each([
  ["duration", "0", "services.everyError"],
  ["duration", "1.5", "services.everyError"],
  ["min", "-1", "form.positive"],
  ["max", "0.25", "services.minMax"],
  ["max", "0", undefined],
  ["weight", "x", "form.whole"],
] as const)("%s of %s", (field, value, expected) => {
  expect(checkService({ ...readService(STORED), [field]: value })[field]).toBe(expected);
});

test.each([
  [{ coverage: { mode: "only", ids: [] } }, { coverage: "cover.needed" }],
  [{ group: 0 }, { group: "notify.needed" }],
  [{ group: 0, notify: false, latencyNotify: false }, {}],
  [{ min: "0", max: "0" }, { max: "services.latencyNeeded" }],
  [{ failTasks: [], recoverTasks: [] }, { failTasks: "tasks.needed" }],
  [{ failTasks: [], recoverTasks: [2] }, {}],
] as const)("what cannot work is refused: %j", (change, wrong) => {
  expect(checkService({ ...readService(STORED), ...change })).toEqual(wrong);
});
