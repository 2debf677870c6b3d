import { describe, expect, test } from "vitest";
import type { History } from "../model.ts";
import { PERIODS } from "../periods.ts";
import { report, START } from "./history-under-test.ts";
import { pointsText } from "./points-text.ts";

/** What is told of servers. Declares tests. */
export function serverContract(opened: () => History): void {
  describe("what servers reported", () => {
    test("a report is in the answer at once: means of gauges, last values of counters", async () => {
      const history = opened();
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
      const history = opened();
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
      const history = opened();
      const bytes = 16 * 2 ** 30;
      history.recordServer(1, START - 120_000, report({ memory: bytes }));
      history.recordServer(1, START, report({ memory: bytes + 1 }));
      expect(JSON.parse(await pointsText(history.serverMetricPoints(1, "memory", "1d", START)))).toEqual([
        { ts: START - 130_000, value: bytes },
        { ts: START - 10_000, value: bytes + 1 },
      ]);
    });

    test("points outside the window are not answered", async () => {
      const history = opened();
      const { window } = PERIODS["1d"];
      history.recordServer(1, START - window - 60_000, report({ cpu: 1 }));
      history.recordServer(1, START - window + 30_000, report({ cpu: 2 }));
      const points = JSON.parse(await pointsText(history.serverMetricPoints(1, "cpu", "1d", START))) as { value: number }[];
      expect(points.map(({ value }) => value)).toEqual([2]);
      const week = JSON.parse(await pointsText(history.serverMetricPoints(1, "cpu", "7d", START))) as { value: number }[];
      expect(week.map(({ value }) => value)).toEqual([1, 2]);
    });

    test("a point of hours is the mean of its half minutes, or the highest of them", async () => {
      const history = opened();
      for (const [offset, cpu] of [
        [0, 10],
        [60_000, 80],
      ] as const)
        history.recordServer(1, START + offset, report({ cpu }));
      const of = async (stat?: "avg" | "max") =>
        JSON.parse(await pointsText(history.serverMetricPoints(1, "cpu", "30d", START + 61_000, { stat }))) as object[];
      const ts = Date.UTC(2026, 0, 10, 12);
      expect(await of()).toEqual([{ ts, value: 45 }]);
      expect(await of("avg")).toEqual([{ ts, value: 45 }]);
      expect(await of("max")).toEqual([{ ts, value: 80 }]);
    });
  });
}
