import { expect, test } from "vitest";
import { FIRST_STATE, HEALTH, step } from "./engine.ts";
import type { ProbeEffect, ProbeState } from "./engine.ts";
import type { Service } from "./model.ts";

const service: Service = {
  id: 7,
  ownerId: 1,
  name: "site",
  type: 1,
  target: "https://example.com",
  duration: 30,
  displayIndex: 0,
  notify: true,
  notificationGroupId: 1,
  cover: 0,
  skipServers: null,
  enableTriggerTask: true,
  hideForGuest: false,
  failTriggerTasks: [1],
  recoverTriggerTasks: [2],
  minLatency: 0,
  maxLatency: 0,
  latencyNotify: false,
  createdAt: "",
  updatedAt: "",
};

/** Runs results half a minute apart; `+` succeeded, `-` failed. */
function run(results: string, options: { service?: Partial<Service>; state?: ProbeState; data?: string; delay?: number } = {}) {
  let state = options.state ?? FIRST_STATE;
  const effects: ProbeEffect[] = [];
  const base = state.nextSampleAt;
  results.split("").forEach((result, index) => {
    const probe = { at: base + index * 30_000, delay: options.delay ?? 10, successful: result === "+", data: options.data ?? "" };
    const { next, effects: more } = step(state, { ...service, ...options.service }, "tokyo", probe);
    state = next;
    effects.push(...more.filter(({ kind }) => kind !== "window" && kind !== "unmute"));
  });
  return { state, effects, kinds: effects.map(({ kind }) => kind) };
}

/** Spec 30 section 1.7 with its improvements. */
test.each([
  ["+++", HEALTH.good, []],
  ["---", HEALTH.down, ["health", "health", "health"]],
  ["++++++++++-", HEALTH.low, ["health", "tasks"]],
  ["++++++++++---", HEALTH.down, ["health", "tasks", "health"]],
])("results %s end in state %i", (results, health, kinds) => {
  const { state, kinds: seen } = run(results);
  expect(state.health).toBe(health);
  expect(seen).toEqual(kinds);
});

test("a recovery shows as soon as the window holds few failures, and runs the recover tasks", () => {
  const broken = run("+".repeat(20) + "-----");
  expect(broken.state.health).toBe(HEALTH.down);
  const { state, effects } = run("+".repeat(29), { state: broken.state });
  expect(state.health).toBe(HEALTH.good);
  expect(effects).toContainEqual({ kind: "tasks", list: "recover" });
});

test("one sample in half a minute, whatever comes in between", () => {
  const probe = { at: 1000, delay: 1, successful: true, data: "" };
  const first = step(FIRST_STATE, service, "a", probe).next;
  const second = step(first, service, "b", { ...probe, at: 30_999 });
  expect(second.next.window).toHaveLength(1);
  expect(step(first, service, "b", { ...probe, at: 31_000 }).next.window).toHaveLength(2);
});

test("thirty samples make one summary", () => {
  expect(run("+".repeat(65)).kinds.filter((kind) => kind === "summary")).toHaveLength(2);
});

test.each([
  [{ latencyNotify: true, maxLatency: 5 }, "[Latency] %s %2f > %2f, Reporter: %s"],
  [{ latencyNotify: true, minLatency: 20 }, "[Latency] %s %2f < %2f, Reporter: %s"],
])("latency outside %j is told", (change, messageId) => {
  expect(run("+", { service: change }).effects).toMatchObject([{ messageId }]);
});

test("no bound, no latency message", () => {
  expect(run("+", { service: { latencyNotify: true } }).effects).toEqual([]);
});

test("a certificate: near its end, and changed only when issuer and expiry both differ", () => {
  const old = run("+", { data: "R10|2026-05-01 10:11:12 +0000 UTC" });
  expect(old.effects).toEqual([]);
  expect(run("+", { state: old.state, data: "R10|2026-09-01 10:11:12 +0000 UTC" }).effects).toEqual([]);
  expect(run("+", { state: old.state, data: "E5|2026-09-01 10:11:12 +0000 UTC" }).effects).toMatchObject([
    { args: ["R10", "2026-05-01 10:11:12", "E5", "2026-09-01 10:11:12"] },
  ]);
  expect(run("+", { data: "R10|1970-01-03 00:00:00 +0000 UTC" }).effects).toMatchObject([{ args: ["1970-01-03 00:00:00"] }]);
  expect(run("+", { data: "nonsense|never" }).effects).toEqual([]);
});

test("certificate data of other kinds of probes means nothing", () => {
  expect(run("+", { service: { type: 3 }, data: "R10|1970-01-03 00:00:00 +0000 UTC" }).effects).toEqual([]);
});
