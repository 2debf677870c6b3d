import { describe, expect, test } from "vitest";
import { CONTRACT_START } from "./contract-families.ts";
import { pointsOf } from "./store-under-test.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

const SLOT = 30_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What becomes of points with time: sealed, gathered, rolled up, dropped, and opened again. Declares tests. */
export function ageingContract(opened: () => StoreUnderTest): void {
  describe("what is kept", () => {
    const load = (from: number, to: number, step: number): Promise<[number, number][]> =>
      pointsOf(opened().store, "host", "load", { from, to, step });

    test("the newest values of a group are known, also after a restart and after days", async () => {
      const made = opened();
      let { store } = made;
      expect(await store.latest("host", 1)).toBeUndefined();
      store.append("host", 1, CONTRACT_START + 5_000, [1.5, 7]);
      expect(await store.latest("host", 1)).toEqual({ at: CONTRACT_START, values: Float64Array.of(1.5, 7) });
      store = await made.reopen();
      expect(await store.latest("host", 1)).toEqual({ at: CONTRACT_START, values: Float64Array.of(1.5, 7) });
      for (let hour = 0; hour < 60; hour++) await made.advance(HOUR);
      expect(await store.latest("host", 1)).toEqual({ at: CONTRACT_START, values: Float64Array.of(1.5, 7) });
    });

    test("points stay the same while they are sealed, gathered and reopened", async () => {
      const made = opened();
      let { store } = made;
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
      const made = opened();
      const { store } = made;
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
      const made = opened();
      const { store } = made;
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
      const made = opened();
      const { store } = made;
      for (let slot = 0; slot < (2 * DAY) / SLOT; slot++) store.append("host", 1, CONTRACT_START + slot * SLOT, [slot % 60, 0]);
      for (let hour = 0; hour < 60; hour++) await made.advance(HOUR);
      const from = CONTRACT_START + 5 * HOUR + 40 * SLOT + 7;
      const points = await load(from, CONTRACT_START + 2 * DAY - 1, HOUR / 2);
      expect(points).toHaveLength(96 - 10);
      expect(points[0]).toEqual([CONTRACT_START + 5 * HOUR, (40 + 59) / 2]);
      expect(points.slice(1).every(([, value]) => value === 29.5)).toBe(true);
    });

    test("a dropped group is gone for good, and its key can be used again", async () => {
      const made = opened();
      let { store } = made;
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
  });
}
