import type { Clock } from "@windfire/kit";
import type { Disk } from "./files/disk.ts";
import type { Latest } from "./latest.ts";
import type { Points } from "./query/buckets.ts";
import type { Family, Stat } from "./schema.ts";
import type { StoreStats } from "./stats.ts";

/** Milliseconds of a point. */
export const SLOT_MS = 30_000;

export interface Query {
  readonly family: string;
  readonly group: number;
  /** Columns of the answer; without `stat` what the column is stored by. Counts have only their sum. */
  readonly columns: readonly { readonly column: string; readonly stat?: Stat }[];
  /** Unix milliseconds, both inside. The window is widened to whole points of the resolution that answers. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds of a bucket, a multiple of 30 000. */
  readonly step: number;
}

/**
 * Samples of many sources. Samples of 30 seconds become one point; points are kept for `rawDays`, then as 5-minute and 1-hour roll-ups.
 * After a crash at most what came in since the last beat (3 seconds) is missing.
 */
export interface Store {
  /**
   * Takes one sample of all series of a group: `values[offset ..]` in the order of the family's columns. Values that are not finite are
   * left out. `at` is Unix milliseconds. False: it was not taken, because nothing is written now, because it lies before what is kept as
   * points, or because it holds no figure. Throws RangeError for a family that is not stored here.
   */
  append(family: string, group: number, at: number, values: ArrayLike<number>, offset?: number): boolean;
  query(query: Query): Promise<Points>;
  /** The newest values of a group; undefined when nothing is stored. */
  latest(family: string, group: number): Promise<Latest | undefined>;
  /** From when on 30-second points are held, Unix milliseconds; what is older is known by its roll-ups, whose points stand for more. */
  pointsFrom(): number;
  /** Keys of the groups that have ever been stored and not been dropped. */
  groups(family: string): Promise<number[]>;
  /** Whether anything was ever stored of a group, and not dropped. */
  has(family: string, group: number): Promise<boolean>;
  /** Forgets everything about a group. */
  drop(family: string, group: number): Promise<void>;
  stats(): Promise<StoreStats>;
  /** Does what is due: writes, seals, compacts, expires. To be called about once a second; failures stop writing and show in `stats`. */
  maintain(): Promise<void>;
  /** Resolves when everything taken so far has reached the disk; rejects when it cannot. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreLimits {
  /** Days for which 30-second points are kept. */
  readonly rawDays: number;
  readonly fiveMinuteDays: number;
  readonly hourDays: number;
  /** Bytes on disk; past it the oldest points go first. */
  readonly sizeBudgetBytes: number;
  /** Writing stops while less is free. */
  readonly minFreeBytes: number;
}

export interface StoreOptions {
  readonly folder: string;
  readonly families: readonly Family[];
  readonly limits: StoreLimits;
  readonly disk: Disk;
  readonly clock: Pick<Clock, "now" | "monotonic">;
  /** Memory for points that are not sealed yet, bytes; small budgets make small chunks. */
  readonly headBytes?: number;
  /** Memory for what sealed files answered, bytes; 0: all is read again each time. */
  readonly keptBytes?: number;
  /** Lets other work run; called between pieces of long work. */
  readonly breathe?: () => Promise<void>;
}
