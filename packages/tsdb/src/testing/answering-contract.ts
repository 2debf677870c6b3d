import { describe, expect, test } from "vitest";
import { CONTRACT_START } from "./contract-families.ts";
import { pointsOf } from "./store-under-test.ts";
import type { Store } from "../store-types.ts";

const SLOT = 30_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What is taken, and how it is answered at once. Declares tests. */
export function answeringContract(opened: () => Store): void {
  describe("what is taken", () => {
    const load = (from: number, to: number, step: number): Promise<[number, number][]> =>
      pointsOf(opened(), "host", "load", { from, to, step });

    test("samples of one slot become one point: the mean of gauges, the last of counters, the sum of counts", async () => {
      const store = opened();
      for (const [offset, value, bytes] of [
        [0, 1, 100],
        [10_000, 2, 200],
        [29_999, 6, 300],
        [30_000, 8, 400],
      ] as const) {
        store.append("host", 1, CONTRACT_START + offset, [value, bytes]);
        store.append("probe", 1, CONTRACT_START + offset, [value, 1]);
      }
      const answer = await store.query({
        family: "host",
        group: 1,
        columns: [{ column: "load" }, { column: "bytes" }],
        from: CONTRACT_START,
        to: CONTRACT_START + SLOT,
        step: SLOT,
      });
      expect([...answer.starts]).toEqual([CONTRACT_START, CONTRACT_START + SLOT]);
      expect([...answer.counts]).toEqual([3, 1]);
      expect(answer.columns.map((column) => [...column])).toEqual([
        [3, 8],
        [300, 400],
      ]);
      expect(await pointsOf(store, "probe", "up", { from: CONTRACT_START, to: CONTRACT_START + SLOT, step: SLOT })).toEqual([
        [CONTRACT_START, 3],
        [CONTRACT_START + SLOT, 1],
      ]);
    });

    test("buckets begin at multiples of their length, weigh by samples, and are left out when empty", async () => {
      const store = opened();
      const base = CONTRACT_START + 5 * 60_000;
      store.append("host", 1, base, [1, 0]);
      store.append("host", 1, base + SLOT, [4, 0]);
      store.append("host", 1, base + SLOT + 1_000, [4, 0]);
      store.append("host", 1, base + 2 * HOUR, [7, 0]);
      expect(await load(base, base + 3 * HOUR, HOUR / 2)).toEqual([
        [CONTRACT_START, 3],
        [CONTRACT_START + 2 * HOUR, 7],
      ]);
    });

    test("a window takes whole points at both ends and nothing beyond", async () => {
      const store = opened();
      for (let slot = 0; slot < 10; slot++) store.append("host", 1, CONTRACT_START + slot * SLOT, [slot, 0]);
      const points = await load(CONTRACT_START + 2.5 * SLOT, CONTRACT_START + 4.5 * SLOT, SLOT);
      expect(points.map(([, value]) => value)).toEqual([2, 3, 4]);
    });

    test("late and early samples find their place", async () => {
      const store = opened();
      const offsets = [40, 10, 30, 10, 40, 20, -3];
      for (const offset of offsets) store.append("host", 1, CONTRACT_START + offset * SLOT, [offset, offset]);
      expect(await load(CONTRACT_START - DAY, CONTRACT_START + DAY, SLOT)).toEqual(
        [-3, 10, 20, 30, 40].map((offset) => [CONTRACT_START + offset * SLOT, offset]),
      );
    });

    test("values that are no numbers are never stored; the others of the sample are", async () => {
      const store = opened();
      store.append("host", 1, CONTRACT_START, [Number.NaN, 5]);
      store.append("host", 1, CONTRACT_START + 1, [2, Number.POSITIVE_INFINITY]);
      store.append("host", 2, CONTRACT_START, [Number.NaN, Number.NEGATIVE_INFINITY]);
      const answer = await store.query({
        family: "host",
        group: 1,
        columns: [{ column: "load" }, { column: "bytes" }],
        from: CONTRACT_START,
        to: CONTRACT_START,
        step: SLOT,
      });
      expect(answer.columns.map((column) => [...column])).toEqual([[2], [5]]);
      expect((await store.stats()).dropped.notFinite).toBe(1);
      expect(await pointsOf(store, "host", "load", { from: 0, to: CONTRACT_START + DAY, step: HOUR }, 2)).toEqual([]);
    });

    test("a mean is that of the values that are there, also where some samples have none", async () => {
      const store = opened();
      for (const [offset, delay] of [
        [0, 10],
        [1, Number.NaN],
        [2, Number.NaN],
        [3, 20],
      ] as const)
        store.append("probe", 1, CONTRACT_START + offset, [delay, Number.isNaN(delay) ? 0 : 1]);
      const window = { from: CONTRACT_START, to: CONTRACT_START, step: SLOT };
      expect(await pointsOf(store, "probe", "delay", window)).toEqual([[CONTRACT_START, 15]]);
      expect(await pointsOf(store, "probe", "up", window)).toEqual([[CONTRACT_START, 2]]);
      expect([await store.has("probe", 1), await store.has("probe", 2), await store.has("host", 1)]).toEqual([true, false, false]);
    });

    test("samples older than what is kept are refused and counted", async () => {
      const store = opened();
      store.append("host", 1, CONTRACT_START - 400 * DAY, [1, 1]);
      store.append("host", 1, Number.NaN, [1, 1]);
      store.append("host", 1, -1, [1, 1]);
      expect((await store.stats()).dropped.time).toBe(3);
      expect(await store.groups("host")).toEqual([]);
    });

    test("what it does not know is an error that says so", async () => {
      const store = opened();
      const query = { family: "host", group: 1, columns: [{ column: "load" }], from: 0, to: DAY, step: SLOT };
      expect(() => store.append("planets", 1, CONTRACT_START, [1])).toThrow("planets");
      expect(() => store.append("host", -1, CONTRACT_START, [1, 1])).toThrow("-1");
      await expect(store.query({ ...query, columns: [{ column: "colour" }] })).rejects.toThrow("colour");
      await expect(store.query({ ...query, step: 7 })).rejects.toThrow("step");
      await expect(store.query({ ...query, family: "probe", columns: [{ column: "up", stat: "max" }] })).rejects.toThrow("sum");
      expect((await store.query(query)).starts).toHaveLength(0);
    });
  });
}
