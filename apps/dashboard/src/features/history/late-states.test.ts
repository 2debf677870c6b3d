import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeDisk, openStore } from "@windfire/tsdb";
import type { Store } from "@windfire/tsdb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FAMILIES, SERVER_FAMILY } from "./columns.ts";
import { coverageOf } from "./coverage.ts";
import { fillServer, LATE_LENGTH } from "./late-states.ts";

const START = Date.UTC(2026, 4, 18, 12);
const MINUTE_MS = 60_000;
const LIMITS = { rawDays: 30, fiveMinuteDays: 400, hourDays: 3_660, sizeBudgetBytes: 2 ** 30, minFreeBytes: 0 };

let folder: string;
let store: Store;
const time = { now: START, monotonic: 0 };

const open = (): Promise<Store> =>
  openStore({
    folder,
    families: FAMILIES,
    limits: LIMITS,
    disk: nodeDisk,
    clock: { now: () => time.now, monotonic: () => time.monotonic },
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-late-"));
  Object.assign(time, { now: START, monotonic: 0 });
  store = await open();
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** States of these minutes after the start; the processor says which. */
function states(minutes: readonly number[], offset = 0): Float64Array {
  return Float64Array.from(
    minutes.flatMap((minute) => [START + minute * MINUTE_MS, minute + offset, ...Array<number>(LATE_LENGTH - 2).fill(1)]),
  );
}
const live = (minutes: readonly number[]): void => {
  for (const minute of minutes) store.append(SERVER_FAMILY, 1, START + minute * MINUTE_MS, states([minute]), 1);
};
async function processor(): Promise<Record<number, number>> {
  const { starts, columns } = await store.query({
    family: SERVER_FAMILY,
    group: 1,
    columns: [{ column: "cpu" }],
    from: START,
    to: START + 6 * 60 * MINUTE_MS,
    step: 30_000,
  });
  return Object.fromEntries(Array.from(starts, (start, index) => [(start - START) / MINUTE_MS, columns[0]?.[index] as number]));
}
async function pass(minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 10) {
    time.now += 10 * MINUTE_MS;
    time.monotonic += 10 * MINUTE_MS;
    await store.maintain();
  }
}

test("late states fill what is free, and what is there stays", async () => {
  live([0, 1, 5]);
  time.now = START + 6 * MINUTE_MS;
  expect(await fillServer(store, 1, states([1, 2, 3, 4, 5], 0.5))).toBe(3);
  expect(await processor()).toEqual({ 0: 0, 1: 1, 2: 2.5, 3: 3.5, 4: 4.5, 5: 5 });
});

test("what is handed over twice counts once", async () => {
  live([0, 5]);
  time.now = START + 6 * MINUTE_MS;
  await fillServer(store, 1, states([2, 3]));
  const once = await processor();
  expect(await fillServer(store, 1, states([2, 3], 40))).toBe(0);
  live([6]);
  expect(await processor()).toEqual({ ...once, 6: 6 });
});

test("several states of one point are its mean", async () => {
  time.now = START + 6 * MINUTE_MS;
  expect(await fillServer(store, 1, states([2, 2.1, 2.2]))).toBe(3);
  expect((await processor())[2]).toBeCloseTo(2.1);
});

test("they find their place among points that are sealed long since, now and after a start", async () => {
  live(Array.from({ length: 60 }, (_, minute) => minute));
  await pass(240);
  live([245]);
  expect(await fillServer(store, 1, states([30, 100, 101]))).toBe(2);
  const seen = await processor();
  expect(Object.keys(seen)).toHaveLength(63);
  expect([seen[30], seen[100], seen[101], seen[245]]).toEqual([30, 100, 101, 245]);
  await store.close();
  store = await open();
  expect(await processor()).toEqual(seen);
  expect(await fillServer(store, 1, states([100, 101], 40))).toBe(0);
  await pass(240);
  expect(await processor()).toEqual(seen);
});

test("a start in the middle of a hand-over loses nothing that was receipted, and the next hand-over brings the rest once", async () => {
  live([0]);
  time.now = START + 6 * MINUTE_MS;
  await fillServer(store, 1, states([1, 2]));
  // Killed before the second message was on disk: the logs are all there is.
  const killed = store;
  const begun = states([3, 4]);
  for (let at = 0; at < begun.length; at += LATE_LENGTH) killed.append(SERVER_FAMILY, 1, begun[at] as number, begun, at + 1);
  store = await open();
  expect(await processor()).toEqual({ 0: 0, 1: 1, 2: 2 });
  expect(await fillServer(store, 1, states([3, 4]))).toBe(2);
  expect(await fillServer(store, 1, states([1, 2, 3, 4]))).toBe(0);
  expect(await processor()).toEqual({ 0: 0, 1: 1, 2: 2, 3: 3, 4: 4 });
});

/** Spans in minutes after the start. */
async function coverage(expectedFrom: number, from = 0): Promise<[number, number, string][]> {
  const { spans } = await coverageOf(store, {
    serverId: 1,
    from: START + from * MINUTE_MS,
    now: time.now,
    expectedFrom: START + expectedFrom * MINUTE_MS,
  });
  return spans.map((span) => [(span.from - START) / MINUTE_MS, (span.to - START) / MINUTE_MS, span.state]);
}

test("spans say what is lost, what came late and what may still come; the rest is complete", async () => {
  live([0, 0.5, 1, 5, 5.5]);
  time.now = START + 8.7 * MINUTE_MS;
  await fillServer(store, 1, states([2, 2.5, 3]));
  const spans = [
    [1.5, 2, "lost"],
    [2, 3.5, "late"],
    [3.5, 5, "lost"],
    [6, 7, "lost"],
    [7, 8.5, "expected"],
  ];
  expect(await coverage(7)).toEqual(spans);
  await store.close();
  store = await open();
  expect(await coverage(7)).toEqual(spans);
  expect(await coverage(100, 4)).toEqual([
    [4, 5, "lost"],
    [6, 8.5, "lost"],
  ]);
});

test("a span is late after it was sealed too, and nothing is when the server is another", async () => {
  live([0]);
  time.now = START + 6 * MINUTE_MS;
  await fillServer(store, 1, states([1, 1.5]));
  await pass(24 * 60);
  expect((await coverage(1e6)).slice(0, 3)).toEqual([
    [0.5, 1, "lost"],
    [1, 2, "late"],
    [2, 1446, "lost"],
  ]);
  const other = await coverageOf(store, { serverId: 2, from: START, now: START + 2 * MINUTE_MS, expectedFrom: 0 });
  expect(other.spans).toEqual([{ from: START, to: START + 2 * MINUTE_MS, state: "expected" }]);
});

test("of a server that comes and goes without end the spans get longer, and none of them hides a loss", async () => {
  const minutes = Array.from({ length: 2_880 }, (_, slot) => slot);
  live(minutes);
  time.now = START + 2_880 * MINUTE_MS;
  const spans = await coverage(1e6);
  expect(spans.length).toBeLessThanOrEqual(2_000);
  expect(spans.every(([, , state]) => state === "lost")).toBe(true);
});

test("what only roll-ups are left of is not judged", async () => {
  live([0]);
  for (let day = 0; day < 33; day++) {
    store.append(SERVER_FAMILY, 1, time.now, states([0]), 1);
    await pass(24 * 60);
  }
  const answer = await coverageOf(store, { serverId: 1, from: START, now: time.now, expectedFrom: time.now });
  expect(answer.from).toBeGreaterThan(START);
  expect(answer.from).toBe(store.pointsFrom());
  expect(answer.spans[0]?.from).toBe(answer.from);
});
