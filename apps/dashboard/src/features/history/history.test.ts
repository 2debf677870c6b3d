import { mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { METRIC_NAMES } from "@windfire/api";
import { createFakeClock, type FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createHistory, SERVER_METRICS, type History } from "./index.ts";
import { createLastSeen } from "./last-seen.ts";
import { historyContract } from "./testing/contract.ts";
import { all, report, START, whyRefused } from "./testing/history-under-test.ts";
import { pointsText } from "./testing/points-text.ts";

const LIMITS = { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 };

let directory: string;
let clock: FakeClock;
let history: History;
const errors: string[] = [];

function start(enabled = true): History {
  return createHistory({ clock, log: { error: (text) => void errors.push(text) }, directory, limits: LIMITS, enabled });
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

historyContract("the embedded store", async () => {
  const folder = await mkdtemp(join(tmpdir(), "windfire-history-contract-"));
  const time = createFakeClock(START);
  const open = (): History =>
    createHistory({
      clock: time,
      log: { error: (text) => expect.unreachable(text) },
      directory: folder,
      limits: LIMITS,
      enabled: true,
    });
  let opened: History | undefined;
  return {
    open: async () => (opened = open()),
    async reopen() {
      await opened?.close();
      time.advance(1_000);
      return (opened = open());
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
});

test("the metrics are those of the API, in its order", () => {
  expect(SERVER_METRICS).toEqual(METRIC_NAMES);
});

describe("when a server was last seen", () => {
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
  await history.dropServers([1]);
  await history.dropServices([1]);
  expect(history.enabled).toBe(false);
  expect(await pointsText(history.serverMetricPoints(1, "cpu", "1d", START))).toBe("[]");
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
  expect(await whyRefused(history.serverMetricPoints(1, "cpu", "1d", START))).toContain("history: ");
  await whyRefused(all(history.serviceHistory(1, [1], "1d", START)));
  expect(await history.stats()).toMatchObject({ state: "worker-failed" });
  expect(errors.toSorted()).toEqual(["history cannot be read", "the history worker has ended"]);
});

test("what cannot be dropped is said, and is there until it is", async () => {
  history.recordServer(1, START, report({ cpu: 1 }));
  await history.close();
  await rename(directory, `${directory}.aside`);
  await writeFile(directory, "a file where the folder should be");
  history = start();
  await expect(history.dropServers([1])).rejects.toThrow("history");
  await rm(directory);
  await rename(`${directory}.aside`, directory);
  clock.advance(10_000);
  expect(await pointsText(history.serverMetricPoints(1, "cpu", "1d", START + 20_000))).not.toBe("[]");
  await history.dropServers([1]);
  expect(await pointsText(history.serverMetricPoints(1, "cpu", "1d", START + 20_000))).toBe("[]");
});
