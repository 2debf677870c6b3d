import type { WriteState } from "./gate.ts";

/** What a store holds and whether it is writing. */
export interface StoreStats {
  readonly state: WriteState;
  readonly reason: string;
  /** Since when nothing is written, Unix milliseconds. */
  readonly pausedAt: number | undefined;
  readonly groups: number;
  readonly series: number;
  /** 30-second points, one per series: sealed ones and those that wait for it. */
  readonly points: number;
  /** Closed rows in memory, not sealed yet. */
  readonly openRows: number;
  readonly bytes: {
    readonly logs: number;
    readonly chunks: number;
    readonly raw: number;
    readonly halfHours: number;
    readonly fiveMinutes: number;
    readonly hours: number;
  };
  readonly freeBytes: number;
  /** Start of the oldest day of which anything is sealed, Unix milliseconds. */
  readonly oldest: number | undefined;
  /** Samples that were not taken. */
  readonly dropped: { readonly stopped: number; readonly time: number; readonly notFinite: number };
  readonly damaged: number;
}
