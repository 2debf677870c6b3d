import { SLOT_MS } from "@windfire/tsdb";

/**
 * A point lies inside its half minute at a place that says how many samples are in it, and who wrote it. So all columns of a point
 * have one time, and of several points of a half minute (an agent changed the replica, a process was killed) the latest is that with the
 * most samples: it is the one that counts, here and for `-dedup.minScrapeInterval=30s`.
 */
const COUNT_MS = 100;
/** More samples than this count as so many. */
const MOST_SAMPLES = SLOT_MS / COUNT_MS - 1;
/** Writers are told apart by a number from 1 to this. */
export const MOST_WRITERS = COUNT_MS - 1;
/** What was kept in a folder and moved. */
export const MOVED = 0;

/** Unix milliseconds at which a point is kept. */
export function stampOf(slot: number, count: number, writer: number): number {
  return slot * SLOT_MS + Math.min(Math.max(count, 1), MOST_SAMPLES) * COUNT_MS + writer;
}

export function slotOf(stamp: number): number {
  return Math.floor(stamp / SLOT_MS);
}

/** Number of who wrote the point. */
export function writerOf(stamp: number): number {
  return stamp % COUNT_MS;
}

/** Samples in the point. */
export function samplesOf(stamp: number): number {
  return Math.max(1, Math.floor((stamp % SLOT_MS) / COUNT_MS));
}
