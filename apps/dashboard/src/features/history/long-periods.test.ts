import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@windfire/testkit";
import { nodeDisk, openStore } from "@windfire/tsdb";
import { expect, test } from "vitest";
import { createAnswers } from "./answers.ts";
import { FAMILIES, PROBE_FAMILY, probeKey } from "./columns.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2025, 0, 1, 12);
const DAYS = 120;
/** Ten points of a day: delays in milliseconds; the last one failed. */
const DELAYS = [10, 12, 10, 12, 10, 12, 10, 12, 100, Number.NaN];

test("of years a service's loss, jitter and p95 are answered from roll-ups", async () => {
  const folder = await mkdtemp(join(tmpdir(), "windfire-long-"));
  const clock = createFakeClock(START);
  const breathe = async () => undefined;
  const limits = { rawDays: 2, fiveMinuteDays: 30, hourDays: 3660, sizeBudgetBytes: 2 ** 30, minFreeBytes: 0 };
  const store = await openStore({ folder, families: FAMILIES, limits, disk: nodeDisk, clock, breathe });
  try {
    for (let day = 0; day < DAYS; day++) {
      for (const [index, delay] of DELAYS.entries()) {
        const up = Number.isNaN(delay) ? 0 : 1;
        store.append(
          PROBE_FAMILY,
          probeKey(3, 9),
          clock.now() + index * 30_000,
          Float64Array.of(delay, up, 1 - up, 1 - up, up === 1 ? 5 : delay),
        );
      }
      clock.advance(DAY_MS);
      await store.maintain();
    }
    await store.flush();
    const files = await readdir(folder);
    expect([files.some((file) => file.startsWith("hour-")), files.some((file) => file.startsWith("five-"))]).toEqual([true, true]);
    const answers = createAnswers({ store, breathe });
    for (const [period, count] of [
      ["90d", 90],
      ["1y", DAYS],
      ["10y", 12],
    ] as const) {
      const [seen] = (await answers.serviceHistory(3, [9], period, clock.now(), true)).items;
      expect(seen, period).toMatchObject({ spread: { loss: 0.1, jitter: 5 }, upPercent: 90 });
      // What is put together of roll-ups lies between what their points say.
      expect(seen?.spread.p95, period).toBeGreaterThan(12);
      expect(seen?.spread.p50, period).toBeLessThan(seen?.spread.p95 ?? 0);
      const points = JSON.parse(seen?.dataPoints ?? "[]") as { status: number; loss: number; delay: number; jitter: number; p95: number }[];
      expect(Math.abs(points.length - count), period).toBeLessThanOrEqual(1);
      for (const point of points) {
        expect(point).toMatchObject({ status: 1, loss: 10, jitter: 5 });
        expect(point.delay).toBeCloseTo(188 / 9, 1);
        expect(point.p95).toBeGreaterThan(12);
      }
    }
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});
