import { afterEach, expect, test, vi } from "vitest";
import type { ApiClient } from "./api-client.ts";
import { createRing, RING_FIELDS } from "./ring.ts";
import type { Reading } from "./ring.ts";
import { createTrends, lastHour } from "./trends.ts";

const STEP = 120_000;
/** Half a point into the thirtieth one. */
const NOW = 1_000_000 * STEP + 29 * STEP + STEP / 2;
const FROM = 1_000_000 * STEP;
const none = Object.fromEntries(RING_FIELDS.map((field) => [field, 0])) as Reading;
const stored = (points: readonly (number | null)[], from = FROM) => ({ from, step: STEP, servers: { 7: [...points] } });
const ringOf = (...readings: readonly (readonly [number, Partial<Reading>])[]) => {
  const ring = createRing(300);
  for (const [at, reading] of readings) ring.push(at, { ...none, ...reading });
  return ring;
};
const flat = (value: number) => Array.from({ length: 30 }, () => value);
afterEach(() => vi.useRealTimers());

test("the hour begins with what is stored, and a gap in it stays one", () => {
  const points = flat(10).map((value, i) => (i >= 5 && i < 9 ? null : value));
  const line = lastHour("cpu", stored(points), undefined, 7, NOW);
  expect(line).toEqual(points.map((point) => point ?? Number.NaN));
  expect(lastHour("cpu", stored(points), undefined, 8, NOW)).toEqual([]);
});

test("what is live goes on where the stored hour ends, and moves it along", () => {
  const later = NOW + 2 * STEP;
  const ring = ringOf(
    [NOW, { netIn: 1, netOut: 2 }],
    [later - STEP, { netIn: 30, netOut: 10 }],
    [later, { netIn: 50 }],
    [later + 1, { netIn: 70 }],
  );
  const line = lastHour("network", stored(flat(10)), ring, 7, later);
  expect(line).toEqual([...flat(10).slice(3), 3, 40, 60]);
});

test("whole stored points are believed before what this page saw of them", () => {
  const ring = ringOf([NOW - 3 * STEP, { cpu: 99 }]);
  expect(lastHour("cpu", stored(flat(10)), ring, 7, NOW)).toEqual(flat(10));
});

test("while hardly anything is stored, what comes in is drawn as it comes", () => {
  const ring = ringOf([NOW - 4_000, { memory: 1 }], [NOW - 2_000, { memory: 2 }], [NOW, { memory: 3 }]);
  expect(lastHour("memory", undefined, ring, 7, NOW)).toEqual([1, 2, 3]);
  expect(lastHour("memory", stored([...flat(0).slice(1).fill(Number.NaN), 5].map((v) => (v === 5 ? 5 : null))), ring, 7, NOW)).toEqual([
    1, 2, 3,
  ]);
});

test("the hour is asked for once the browser is idle, for whoever looks at it", async () => {
  const get = vi.fn<() => Promise<object>>(() => Promise.resolve(stored([1])));
  const idle = Promise.withResolvers<void>();
  const trends = createTrends({ get } as unknown as ApiClient, { now: () => NOW, after: () => () => {} }, () => idle.promise);
  const stop = [trends.subscribe(() => {}), trends.subscribe(() => {})];
  await Promise.resolve();
  expect(get).not.toHaveBeenCalled();
  idle.resolve();
  await vi.waitFor(() => expect(trends.state().data).toEqual(stored([1])));
  expect(get).toHaveBeenCalledExactlyOnceWith("/server/sparklines", { query: { metric: "network" } });
  for (const end of stop) end();
});
