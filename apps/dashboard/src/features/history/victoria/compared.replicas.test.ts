import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVictoriaMetrics } from "@windfire/testkit";
import type { VictoriaMetricsServer } from "@windfire/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHistory, PROBE_PERIODS } from "../index.ts";
import type { History, ServiceServerHistory } from "../index.ts";
import { SERVER_METRICS } from "../metrics.ts";
import { all, report, START } from "../testing/history-under-test.ts";
import { pointsText } from "../testing/points-text.ts";
import { createVictoriaBench } from "./testing/victoria-bench.ts";

/**
 * What differs between the two, by name:
 * - `weights`: of a bucket of half an hour and more the mean of gauges is that of its half minutes; the embedded store weighs each by its reports.
 * - `percentiles`: p95 of such buckets lies between two values where the embedded store takes one of them.
 * - `years`: past 32 days the mean of delays is that of half minutes, whatever the results in each.
 */
const TOLERANCE = { exact: 0.006, weights: 0.02, percentiles: 0.3, years: 0.02 };
const DAY_MS = 86_400_000;
const STEP_MS = 17 * 60_000;
/** Answers are read this long after the last sample, so that nothing is in a bucket that runs. */
const LATER_MS = 3 * 3_600_000;
const now = START + LATER_MS;

let server: VictoriaMetricsServer;
let embedded: History;
let victoria: History;
const bench = createVictoriaBench(now - 29 * DAY_MS, "compared-with-embedded");
let folder: string;

beforeAll(async () => {
  server = await startVictoriaMetrics();
  folder = await mkdtemp(join(tmpdir(), "windfire-compared-"));
  const limits = { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 };
  const log = { error: (text: string) => expect.unreachable(text) };
  embedded = createHistory({ clock: bench.clock, log, directory: folder, limits, enabled: true });
  const writer = await bench.open({ url: server.url });
  await record([embedded, writer]);
  await writer.close();
  await server.settle();
  bench.clock.advance(now - bench.clock.now());
  victoria = await bench.open({ url: server.url });
}, 120_000);
afterAll(async () => {
  await embedded.close();
  await bench.remove();
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Thirty days less one, each figure told by its place: gauges that walk, counters that grow, probes that fail now and then. */
async function record(histories: readonly History[]): Promise<void> {
  let count = 0;
  for (let at = START - 28 * DAY_MS; at <= START; at += STEP_MS) {
    const wave = Math.sin(count / 9);
    const delay = 20 + 10 * wave + (count % 7);
    for (const history of histories) {
      for (const id of [1, 2]) {
        const values = {
          cpu: 50 + 40 * wave + id,
          memory: 2 ** 33 + count * 1_024,
          net_in_transfer: count * 1e6,
          load1: 1 + wave,
          uptime: count,
        };
        history.recordServer(id, at, report(values));
        history.recordProbe(5, id, at, delay * id, count % 11 !== 0, {
          loss: count % 11 === 0 ? 1 : 0,
          jitter: count % 11 === 0 ? undefined : 2,
        });
        history.recordProbe(6, id, at + 1_000, 3, true);
      }
      if (count % 100 === 0) await history.flush();
    }
    bench.clock.advance(at - bench.clock.now());
    count++;
  }
  for (const history of histories) await history.flush();
}

interface Point {
  readonly ts: number;
  readonly [name: string]: number;
}

function expectAlike(ours: readonly Point[], theirs: readonly Point[], what: string, tolerances: Readonly<Record<string, number>>): void {
  expect(
    theirs.map(({ ts }) => ts),
    what,
  ).toEqual(ours.map(({ ts }) => ts));
  for (const [index, point] of ours.entries()) {
    for (const [name, value] of Object.entries(point)) {
      const found = theirs[index]?.[name];
      const allowed = (tolerances[name] ?? 0) * Math.max(1, Math.abs(value));
      expect(Math.abs((found ?? Number.NaN) - value), `${what} ${point.ts} ${name}: ${value}, ${found}`).toBeLessThanOrEqual(allowed);
    }
  }
}

test.each(["1d", "7d", "30d"] as const)("metrics of %s are those of the embedded store within rounding", async (period) => {
  for (const metric of SERVER_METRICS) {
    for (const stat of ["avg", "max"] as const) {
      const [ours, theirs] = await Promise.all(
        [embedded, victoria].map(
          async (history) => JSON.parse(await pointsText(history.serverMetricPoints(1, metric, period, now, { stat }))) as Point[],
        ),
      );
      expectAlike(ours ?? [], theirs ?? [], `${metric} ${stat}`, { value: period === "1d" ? TOLERANCE.exact : TOLERANCE.weights });
    }
  }
});

test.each(Object.keys(PROBE_PERIODS) as (keyof typeof PROBE_PERIODS)[])(
  "what servers see of a service in %s is the same",
  async (period) => {
    const read = async (history: History): Promise<ServiceServerHistory[]> => all(history.serviceHistory(5, [1, 2, 3], period, now, true));
    const [ours, theirs] = await Promise.all([read(embedded), read(victoria)]);
    expect(theirs.map(({ serverId }) => serverId)).toEqual([1, 2]);
    const isLong = !["1d", "7d", "30d"].includes(period);
    for (const [index, of] of ours.entries()) {
      const found = theirs[index] as ServiceServerHistory;
      expect([found.totalUp, found.totalDown, found.upPercent]).toEqual([of.totalUp, of.totalDown, of.upPercent]);
      expect(Math.abs(found.avgDelay - of.avgDelay)).toBeLessThan(of.avgDelay * (isLong ? TOLERANCE.years : 1e-3));
      expect(found.spread.loss).toBeCloseTo(of.spread.loss, 2);
      expect(found.spread.jitter).toBeCloseTo(of.spread.jitter ?? Number.NaN, 2);
      const tolerances = { delay: isLong ? TOLERANCE.years : 1e-3, loss: 0.02, jitter: 0.01, p95: TOLERANCE.percentiles };
      expectAlike(JSON.parse(of.dataPoints) as Point[], JSON.parse(found.dataPoints) as Point[], `service of ${of.serverId}`, tolerances);
    }
  },
);

test.each(["1d", "7d", "30d"] as const)("what a server sees of its services in %s is the same", async (period) => {
  const read = async (history: History) =>
    (await all(history.serverServices(1, [5, 6], period, now))).map(({ serviceId, createdAt, avgDelay }) => {
      const delays = JSON.parse(avgDelay) as number[];
      return { serviceId, points: (JSON.parse(createdAt) as number[]).map((ts, index) => ({ ts, delay: delays[index] ?? Number.NaN })) };
    });
  const [ours, theirs] = await Promise.all([read(embedded), read(victoria)]);
  expect(theirs.map(({ serviceId }) => serviceId)).toEqual([5, 6]);
  for (const [index, { points }] of ours.entries()) expectAlike(points, theirs[index]?.points ?? [], "delays", { delay: 1e-3 });
});

test("short summaries, sparklines, series, coverage and last sight are the same", async () => {
  const read = async (history: History) => ({
    summaries: await history.serviceSummaries(5, [1, 2], now),
    sparklines: [...(await history.sparklines([1, 2, 3], ["cpu"], START)).texts],
    series: await history.serverSeries(2, ["uptime", "memory"], START - DAY_MS, START),
    probes: await history.probeSeries(5, [1, 2], START - DAY_MS, START),
    coverage: await history.coverage(1, START - DAY_MS, START, START),
  });
  const [ours, theirs] = await Promise.all([read(embedded), read(victoria)]);
  expect(theirs.sparklines).toEqual(ours.sparklines);
  expect(theirs.series).toEqual(ours.series);
  expect(theirs.coverage).toEqual(ours.coverage);
  expect([...theirs.probes.starts]).toEqual([...ours.probes.starts]);
  for (const [index, delay] of ours.probes.delays.entries()) {
    if (Number.isNaN(delay)) expect(theirs.probes.delays[index]).toBeNaN();
    else expect(theirs.probes.delays[index]).toBeCloseTo(delay, 1);
  }
  for (const [index, { avgDelay, ...rest }] of ours.summaries.entries()) {
    expect(theirs.summaries[index]?.avgDelay).toBeCloseTo(avgDelay, 1);
    expect(theirs.summaries[index]).toMatchObject({
      totalUp: rest.totalUp,
      totalDown: rest.totalDown,
      last: { at: rest.last.at, up: rest.last.up },
    });
  }
  const seen = embedded.lastSeen(2) ?? 0;
  await bench.until(async () => victoria.lastSeen(2) === seen - (seen % 30_000));
});
