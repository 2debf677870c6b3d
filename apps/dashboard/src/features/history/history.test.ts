import { mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { METRIC_NAMES } from "@windfire/api";
import { createFakeClock, type FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createHistory, PERIODS, SERVER_METRICS, type History } from "./index.ts";
import { createLastSeen } from "./last-seen.ts";

const START = Date.UTC(2026, 0, 10, 12, 0, 10);
const LIMITS = { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 };

let directory: string;
let clock: FakeClock;
let history: History;
const errors: string[] = [];

function start(enabled = true): History {
  return createHistory({ clock, log: { error: (text) => void errors.push(text) }, directory, limits: LIMITS, enabled });
}

function report(changes: Partial<Record<(typeof SERVER_METRICS)[number], number>>): Float64Array {
  return Float64Array.from(SERVER_METRICS, (name) => changes[name] ?? 0);
}

/** All pages of an answer in one list. */
async function all<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-history-"));
  clock = createFakeClock(START);
  errors.length = 0;
  history = start();
});
afterEach(async () => {
  await history.close();
  await rm(directory, { recursive: true, force: true });
});

test("the metrics are those of the API, in its order", () => {
  expect(SERVER_METRICS).toEqual(METRIC_NAMES);
});

test("a report is in the answer at once: means of gauges, last values of counters", async () => {
  history.recordServer(7, START, report({ cpu: 10, net_in_transfer: 500, uptime: 60 }));
  history.recordServer(7, START + 1_000, report({ cpu: 20.5, net_in_transfer: 700, uptime: 61 }));
  const now = START + 2_000;
  expect(JSON.parse(await history.serverMetricPoints(7, "cpu", "1d", now))).toEqual([{ ts: START - 10_000, value: 15.25 }]);
  expect(await history.serverMetricPoints(7, "net_in_transfer", "1d", now)).toBe(`[{"ts":${START - 10_000},"value":700}]`);
  expect(JSON.parse(await history.serverMetricPoints(7, "uptime", "7d", now))).toEqual([{ ts: Date.UTC(2026, 0, 10, 12), value: 61 }]);
  expect(await history.serverMetricPoints(8, "cpu", "1d", now)).toBe("[]");
});

test("16 GiB come back exactly, and buckets without samples are left out", async () => {
  const bytes = 16 * 2 ** 30;
  history.recordServer(1, START - 120_000, report({ memory: bytes }));
  history.recordServer(1, START, report({ memory: bytes + 1 }));
  expect(JSON.parse(await history.serverMetricPoints(1, "memory", "1d", START))).toEqual([
    { ts: START - 130_000, value: bytes },
    { ts: START - 10_000, value: bytes + 1 },
  ]);
});

test("points outside the window are not answered", async () => {
  const { window } = PERIODS["1d"];
  history.recordServer(1, START - window - 60_000, report({ cpu: 1 }));
  history.recordServer(1, START - window + 30_000, report({ cpu: 2 }));
  const points = JSON.parse(await history.serverMetricPoints(1, "cpu", "1d", START)) as { value: number }[];
  expect(points.map(({ value }) => value)).toEqual([2]);
  const week = JSON.parse(await history.serverMetricPoints(1, "cpu", "7d", START)) as { value: number }[];
  expect(week.map(({ value }) => value)).toEqual([1, 2]);
});

test("a service's history: status by majority, mean of the delays of successful probes, raw totals", async () => {
  for (const [offset, delay, up] of [
    [0, 10, true],
    [1_000, 0, false],
    [2_000, 20, true],
    [30_000, 0, false],
    [31_000, 8, true],
  ] as const) {
    history.recordProbe(3, 9, START + offset, delay, up);
  }
  history.recordProbe(3, 2, START, 5, true);
  history.recordProbe(4, 9, START, 7, true);
  const now = START + 60_000;
  const [first, second, ...rest] = await all(history.serviceHistory(3, [2, 8, 9], "1d", now));
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ serverId: 2, avgDelay: 5, totalUp: 1, totalDown: 0, upPercent: 100 });
  expect(second).toMatchObject({ serverId: 9, totalUp: 3, totalDown: 2, upPercent: Math.fround(60) });
  expect(second?.avgDelay).toBeCloseTo(38 / 3, 9);
  expect(JSON.parse(second?.dataPoints ?? "")).toEqual([
    { ts: START - 10_000, delay: 15, status: 1 },
    { ts: START + 20_000, delay: 8, status: 0 },
  ]);
  const services = await all(history.serverServices(9, [3, 4], "1d", now));
  expect(
    services.map(({ serviceId, createdAt, avgDelay }) => [serviceId, JSON.parse(createdAt) as unknown, JSON.parse(avgDelay) as unknown]),
  ).toEqual([
    [3, [START - 10_000, START + 20_000], [15, 8]],
    [4, [START - 10_000], [7]],
  ]);
});

test("what was recorded is there after a restart; what was dropped is not", async () => {
  history.recordServer(1, START, report({ cpu: 1.25 }));
  history.recordServer(2, START, report({ cpu: 2.5 }));
  history.recordProbe(5, 1, START, 3, true);
  history.recordProbe(5, 2, START, 4, true);
  history.recordProbe(6, 2, START, 4, true);
  history.dropServer(1);
  history.dropService(6);
  await history.close();
  clock.advance(1_000);
  history = start();
  expect(await history.serverMetricPoints(1, "cpu", "1d", START + 1_000)).toBe("[]");
  expect(await history.serverMetricPoints(2, "cpu", "1d", START + 1_000)).toContain('"value":2.5}');
  expect((await all(history.serviceHistory(5, [1, 2], "1d", START + 1_000))).map(({ serverId }) => serverId)).toEqual([2]);
  expect(await all(history.serviceHistory(6, [1, 2], "1d", START + 1_000))).toEqual([]);
  expect(errors).toEqual([]);
});

describe("when a server was last seen", () => {
  test("is known at once from its report, and after a restart from what is stored", async () => {
    expect(history.lastSeen(1)).toBeUndefined();
    history.recordServer(1, START + 3_000, report({}));
    history.recordServer(1, START + 1_000, report({}));
    history.recordServer(2, START, report({}));
    history.recordServer(3, START, report({}));
    expect(history.lastSeen(1)).toBe(START + 3_000);
    history.dropServer(3);
    expect(history.lastSeen(3)).toBeUndefined();
    await history.close();
    history = start();
    await expect.poll(() => history.lastSeen(1)).toBe(START - 10_000);
    expect(history.lastSeen(2)).toBe(START - 10_000);
    expect(history.lastSeen(3)).toBeUndefined();
    history.recordServer(2, START + 60_000, report({}));
    expect(history.lastSeen(2)).toBe(START + 60_000);
  });

  test("a server that is deleted while the stored times are read stays forgotten", async () => {
    const { promise, resolve } = Promise.withResolvers<Float64Array>();
    const seen = createLastSeen({ clock, read: () => promise });
    seen.reported(2, START);
    seen.forget(1);
    resolve(Float64Array.of(1, START, 2, START - 1, 3, START));
    await promise;
    await Promise.resolve();
    expect([1, 2, 3].map(seen.of)).toEqual([undefined, START, START]);
  });

  test("a reading that fails is tried again, not at once", async () => {
    let tries = 0;
    const read = (): Promise<Float64Array> =>
      ++tries < 2 ? Promise.reject(new Error("gone")) : Promise.resolve(Float64Array.of(1, START));
    const seen = createLastSeen({ clock, read });
    await expect.poll(() => tries).toBe(1);
    await Promise.resolve();
    expect(seen.of(1)).toBeUndefined();
    expect(tries).toBe(1);
    clock.advance(10_000);
    seen.of(1);
    expect(tries).toBe(2);
    await Promise.resolve();
    expect(seen.of(1)).toBe(START);
  });
});

test("stats tell what is stored and what was lost", async () => {
  history.recordServer(1, START, report({}));
  history.recordServer(-1, START, report({}));
  history.recordServer(1, START, new Float64Array(17).fill(Number.NaN));
  history.recordServer(1, START - 40 * 86_400_000, report({}));
  history.recordProbe(2 ** 40, 1, START, 1, true);
  await history.flush();
  expect(await history.stats()).toMatchObject({
    enabled: true,
    state: "writing",
    series: 17,
    points: 0,
    budgetBytes: 2 ** 30,
    dropped: { bufferFull: 0, stopped: 0, time: 1, notFinite: 1, id: 2 },
  });
});

test("a full buffer drops the newest sample and counts it", async () => {
  // Nothing is taken from the worker while this function runs, so beats pile up until the limit.
  for (let count = 0; count < 60_000; count++) history.recordServer(1, START, report({ cpu: count % 100 }));
  await history.flush();
  const { dropped } = await history.stats();
  expect(dropped.bufferFull).toBeGreaterThan(0);
  expect(dropped.bufferFull).toBeLessThan(60_000);
});

test("beats bring the worker's samples to disk without being asked", async () => {
  history.recordServer(1, START, report({ cpu: 5 }));
  for (let beats = 0; beats < 5; beats++) clock.advance(1_000);
  await history.stats();
  await expect.poll(() => readdir(directory)).toContainEqual(expect.stringMatching(/^open-/));
});

test("switched off, it answers empty and touches no file", async () => {
  await history.close();
  await rm(directory, { recursive: true, force: true });
  history = start(false);
  history.recordServer(1, START, report({ cpu: 1 }));
  history.recordProbe(1, 1, START, 1, true);
  history.dropServer(1);
  history.dropService(1);
  expect(history.enabled).toBe(false);
  expect(await history.serverMetricPoints(1, "cpu", "1d", START)).toBe("[]");
  expect(await all(history.serviceHistory(1, [1], "1d", START))).toEqual([]);
  expect(await all(history.serverServices(1, [1], "1d", START))).toEqual([]);
  expect(await history.stats()).toMatchObject({ enabled: false, state: "disabled" });
  await expect(readdir(directory)).rejects.toThrow("ENOENT");
});

test("a worker that cannot open the folder is reported, and questions are refused", async () => {
  await history.close();
  await rm(directory, { recursive: true });
  await writeFile(directory, "a file where the folder should be");
  history = start();
  await expect(history.serverMetricPoints(1, "cpu", "1d", START)).rejects.toThrow("history");
  expect(await history.stats()).toMatchObject({ state: "worker-failed" });
  expect(errors).toEqual(["the history worker has ended"]);
});

test("what is dropped while there is no worker is dropped when there is one again", async () => {
  history.recordServer(1, START, report({ cpu: 1 }));
  history.recordServer(2, START, report({ cpu: 2 }));
  history.recordProbe(5, 2, START, 3, true);
  await history.close();
  await rename(directory, `${directory}.aside`);
  await writeFile(directory, "a file where the folder should be");
  history = start();
  history.dropServer(1);
  await expect.poll(() => errors).toContain("history could not be dropped yet");
  history.dropService(5);
  await rm(directory);
  await rename(`${directory}.aside`, directory);
  clock.advance(10_000);
  expect(await history.serverMetricPoints(2, "cpu", "1d", START + 20_000)).not.toBe("[]");
  expect(await history.serverMetricPoints(1, "cpu", "1d", START + 20_000)).toBe("[]");
  expect(await all(history.serviceHistory(5, [2], "1d", START + 20_000))).toEqual([]);
});

test("a failed probe has no delay: it is no part of a mean, a median or the latest", async () => {
  for (const [offset, delay, up] of [
    [0, 10, true],
    [30_000, 999, false],
    [60_000, 30, true],
    [90_000, 0, false],
  ] as const)
    history.recordProbe(3, 9, START + offset, delay, up);
  const [summary] = await history.serviceSummaries(3, [9], START + 100_000);
  expect(summary).toEqual({
    serverId: 9,
    avgDelay: 20,
    totalUp: 2,
    totalDown: 2,
    last: { at: START + 80_000, delay: undefined, up: false },
  });
  const [seen] = await all(history.serviceHistory(3, [9], "7d", START + 100_000));
  expect(JSON.parse(seen?.dataPoints ?? "")).toEqual([{ ts: Date.UTC(2026, 0, 10, 12), delay: 20, status: 0 }]);
});
