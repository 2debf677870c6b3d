import { setImmediate as othersTurn } from "node:timers/promises";

/** Goes over things so many at a time; between two slices reports and requests have their turn. Those added meanwhile are not met. */
export async function inSlices<T>(things: Iterable<T>, size: number, each: (slice: readonly T[]) => void | Promise<void>): Promise<void> {
  const all = [...things];
  for (let from = 0; from < all.length; from += size) {
    if (from > 0) await othersTurn();
    await each(all.slice(from, from + size));
  }
}
