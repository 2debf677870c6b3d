import { describe, expect, test } from "vitest";
import type { History } from "../model.ts";
import { all, START } from "./history-under-test.ts";

/** What is told of services. Declares tests. */
export function probeContract(opened: () => History, reopen: () => Promise<History>): void {
  describe("what servers saw of services", () => {
    test("a service's history: status by majority, mean of the delays of successful probes, raw totals", async () => {
      const history = opened();
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
      const history = opened();
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

    test("a failed probe has no delay: it is no part of a mean, a median or the latest", async () => {
      const history = opened();
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
      let history = opened();
      for (const [offset, delay, up, loss, jitter] of [
        [0, 10, true, 0, undefined],
        [30_000, 40, true, 0.5, 30],
        [60_000, 0, false, 1, undefined],
        [90_000, 20, true, 0, 20],
      ] as const)
        history.recordProbe(3, 9, START + offset, delay, up, { loss, jitter });
      for (const again of [false, true]) {
        if (again) history = await reopen();
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
