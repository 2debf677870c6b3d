import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SERVER_METRICS } from "../metrics.ts";
import { PERIODS } from "../periods.ts";
import type { History } from "../model.ts";
import { pointsText } from "./points-text.ts";

/** Saturday noon and ten seconds: inside a point of every period. */
export const START = Date.UTC(2026, 0, 10, 12, 0, 10);

/** A history that is being tested, on a place of its own that outlives it. */
export interface HistoryBench {
  open(): Promise<History>;
  /** Closes the history and opens it on the same place, as a restart does. */
  reopen(): Promise<History>;
  remove(): Promise<void>;
}

/** One report, the values not named being 0. */
export function report(changes: Partial<Record<(typeof SERVER_METRICS)[number], number>>): Float64Array {
  return Float64Array.from(SERVER_METRICS, (name) => changes[name] ?? 0);
}

/** All pages of an answer in one list. */
export async function all<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

/** What every history answers, wherever it keeps its points. */
export function historyContract(name: string, makeBench: () => Promise<HistoryBench>): void {
  describe(`the history of ${name}`, () => {
    let bench: HistoryBench;
    let history: History;
    beforeEach(async () => {
      bench = await makeBench();
      history = await bench.open();
    });
    afterEach(async () => {
      await history.close();
      await bench.remove();
    });

    test("a report is in the answer at once: means of gauges, last values of counters", async () => {
      history.recordServer(7, START, report({ cpu: 10, net_in_transfer: 500, uptime: 60 }));
      history.recordServer(7, START + 1_000, report({ cpu: 20.5, net_in_transfer: 700, uptime: 61 }));
      const now = START + 2_000;
      expect(JSON.parse(await pointsText(history.serverMetricPoints(7, "cpu", "1d", now)))).toEqual([{ ts: START - 10_000, value: 15.25 }]);
      expect(await pointsText(history.serverMetricPoints(7, "net_in_transfer", "1d", now))).toBe(`[{"ts":${START - 10_000},"value":700}]`);
      expect(JSON.parse(await pointsText(history.serverMetricPoints(7, "uptime", "7d", now)))).toEqual([
        { ts: Date.UTC(2026, 0, 10, 12), value: 61 },
      ]);
      expect(await pointsText(history.serverMetricPoints(8, "cpu", "1d", now))).toBe("[]");
      const { starts, columns } = await history.serverSeries(7, ["uptime", "cpu"], START - 60_000, now);
      expect([[...starts], ...columns.map((column) => [...column])]).toEqual([[START - 10_000], [61], [15.25]]);
      expect((await history.serverSeries(8, ["cpu"], START - 60_000, now)).starts).toHaveLength(0);
    });

    test("the last hour of many servers is one answer, in points of two minutes", async () => {
      const now = START + 60_000;
      history.recordServer(1, now - 3_700_000, report({ cpu: 99 }));
      history.recordServer(1, now - 600_000, report({ cpu: 10, net_in_speed: 3 }));
      history.recordServer(1, now - 570_000, report({ cpu: 20.26, net_out_speed: 7 }));
      history.recordServer(1, now, report({ cpu: 50 }));
      const { from, texts } = await history.sparklines([1, 2], ["cpu"], now);
      expect([...texts.keys()]).toEqual([1]);
      const points = JSON.parse(texts.get(1) ?? "") as (number | null)[];
      expect(points).toHaveLength(30);
      const known = points.flatMap((value, i) => (value === null ? [] : [[from + i * 120_000, value]]));
      expect(known).toEqual([
        [START - 610_000, 15.1],
        [START - 10_000, 50],
      ]);
      expect(JSON.parse((await history.sparklines([1], ["net_in_speed", "net_out_speed"], now)).texts.get(1) ?? "")).toContain(5);
    });

    test("16 GiB come back exactly, and buckets without samples are left out", async () => {
      const bytes = 16 * 2 ** 30;
      history.recordServer(1, START - 120_000, report({ memory: bytes }));
      history.recordServer(1, START, report({ memory: bytes + 1 }));
      expect(JSON.parse(await pointsText(history.serverMetricPoints(1, "memory", "1d", START)))).toEqual([
        { ts: START - 130_000, value: bytes },
        { ts: START - 10_000, value: bytes + 1 },
      ]);
    });

    test("points outside the window are not answered", async () => {
      const { window } = PERIODS["1d"];
      history.recordServer(1, START - window - 60_000, report({ cpu: 1 }));
      history.recordServer(1, START - window + 30_000, report({ cpu: 2 }));
      const points = JSON.parse(await pointsText(history.serverMetricPoints(1, "cpu", "1d", START))) as { value: number }[];
      expect(points.map(({ value }) => value)).toEqual([2]);
      const week = JSON.parse(await pointsText(history.serverMetricPoints(1, "cpu", "7d", START))) as { value: number }[];
      expect(week.map(({ value }) => value)).toEqual([1, 2]);
    });

    test("a point of hours is the mean of its half minutes, or the highest of them", async () => {
      for (const [offset, cpu] of [
        [0, 10],
        [60_000, 80],
      ] as const)
        history.recordServer(1, START + offset, report({ cpu }));
      const of = async (stat?: "avg" | "max") =>
        JSON.parse(await pointsText(history.serverMetricPoints(1, "cpu", "30d", START + 61_000, stat))) as object[];
      const ts = Date.UTC(2026, 0, 10, 12);
      expect(await of()).toEqual([{ ts, value: 45 }]);
      expect(await of("avg")).toEqual([{ ts, value: 45 }]);
      expect(await of("max")).toEqual([{ ts, value: 80 }]);
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
        services.map(({ serviceId, createdAt, avgDelay }) => [
          serviceId,
          JSON.parse(createdAt) as unknown,
          JSON.parse(avgDelay) as unknown,
        ]),
      ).toEqual([
        [3, [START - 10_000, START + 20_000], [15, 8]],
        [4, [START - 10_000], [7]],
      ]);
    });

    test("what several servers saw of a service at the same time is one point, in which each result counts once", async () => {
      history.recordProbe(3, 1, START, 10, true, { loss: 0, jitter: undefined });
      history.recordProbe(3, 1, START + 1_000, 20, true, { loss: 0.5, jitter: undefined });
      history.recordProbe(3, 2, START, 60, true);
      history.recordProbe(3, 9, START, 1_000, true);
      history.recordProbe(3, 2, START + 30_000, 0, false);
      history.recordProbe(4, 1, START, 7, true);
      const { starts, delays, losses } = await history.probeSeries(3, [1, 2, 8], START - 60_000, START + 60_000);
      expect([...starts]).toEqual([START - 10_000, START + 20_000]);
      expect([...delays]).toEqual([30, Number.NaN]);
      expect(losses[0]).toBeCloseTo(0.5 / 3, 9);
      expect(losses[1]).toBe(1);
      expect((await history.probeSeries(3, [1, 2], START + 60_000, START + 90_000)).starts).toHaveLength(0);
    });

    test("what was recorded is there after a restart; what was dropped is not", async () => {
      history.recordServer(1, START, report({ cpu: 1.25 }));
      history.recordServer(2, START, report({ cpu: 2.5 }));
      history.recordProbe(5, 1, START, 3, true);
      history.recordProbe(5, 2, START, 4, true);
      history.recordProbe(6, 2, START, 4, true);
      await history.dropServers([1]);
      await history.dropServices([6]);
      history = await bench.reopen();
      expect(await pointsText(history.serverMetricPoints(1, "cpu", "1d", START + 1_000))).toBe("[]");
      expect(await pointsText(history.serverMetricPoints(2, "cpu", "1d", START + 1_000))).toContain('"value":2.5}');
      expect((await all(history.serviceHistory(5, [1, 2], "1d", START + 1_000))).map(({ serverId }) => serverId)).toEqual([2]);
      expect(await all(history.serviceHistory(6, [1, 2], "1d", START + 1_000))).toEqual([]);
    });

    test("when a server was last seen is known at once from its report, and after a restart from what is stored", async () => {
      expect(history.lastSeen(1)).toBeUndefined();
      history.recordServer(1, START + 3_000, report({}));
      history.recordServer(1, START + 1_000, report({}));
      history.recordServer(2, START, report({}));
      history.recordServer(3, START, report({}));
      expect(history.lastSeen(1)).toBe(START + 3_000);
      await history.dropServers([3]);
      expect(history.lastSeen(3)).toBeUndefined();
      history = await bench.reopen();
      await expect.poll(() => history.lastSeen(1)).toBe(START - 10_000);
      expect(history.lastSeen(2)).toBe(START - 10_000);
      expect(history.lastSeen(3)).toBeUndefined();
      history.recordServer(2, START + 60_000, report({}));
      expect(history.lastSeen(2)).toBe(START + 60_000);
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
        spread: { loss: 0.5, jitter: undefined, p50: 10, p95: 30 },
        last: { at: START + 80_000, delay: undefined, up: false },
      });
      const [seen] = await all(history.serviceHistory(3, [9], "7d", START + 100_000));
      expect(JSON.parse(seen?.dataPoints ?? "")).toEqual([{ ts: Date.UTC(2026, 0, 10, 12), delay: 20, status: 0 }]);
    });

    test("loss, jitter and percentiles are kept beside the delay; in detail nothing that is unknown is 0", async () => {
      for (const [offset, delay, up, loss, jitter] of [
        [0, 10, true, 0, undefined],
        [30_000, 40, true, 0.5, 30],
        [60_000, 0, false, 1, undefined],
        [90_000, 20, true, 0, 20],
      ] as const)
        history.recordProbe(3, 9, START + offset, delay, up, { loss, jitter });
      for (const again of [false, true]) {
        if (again) history = await bench.reopen();
        const [day] = await all(history.serviceHistory(3, [9], "1d", START + 100_000, true));
        expect(day?.spread).toEqual({ loss: 0.375, jitter: 25, p50: 20, p95: 40 });
        expect(JSON.parse(day?.dataPoints ?? "")).toEqual([
          { ts: START - 10_000, status: 1, loss: 0, delay: 10, p95: 10 },
          { ts: START + 20_000, status: 1, loss: 50, delay: 40, jitter: 30, p95: 40 },
          { ts: START + 50_000, status: 0, loss: 100 },
          { ts: START + 80_000, status: 1, loss: 0, delay: 20, jitter: 20, p95: 20 },
        ]);
        const [week] = await all(history.serviceHistory(3, [9], "7d", START + 100_000, true));
        expect(week?.spread).toEqual({ loss: 0.375, jitter: 25, p50: 20, p95: 40 });
        expect(JSON.parse(week?.dataPoints ?? "")).toMatchObject([{ status: 1, loss: 37.5, jitter: 25, p95: 40 }]);
      }
    });
  });
}
