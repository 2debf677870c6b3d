import { expect, test } from "vitest";
import { FIRST_STATE, HEALTH, judgeWindow, step } from "./engine.ts";
import type { ProbeEffect, ProbeState } from "./engine.ts";
import type { Service } from "./model.ts";
import { createProbeWindow } from "./window.ts";
import type { ProbeWindow } from "./window.ts";

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
  options: {},
  createdAt: "",
  updatedAt: "",
};

interface Course {
  readonly state: ProbeState;
  readonly window: ProbeWindow;
  readonly at: number;
}

/** Runs results half a minute apart; `+` succeeded, `-` failed. */
function run(
  results: string,
  options: { service?: Partial<Service>; after?: Course; data?: string; delay?: number; everyMs?: number } = {},
) {
  let { state, at } = options.after ?? { state: FIRST_STATE, at: 0 };
  const window = options.after?.window ?? createProbeWindow();
  const effects: ProbeEffect[] = [];
  for (const result of results) {
    const probe = { at, delay: options.delay ?? 10, successful: result === "+", data: options.data ?? "" };
    window.add(at, 1, probe);
    const { next, effects: more } = step(state, { ...service, ...options.service }, "tokyo", probe, judgeWindow(window.counts()));
    state = next;
    at += options.everyMs ?? 30_000;
    effects.push(...more.filter(({ kind }) => kind !== "unmute"));
  }
  return { state, window, at, effects, kinds: effects.map(({ kind }) => kind) };
}

/** Spec 30 section 1.7, after 2.3.7, with its improvements. */
test.each([
  ["+++", HEALTH.good, []],
  ["---", HEALTH.down, ["health", "health", "health"]],
  ["++++++++++-", HEALTH.low, ["health", "tasks"]],
  ["++++++++++---", HEALTH.down, ["health", "tasks", "health"]],
  ["-".repeat(40), HEALTH.down, Array.from({ length: 40 + 1 }, (_, index) => (index === 30 ? "summary" : "health"))],
])("results %s end in state %i", (results, health, kinds) => {
  const { state, kinds: seen } = run(results);
  expect(state.health).toBe(health);
  expect(seen).toEqual(kinds);
});

test.each([
  [HEALTH.unset, HEALTH.good, []],
  [HEALTH.unset, HEALTH.low, []],
  [HEALTH.unset, HEALTH.down, ["health"]],
  [HEALTH.noData, HEALTH.good, []],
  [HEALTH.noData, HEALTH.low, ["health"]],
  [HEALTH.noData, HEALTH.down, ["health"]],
  [HEALTH.low, HEALTH.good, ["health", "tasks"]],
] as const)("from state %i to %i is told by %j", (before, health, kinds) => {
  const probe = { at: 0, delay: 1, successful: true, data: "" };
  const { effects } = step({ ...FIRST_STATE, health: before }, service, "tokyo", probe, health);
  expect(effects.map(({ kind }) => kind).filter((kind) => kind !== "unmute")).toEqual(kinds);
});

test("a recovery shows as soon as the window holds few failures, and runs the recover tasks", () => {
  const broken = run("+".repeat(20) + "-----");
  expect(broken.state.health).toBe(HEALTH.down);
  const { state, effects } = run("+".repeat(30), { after: broken });
  expect(state.health).toBe(HEALTH.good);
  expect(effects).toContainEqual({ kind: "tasks", list: "recover" });
});

test("each change of the health has a label of its own; Down again and again has one", () => {
  const labels = run("-+-".padEnd(4, "-")).effects.flatMap((effect) => (effect.kind === "health" ? [effect.mute] : []));
  expect(labels).toEqual(["bf::ssc-7:4:1", "bf::ssc-7:4:1", "bf::ssc-7:4:1", "bf::ssc-7:4:1"]);
  const later = run("+".repeat(40), { after: run("-") }).effects.flatMap((effect) => (effect.kind === "health" ? [effect.mute] : []));
  expect(later.at(-1)).toMatch(/^bf::ssc-7:2:\d$/);
});

test("a quarter of an hour makes one summary of all its results, written with the first result after it", () => {
  const before = run("+-+", { everyMs: 10_000, data: "x" });
  expect(before.kinds).not.toContain("summary");
  const { effects } = run("+", { after: { ...before, at: 900_000 } });
  expect(effects.find(({ kind }) => kind === "summary")).toEqual({ kind: "summary", at: 0, up: 2, down: 1, delay: 10, data: "x" });
  expect(run("+".repeat(65)).kinds.filter((kind) => kind === "summary")).toHaveLength(2);
});

test("after a gap the next result is judged alone", () => {
  const failed = run("-".repeat(10));
  const { state } = run("+", { after: { ...failed, at: failed.at + 3_600_000 } });
  expect(state.health).toBe(HEALTH.good);
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

const NEW = "R10|2026-09-01 10:11:12 +0000 UTC";

test.each<[string, string, Partial<Service>, object[]]>([
  [
    "another issuer and expiry",
    "E5|2026-09-01 10:11:12 +0000 UTC",
    {},
    [{ args: ["R10", "2026-05-01 10:11:12", "E5", "2026-09-01 10:11:12"] }],
  ],
  ["a renewal by the same issuer", NEW, {}, [{ args: ["R10", "2026-05-01 10:11:12", "R10", "2026-09-01 10:11:12"] }]],
  ["the same instant written otherwise", "R10|2026-05-01 12:11:12 +0200 CEST", {}, []],
  ["the same", "R10|2026-05-01 10:11:12 +0000 UTC", {}, []],
  ["an expiry that is none", "E5|soon", {}, []],
  ["nobody wants to know", NEW, { notify: false }, []],
  ["a target without TLS", NEW, { target: "http://example.com" }, []],
  ["capitals in the target", NEW, { target: "HTTPS://example.com" }, [{ about: "[TLS] site: " }]],
  ["another kind of probe", NEW, { type: 3 }, []],
])("a certificate that changed: %s", (_label, data, change, expected) => {
  const old = run("+", { data: "R10|2026-05-01 10:11:12 +0000 UTC" });
  expect(old.effects).toEqual([]);
  const { effects } = run("+", { after: old, data, service: change });
  expect(effects).toMatchObject(expected);
  expect(effects).toHaveLength(expected.length);
});

test("a new certificate is told once, whoever sees it", () => {
  const old = run("+", { data: "R10|2026-05-01 10:11:12 +0000 UTC" });
  const { effects } = run("+++", { after: old, data: NEW });
  expect(effects).toMatchObject([
    { kind: "notice", about: "[TLS] site: ", mute: expect.stringMatching(/^bf::stls-7-change_[0-9a-f]{64}$/) as unknown },
  ]);
});

test("a certificate near its end is told by name, also when a bar is part of the issuer", () => {
  for (const data of ["R10|1970-01-03 00:00:00 +0000 UTC", "Acme | Trust|CA|1970-01-03 00:00:00 +0000 UTC"])
    expect(run("+", { data }).effects).toMatchObject([
      { about: "[TLS] site: ", args: ["1970-01-03 00:00:00"], mute: "bf::stls-7-expire_1970-01-03 00:00:00" },
    ]);
  const known = run("+", { data: "Acme | Trust|CA|2026-05-01 10:11:12 +0000 UTC" });
  expect(known.state.certificate).toEqual({ issuer: "Acme | Trust|CA", expires: Date.UTC(2026, 4, 1, 10, 11, 12) });
  expect(run("+", { data: "nonsense|never" }).effects).toEqual([]);
});

test("errors of very old agents are told by name, unless they pass by themselves", () => {
  expect(run("-", { data: "SSL证书错误：x509: bad" }).effects).toContainEqual(
    expect.objectContaining({ args: ["site", "SSL证书错误：x509: bad"] }),
  );
  expect(run("-", { data: "SSL证书错误：i/o timeout" }).kinds).toEqual(["health"]);
});
