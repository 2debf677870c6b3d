import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { createBuckets, type Buckets } from "./buckets.ts";

const SLOT_MS = 30_000;
const ROWS = 2_880;
const TO = ROWS * SLOT_MS - 1;
const MEGABYTE = 2 ** 20;

/** A day of a column that another one weighs, by the hour. */
function filled(): Buckets {
  const buckets = createBuckets({ from: 0, to: TO, step: 120 * SLOT_MS }, [
    { stat: "avg", fold: "mean", weight: 1 },
    { stat: "sum", fold: "sum" },
  ]);
  const rows = { length: ROWS, slots: Int32Array.from({ length: ROWS }, (_, row) => row), counts: new Uint32Array(ROWS).fill(1) };
  for (const column of [0, 1]) buckets.fold(column, rows, new Float64Array(ROWS).fill(1), { slotMs: SLOT_MS, samples: true });
  return buckets;
}

test("buckets that were copied hold nothing but what they say", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const before = process.memoryUsage().arrayBuffers;
  const kept = Array.from({ length: 400 }, filled);
  for (const buckets of kept) buckets.copy(TO);
  expect(kept.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(MEGABYTE);
  await vi.waitFor(() => {
    collectGarbage();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * MEGABYTE);
  }, 10_000);
  expect(kept).toHaveLength(400);
});
