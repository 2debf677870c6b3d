import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CONTRACT_START } from "./contract-families.ts";
import type { Store } from "../store.ts";

export { CONTRACT_FAMILIES, CONTRACT_START } from "./contract-families.ts";

/** A store that is being tested, and the time it believes in. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Moves its clock forward and lets it do what is due. */
  advance(ms: number): Promise<void>;
  /** Closes it and opens what it left behind. */
  reopen(): Promise<Store>;
  dispose(): Promise<void>;
}

const SLOT = 30_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What every kind of store promises, whatever it keeps its points in. Declares tests; `makeStore` opens an empty store. */
export function storeContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract`, { timeout: 60_000 }, () => {
    let made: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      made = await makeStore();
      store = made.store;
    });
    afterEach(() => made.dispose());
    const load = (from: number, to: number, step: number): Promise<[number, number][]> =>
      pointsOf(store, "host", "load", { from, to, step });

    test("samples of one slot become one point: the mean of gauges, the last of counters, the sum of counts", async () => {
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
      for (let slot = 0; slot < 10; slot++) store.append("host", 1, CONTRACT_START + slot * SLOT, [slot, 0]);
      const points = await load(CONTRACT_START + 2.5 * SLOT, CONTRACT_START + 4.5 * SLOT, SLOT);
      expect(points.map(([, value]) => value)).toEqual([2, 3, 4]);
    });

    test("late and early samples find their place", async () => {
      const offsets = [40, 10, 30, 10, 40, 20, -3];
      for (const offset of offsets) store.append("host", 1, CONTRACT_START + offset * SLOT, [offset, offset]);
      expect(await load(CONTRACT_START - DAY, CONTRACT_START + DAY, SLOT)).toEqual(
        [-3, 10, 20, 30, 40].map((offset) => [CONTRACT_START + offset * SLOT, offset]),
      );
    });

    test("values that are no numbers are never stored; the others of the sample are", async () => {
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

    test("the newest values of a group are known, also after a restart and after days", async () => {
      expect(await store.latest("host", 1)).toBeUndefined();
      store.append("host", 1, CONTRACT_START + 5_000, [1.5, 7]);
      expect(await store.latest("host", 1)).toEqual({ at: CONTRACT_START, values: Float64Array.of(1.5, 7) });
      store = await made.reopen();
      expect(await store.latest("host", 1)).toEqual({ at: CONTRACT_START, values: Float64Array.of(1.5, 7) });
      for (let hour = 0; hour < 60; hour++) await made.advance(HOUR);
      expect(await store.latest("host", 1)).toEqual({ at: CONTRACT_START, values: Float64Array.of(1.5, 7) });
    });

    test("points stay the same while they are sealed, gathered and reopened", async () => {
      const expected: [number, number][] = [];
      for (let slot = 0; slot < (2 * DAY) / SLOT; slot++) {
        const at = CONTRACT_START + slot * SLOT;
        const value = Math.round(1_000 + 500 * Math.sin(slot / 50)) / 100;
        store.append("host", 1, at, [value, slot * 1_000]);
        expected.push([at, value]);
        if (slot % 8 === 7) await made.advance(8 * SLOT);
      }
      const window = [CONTRACT_START, CONTRACT_START + 2 * DAY, SLOT] as const;
      expect(await load(...window)).toEqual(expected);
      for (let hour = 0; hour < 8; hour++) await made.advance(HOUR);
      expect(await load(...window)).toEqual(expected);
      store = await made.reopen();
      expect(await load(...window)).toEqual(expected);
      const halves = await pointsOf(store, "host", "bytes", { from: CONTRACT_START, to: CONTRACT_START + 2 * DAY - 1, step: HOUR / 2 });
      expect(halves).toEqual(Array.from({ length: 96 }, (_, index) => [CONTRACT_START + (index * HOUR) / 2, (index * 60 + 59) * 1_000]));
    });

    test("old points live on as roll-ups: mean, extremes, counts, percentiles", async () => {
      for (let slot = 0; slot < 120; slot++) {
        const at = CONTRACT_START + slot * SLOT;
        store.append("host", 1, at, [slot, slot]);
        store.append("probe", 9, at, [slot === 0 ? 0 : slot, slot === 0 ? 0 : 1]);
      }
      for (let day = 0; day < 50; day++) {
        store.append("host", 2, CONTRACT_START + day * DAY, [1, 1]);
        await made.advance(DAY / 2);
        await made.advance(DAY / 2);
      }
      const hour = { from: CONTRACT_START, to: CONTRACT_START + HOUR - 1, step: HOUR };
      const stat = (family: string, group: number, column: string, which: "min" | "max" | "avg" | "last" | "sum" | "p5" | "p50" | "p95") =>
        store.query({ family, group, columns: [{ column, stat: which }], ...hour }).then(({ columns }) => columns[0]?.[0]);
      expect(await stat("host", 1, "load", "avg")).toBeCloseTo(59.5, 9);
      expect(await stat("host", 1, "load", "min")).toBe(0);
      expect(await stat("host", 1, "load", "max")).toBe(119);
      expect(await stat("host", 1, "bytes", "last")).toBe(119);
      expect(await stat("probe", 9, "up", "sum")).toBe(119);
      expect([
        await stat("probe", 9, "delay", "p5"),
        await stat("probe", 9, "delay", "p50"),
        await stat("probe", 9, "delay", "p95"),
      ]).toEqual([6, 60, 114]);
      const five = await load(CONTRACT_START, CONTRACT_START + HOUR - 1, 300_000);
      expect(five).toEqual(Array.from({ length: 12 }, (_, index) => [CONTRACT_START + index * 300_000, index * 10 + 4.5]));
    });

    test("means keep three more digits than points once they are put together", async () => {
      // Means of points lie between the steps to which points are rounded: 1.01 and 1.02 in turns.
      const small = (hour: number): number => 13 + (hour % 7);
      for (let slot = 0; slot < DAY / SLOT; slot++)
        store.append("host", 1, CONTRACT_START + slot * SLOT, [slot % 60 < small(Math.floor(slot / 120)) ? 1.01 : 1.02, slot]);
      const expectMeans = (points: [number, number][]): void => {
        for (const [start, value] of points) {
          const few = small((start - CONTRACT_START) / HOUR - (((start - CONTRACT_START) / HOUR) % 1));
          expect(Math.abs(value - (few * 1.01 + (60 - few) * 1.02) / 60)).toBeLessThan(0.000_01);
        }
      };
      for (let hour = 0; hour < 36; hour++) await made.advance(HOUR);
      expectMeans(await load(CONTRACT_START, CONTRACT_START + DAY - 1, HOUR / 2));
      for (let day = 0; day < 50; day++) {
        store.append("host", 2, CONTRACT_START + day * DAY, [1, 1]);
        await made.advance(DAY / 2);
        await made.advance(DAY / 2);
      }
      const hours = await load(CONTRACT_START, CONTRACT_START + DAY - 1, HOUR);
      expect(hours).toHaveLength(24);
      expectMeans(hours);
    });

    test("the first bucket begins where the window does, however coarse the rest is read", async () => {
      for (let slot = 0; slot < (2 * DAY) / SLOT; slot++) store.append("host", 1, CONTRACT_START + slot * SLOT, [slot % 60, 0]);
      for (let hour = 0; hour < 60; hour++) await made.advance(HOUR);
      const from = CONTRACT_START + 5 * HOUR + 40 * SLOT + 7;
      const points = await load(from, CONTRACT_START + 2 * DAY - 1, HOUR / 2);
      expect(points).toHaveLength(96 - 10);
      expect(points[0]).toEqual([CONTRACT_START + 5 * HOUR, (40 + 59) / 2]);
      expect(points.slice(1).every(([, value]) => value === 29.5)).toBe(true);
    });

    test("a dropped group is gone for good, and its key can be used again", async () => {
      for (let slot = 0; slot < 100; slot++) {
        for (const group of [1, 2]) store.append("host", group, CONTRACT_START + slot * SLOT, [slot, 0]);
      }
      for (let hour = 0; hour < 40; hour++) await made.advance(HOUR);
      store.append("host", 1, CONTRACT_START + 40 * HOUR, [7, 7]);
      await store.drop("host", 1);
      expect(await store.groups("host")).toEqual([2]);
      const window = { from: CONTRACT_START, to: CONTRACT_START + 10 * DAY, step: SLOT };
      expect(await pointsOf(store, "host", "load", window)).toEqual([]);
      store.append("host", 1, CONTRACT_START + 40 * HOUR, [3, 3]);
      store = await made.reopen();
      const expected = [[CONTRACT_START + 40 * HOUR, 3]];
      expect(await pointsOf(store, "host", "load", window)).toEqual(expected);
      for (let hour = 0; hour < 40; hour++) await made.advance(HOUR);
      expect(await pointsOf(store, "host", "load", window)).toEqual(expected);
      expect(await pointsOf(store, "host", "load", window, 2)).toHaveLength(100);
    });

    test("samples older than what is kept are refused and counted", async () => {
      store.append("host", 1, CONTRACT_START - 400 * DAY, [1, 1]);
      store.append("host", 1, Number.NaN, [1, 1]);
      store.append("host", 1, -1, [1, 1]);
      expect((await store.stats()).dropped.time).toBe(3);
      expect(await store.groups("host")).toEqual([]);
    });

    test("what it does not know is an error that says so", async () => {
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

/** Start and value of each point of one column. */
export async function pointsOf(
  store: Store,
  family: string,
  column: string,
  window: { readonly from: number; readonly to: number; readonly step: number },
  group = 1,
): Promise<[number, number][]> {
  const { starts, columns } = await store.query({ family, group, columns: [{ column }], ...window });
  return Array.from(starts, (start, index) => [start, columns[0]?.[index] ?? Number.NaN]);
}
