import { SLOT_MS, type Store } from "@windfire/tsdb";
import { LATE_FAMILY, SERVER_FAMILY } from "./columns.ts";
import { SERVER_METRICS } from "./metrics.ts";
import { requireWriting, type WritingStore } from "./require-writing.ts";
import { takenSlots } from "./taken-slots.ts";

const ONE = [1];

/** Numbers of a late state: when it was, Unix milliseconds, then its values. */
export const LATE_LENGTH = SERVER_METRICS.length + 1;

/**
 * Stores states that an agent measured while it could not reach us, unless their slot is taken: what is handed over twice counts once.
 * Returns how many were stored, once they are on disk.
 *
 * @throws while nothing is written: the store would take none of them and say nothing
 */
export async function fillServer(
  store: Pick<Store, "append" | "query" | "flush"> & WritingStore,
  serverId: number,
  states: Float64Array,
): Promise<number> {
  await requireWriting(store);
  const places: number[] = [];
  for (let at = 0; at + LATE_LENGTH <= states.length; at += LATE_LENGTH) places.push(at);
  if (places.length === 0) return 0;
  const times = places.map((at) => states[at] as number);
  // Every state has a figure for the processor.
  const there = await takenSlots(store, { family: SERVER_FAMILY, group: serverId, column: "cpu" }, times);
  let stored = 0;
  for (const at of places) {
    if (there.has(Math.floor((states[at] as number) / SLOT_MS))) continue;
    if (!store.append(SERVER_FAMILY, serverId, states[at] as number, states, at + 1)) continue;
    store.append(LATE_FAMILY, serverId, states[at] as number, ONE);
    stored++;
  }
  await store.flush();
  await requireWriting(store);
  return stored;
}
