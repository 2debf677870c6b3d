import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { History } from "../model.ts";
import { all, report, START } from "./history-under-test.ts";
import type { HistoryBench } from "./history-under-test.ts";
import { pointsText } from "./points-text.ts";
import { probeContract } from "./probe-contract.ts";
import { serverContract } from "./server-contract.ts";

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
    const reopen = async (): Promise<History> => (history = await bench.reopen());

    serverContract(() => history);
    probeContract(() => history, reopen);

    test("what was recorded is there after a restart; what was dropped is not", async () => {
      history.recordServer(1, START, report({ cpu: 1.25 }));
      history.recordServer(2, START, report({ cpu: 2.5 }));
      history.recordProbe(5, 1, START, 3, true);
      history.recordProbe(5, 2, START, 4, true);
      history.recordProbe(6, 2, START, 4, true);
      await history.dropServers([1]);
      await history.dropServices([6]);
      await reopen();
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
      await reopen();
      // Starting a thread may take longer than is polled for.
      await history.flush();
      await expect.poll(() => history.lastSeen(1)).toBe(START - 10_000);
      expect(history.lastSeen(2)).toBe(START - 10_000);
      expect(history.lastSeen(3)).toBeUndefined();
      history.recordServer(2, START + 60_000, report({}));
      expect(history.lastSeen(2)).toBe(START + 60_000);
    });
  });
}
