import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createReadiness } from "./index.ts";
import type { ReadinessDeps } from "./readiness.ts";

function open(overrides: Partial<ReadinessDeps> = {}) {
  const clock = createFakeClock();
  let writes = 0;
  const readiness = createReadiness({
    clock,
    probeWrite: async () => void (writes += 1),
    historyStats: async () => ({ state: "writing" }),
    accepting: () => true,
    stopping: () => false,
    bus: () => "off",
    ...overrides,
  });
  return { clock, readiness, writes: () => writes };
}

const WELL = { database: { ok: true }, history: { ok: true }, listener: { ok: true } };
const never = (): Promise<never> => new Promise(() => undefined);

test("all is well", async () => {
  expect(await open().readiness()).toEqual({ ready: true, checks: WELL });
});

test("a bus that is lost is said, and sends nobody away: the others may have lost it too", async () => {
  expect(await open({ bus: () => "connected" }).readiness()).toEqual({ ready: true, checks: { ...WELL, bus: { ok: true } } });
  const lost = { ok: true, reason: "lost: other dashboards are not heard" };
  expect(await open({ bus: () => "lost", unheard: () => 1 }).readiness()).toEqual({ ready: true, checks: { ...WELL, bus: lost } });
  const unheard = { ok: true, reason: "a dashboard on the database is not heard" };
  expect(await open({ bus: () => "connected", unheard: () => 1 }).readiness()).toEqual({ ready: true, checks: { ...WELL, bus: unheard } });
});

test.each<[string, Partial<ReadinessDeps>, object]>([
  [
    "a database that refuses writes",
    { probeWrite: () => Promise.reject(new Error("/data/sqlite.db is full")) },
    { database: { ok: false, reason: "not writable" } },
  ],
  [
    "a history whose thread is gone",
    { historyStats: async () => ({ state: "worker-failed" }) },
    { history: { ok: false, reason: "not open" } },
  ],
  ["a history that fails", { historyStats: () => Promise.reject(new Error("x")) }, { history: { ok: false, reason: "not open" } }],
  ["one that is about to stop", { stopping: () => true }, { listener: { ok: false, reason: "stopping" } }],
  ["no listener", { accepting: () => false }, { listener: { ok: false, reason: "not listening" } }],
])("%s: not ready, with a reason that says nothing of the installation", async (_, deps, check) => {
  expect(await open(deps).readiness()).toEqual({ ready: false, checks: { ...WELL, ...check } });
});

test.each([
  ["disabled", "switched off"],
  ["low-disk", "paused: the disk is full"],
  ["write-failed", "paused: the disk is full"],
] as const)("a history that is %s keeps nobody from working", async (state, reason) => {
  const { readiness } = open({ historyStats: async () => ({ state }) });
  expect(await readiness()).toEqual({ ready: true, checks: { ...WELL, history: { ok: true, reason } } });
});

test.each([
  [{ state: "writing", retentionDays: 365 }, undefined],
  [{ state: "writing", retentionDays: 29 }, "retention is below 30 days"],
  [{ state: "writing", retentionDays: undefined }, "retention is not known"],
  [{ state: "unreachable", retentionDays: 365 }, "points wait: not reachable"],
  [{ state: "refused", retentionDays: undefined }, "points wait: user, password or token is refused"],
] as const)("a history that is kept elsewhere keeps nobody from working: %o", async (stats, reason) => {
  const { readiness } = open({ historyStats: async () => ({ kind: "victoriametrics", ...stats }) });
  const history = reason === undefined ? { ok: true } : { ok: true, reason };
  expect(await readiness()).toEqual({ ready: true, checks: { ...WELL, history } });
});

test("who does not answer within two seconds is not ready", async () => {
  const { clock, readiness } = open({ probeWrite: never, historyStats: never });
  const answer = readiness();
  clock.advance(2_000);
  expect(await answer).toEqual({
    ready: false,
    checks: { ...WELL, database: { ok: false, reason: "writes are waiting" }, history: { ok: false, reason: "no answer" } },
  });
});

test("what has not answered is not asked again", async () => {
  let asked = 0;
  const { clock, readiness } = open({ probeWrite: () => ((asked += 1), never()) });
  for (let minute = 0; minute < 3; minute++) {
    const answer = readiness();
    clock.advance(60_000);
    expect((await answer).ready).toBe(false);
  }
  expect(asked).toBe(1);
});

test("however many ask, it is looked at once a second", async () => {
  const { clock, readiness, writes } = open();
  await Promise.all(Array.from({ length: 100 }, () => readiness()));
  await readiness();
  expect(writes()).toBe(1);
  clock.advance(1_000);
  await readiness();
  expect(writes()).toBe(2);
});
