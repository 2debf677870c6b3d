import { ALERT_TYPES, METRIC_NAMES } from "@windfire/api";
import type { MetricName } from "@windfire/api";
import { afterEach, expect, test } from "vitest";
import type { Caller } from "#kernel";
import { isCycle } from "../model.ts";
import { admin, alice, session } from "../testing/process.ts";
import { Scene } from "../testing/scene.ts";
import { storedMetricsOf, storedVerdict } from "./stored-values.ts";

const POINT = 30_000;
const NOW = Date.parse("2026-03-10T10:00:00Z");
const BEGIN = NOW - 86_400_000;
let scene: Scene;
afterEach(() => scene.remove());

/** What is stored of each server: a value of every metric for each point, by number from a day ago on; `undefined`: nothing. */
async function stored(of: Record<number, (index: number) => number | undefined>): Promise<void> {
  scene = await Scene.open();
  scene.world.history = {
    enabled: true,
    async serverSeries(serverId, metrics, from, to) {
      const starts: number[] = [];
      const values: number[] = [];
      for (let at = from; at <= to; at += POINT) {
        const value = of[serverId]?.((at - BEGIN) / POINT);
        if (value === undefined) continue;
        starts.push(at);
        values.push(value);
      }
      return { starts: Float64Array.from(starts), columns: metrics.map(() => Float64Array.from(values)) };
    },
  };
  await scene.restart();
}
const cpu = (over: object = {}) => ({ type: "cpu", max: 80, duration: 20, ...over });
const run = async (rules: readonly object[], over: object = {}, caller: Caller = session(alice)): Promise<unknown> => {
  const answer = await scene.now.call(caller, "POST /alert-rule/dry-run", { rules, days: 1, ...over });
  return "data" in answer ? answer.data : answer.error;
};
const at = (index: number, seconds = 0): string => new Date(BEGIN + index * POINT + seconds * 1000).toISOString().replace(".000", "");
const between = (index: number, from: number, to: number): boolean => index >= from && index < to;

test("says when a rule would have begun to fail, and when it would have passed again", async () => {
  await stored({ 1: (index) => (between(index, 100, 110) || index >= 2870 ? 95 : 10), 2: () => 10 });
  expect(await run([cpu()])).toEqual({
    from: at(0),
    to: at(2880),
    fired: 2,
    servers: [
      {
        server_id: 1,
        server_name: "s1",
        fired: 2,
        known: expect.closeTo(99.9, 0) as number,
        // A minute is the window: over 70 % of it, 42 s and a step, fail when the second of the points is half gone.
        firings: [{ from: at(102), to: at(111) }, { from: at(2872) }],
      },
      { server_id: 2, server_name: "s2", fired: 0, known: expect.closeTo(99.9, 0) as number, firings: [] },
    ],
    not_judged: [],
    servers_left_out: 0,
  });
});

test("what was not stored is neither good nor bad, and an agent that is away fails nothing but offline", async () => {
  await stored({ 1: (index) => (between(index, 100, 300) ? undefined : between(index, 90, 310) ? 95 : 10), 2: () => undefined });
  expect(await run([cpu()], { servers: [1] })).toMatchObject({ fired: 1, servers: [{ firings: [{ from: at(92), to: at(311) }] }] });
  expect(await run([{ type: "offline", duration: 20 }], { servers: [1] })).toMatchObject({
    fired: 1,
    servers: [{ server_id: 1, firings: [{ from: at(102), to: at(300, 3) }], known: expect.closeTo(99.9, 0) as number }],
  });
});

test("all conditions have to fail on the same points, and servers that are not covered are not looked at", async () => {
  await stored({ 1: (index) => (between(index, 100, 200) ? 95 : 10), 2: (index) => (between(index, 100, 200) ? 60 : 10) });
  expect(await run([cpu(), { type: "load1", max: 70, duration: 3 }])).toMatchObject({ fired: 1 });
  expect(await run([cpu({ max: 50 }), { type: "load1", max: 70, duration: 3, cover: 1, ignore: { 2: true } }])).toMatchObject({
    fired: 0,
    servers: [{ server_id: 2 }],
  });
});

test("says what it cannot judge, and judges the rest", async () => {
  await stored({ 1: (index) => (between(index, 100, 200) ? 95 : 10), 2: () => 10 });
  const cycle = { type: "transfer_all_cycle", max: 1, cycle_start: "2026-01-01T00:00:00Z", cycle_interval: 1, cycle_unit: "month" };
  expect(await run([cpu(), cycle])).toMatchObject({
    fired: 1,
    not_judged: [{ rule: 2, type: "transfer_all_cycle", reason: "the history has no traffic of cycles" }],
  });
  expect(await run([cycle])).toMatchObject({ fired: 0, servers: [], not_judged: [{ rule: 1 }] });
  // The total of the memory is not known of a host that has not reported.
  expect(await run([{ type: "memory", max: 1, duration: 3 }])).toMatchObject({ fired: 0, servers: [{ known: 0 }, { known: 0 }] });
});

test("without a history nothing is judged", async () => {
  scene = await Scene.open();
  expect(await run([cpu()])).toMatchObject({ servers: [], not_judged: [{ reason: "the history is switched off" }] });
});

test("refuses what a rule would be refused for, and servers of others", async () => {
  scene = await Scene.open({ owners: [alice.id, admin.id] });
  expect(await run([cpu({ duration: 1 })])).toBe("duration need to be at least 3");
  expect(await run([cpu({ type: "mood" })])).toBe("unsupported rule type");
  expect(await run([cpu()], { servers: [2] })).toBe("servers: server id 2 does not exist");
  expect(await run([cpu()], { servers: [9] })).toBe("servers: server id 9 does not exist");
});

test("a run looks at so many servers at most", async () => {
  scene = await Scene.open({ owners: Array.from({ length: 205 }, () => alice.id) });
  scene.world.history = { enabled: true, serverSeries: async () => ({ starts: new Float64Array(), columns: [] }) };
  await scene.restart();
  expect(await run([cpu()])).toMatchObject({ servers_left_out: 5 });
});

test("one user has two runs at once at most, and the others have theirs", async () => {
  scene = await Scene.open();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  scene.world.history = {
    enabled: true,
    serverSeries: async () => {
      await held;
      return { starts: new Float64Array(), columns: [] };
    },
  };
  await scene.restart();
  const { call } = scene.now;
  const body = { rules: [cpu()], days: 1 };
  const start = (user: typeof alice) => call(session(user), "POST /alert-rule/dry-run", body);
  const runs = [start(alice), start(alice), start(admin)];
  await new Promise(setImmediate);
  expect(await start(alice)).toEqual({ error: "too many dry runs at once; try again in a minute" });
  release();
  for (const answer of await Promise.all(runs)) expect(answer).toHaveProperty("data");
  expect(await start(alice)).toHaveProperty("data");
});

test("the history knows the figures of all types that a report decides", async () => {
  scene = await Scene.open();
  const host = { memTotal: 200, swapTotal: undefined, diskTotal: 400, hasGpu: false };
  const condition = { min: 0, max: 40, cycleStart: undefined, cycleInterval: 0, cycleUnit: "", duration: 3, cover: 0, ignore: {} };
  for (const type of ALERT_TYPES.filter((name) => name !== "offline" && !isCycle({ type: name }))) {
    const metrics = storedMetricsOf(type);
    expect(metrics?.every((metric: MetricName) => METRIC_NAMES.includes(metric))).toBe(true);
    const verdict = storedVerdict({ ...condition, type }, metrics?.map(() => 90) ?? [], host);
    const expected = { swap: "U", gpu: "U", gpu_max: "U", disk: "P" }[type as string] ?? "F";
    expect([type, verdict]).toEqual([type, expected]);
  }
  expect(storedVerdict({ ...condition, type: "temperature_max" }, [0], host)).toBe("U");
  expect(storedVerdict({ ...condition, type: "gpu" }, [90], { ...host, hasGpu: true })).toBe("F");
  expect(storedVerdict({ ...condition, type: "cpu" }, [Number.NaN], host)).toBe("U");
});
