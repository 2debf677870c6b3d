import type { StoreStats } from "@windfire/tsdb";
import type { HistoryBuffer } from "./victoria/stats.ts";

/** What the history holds and whether it is writing. */
export interface HistoryStats {
  readonly enabled: boolean;
  /** Where the points are kept. */
  readonly kind: "embedded" | "victoriametrics";
  /** `writing`, or why nothing is stored at present. While the place is `unreachable`, or `refused` us, points wait here. */
  readonly state: "writing" | "disabled" | "low-disk" | "write-failed" | "worker-failed" | "unreachable" | "refused" | "closed";
  /** Text of the failure that stopped writing; empty otherwise. */
  readonly reason: string;
  /** Since when the disk lets nothing be written, or the place cannot be reached, Unix milliseconds. */
  readonly pausedAt: number | undefined;
  /** Of the embedded store alone, as are the figures of its files. */
  readonly series: number | undefined;
  /** 30-second points, one per series, roll-ups not counted. */
  readonly points: number | undefined;
  /** Bytes on disk by kind of file. */
  readonly bytes: StoreStats["bytes"] | undefined;
  readonly totalBytes: number | undefined;
  readonly budgetBytes: number | undefined;
  readonly freeBytes: number | undefined;
  /** Start of the oldest stored day, Unix milliseconds; undefined while nothing is stored. */
  readonly oldest: number | undefined;
  /** Samples that were not stored, by reason. */
  readonly dropped: {
    /** The buffer in front of the worker was full. */
    readonly bufferFull: number;
    /** Writing was stopped. */
    readonly stopped: number;
    /** Their time lay before what is kept, or is no time. */
    readonly time: number;
    /** No value was a finite number. */
    readonly notFinite: number;
    /** An id was not a whole number in the range that keys can hold. */
    readonly id: number;
  };
  /** What waits to be sent to VictoriaMetrics; undefined for the embedded store. */
  readonly buffer?: HistoryBuffer;
  /** Days for which VictoriaMetrics keeps points; undefined while that is not known, and for the embedded store. */
  readonly retentionDays?: number | undefined;
  /** Parts of files that could not be read and were set aside. */
  readonly damaged: number;
}
