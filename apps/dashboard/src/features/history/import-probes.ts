import { SLOT_MS, type Store } from "@windfire/tsdb";
import { PROBE_FAMILY, probeKey } from "./columns.ts";
import { IMPORT_LENGTH } from "./messages.ts";
import { requireWriting, type WritingStore } from "./require-writing.ts";
import { takenSlots } from "./taken-slots.ts";

/** Pairs looked at before others get the thread. */
const PAIRS_AT_ONCE = 8;

/**
 * Stores points of pairs unless their slot is taken; returns how many were, once they are on disk.
 *
 * @throws while nothing is written: the store would take none of them and say nothing
 */
export async function importProbes(
  store: Pick<Store, "append" | "query" | "flush"> & WritingStore,
  points: Float64Array,
  breathe: () => Promise<void>,
): Promise<number> {
  await requireWriting(store);
  let taken = 0;
  for (const [index, [key, places]] of [...placesOf(points)].entries()) {
    const times = places.map((at) => points[at + 2] as number);
    const there = await takenSlots(store, { family: PROBE_FAMILY, group: key, column: "up" }, times);
    for (const at of places) {
      const slot = Math.floor((points[at + 2] as number) / SLOT_MS);
      if (there.has(slot)) continue;
      there.add(slot);
      if (store.append(PROBE_FAMILY, key, points[at + 2] as number, columnsOf(points, at + 3))) taken++;
    }
    if (index % PAIRS_AT_ONCE === PAIRS_AT_ONCE - 1) await breathe();
  }
  await store.flush();
  await requireWriting(store);
  return taken;
}

/** What was kept elsewhere says nothing of jitter. */
function columnsOf(points: Float64Array, from: number): readonly number[] {
  const [delay = Number.NaN, up = 0, down = 0] = points.subarray(from, from + 3);
  return [delay, up, down, up + down === 0 ? Number.NaN : down / (up + down), Number.NaN];
}

function placesOf(points: Float64Array): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (let at = 0; at + IMPORT_LENGTH <= points.length; at += IMPORT_LENGTH) {
    const key = probeKey(points[at] as number, points[at + 1] as number);
    const known = places.get(key) ?? [];
    known.push(at);
    places.set(key, known);
  }
  return places;
}
