import type { HeldRow } from "./row-model.ts";

/** Rows that were sent a moment ago, in the order in which they were. */
export interface RecentRows {
  add(row: HeldRow): void;
  /** Takes out those that were sent since a time, monotonic milliseconds, and count still. */
  takeSince(since: number): HeldRow[];
  /** Takes out those that were sent before a time. */
  takeBefore(before: number): HeldRow[];
  /** Those of a half minute and later ones. */
  from(slot: number): HeldRow[];
}

export function createRecentRows(): RecentRows {
  let rows: HeldRow[] = [];
  const counting = (row: HeldRow): boolean => row.state === "sent";
  const placeOf = (time: number): number => {
    const at = rows.findIndex(({ sentAt }) => sentAt >= time);
    return at < 0 ? rows.length : at;
  };
  return {
    add: (row) => void rows.push(row),
    takeSince: (since) => rows.splice(placeOf(since)).filter(counting),
    takeBefore: (before) => {
      const at = placeOf(before);
      if (at === 0) return [];
      const taken = rows.slice(0, at);
      rows = rows.slice(at);
      return taken.filter(counting);
    },
    from: (slot) => rows.filter((row) => counting(row) && row.slot >= slot),
  };
}
