/** What the history holds and whether it is writing. */
export interface HistoryStats {
  readonly enabled: boolean;
  /** `writing`, or why nothing is stored at present. */
  readonly state: "writing" | "disabled" | "low-disk" | "write-failed" | "worker-failed" | "closed";
  /** Text of the failure that stopped writing; empty otherwise. */
  readonly reason: string;
  /** Since when the disk lets nothing be written, Unix milliseconds. */
  readonly pausedAt: number | undefined;
  readonly series: number;
  /** 30-second points, one per series, roll-ups not counted. */
  readonly points: number;
  /** Bytes on disk by kind of file. */
  readonly bytes: {
    readonly logs: number;
    readonly chunks: number;
    readonly raw: number;
    readonly halfHours: number;
    readonly fiveMinutes: number;
    readonly hours: number;
  };
  readonly totalBytes: number;
  readonly budgetBytes: number;
  readonly freeBytes: number;
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
  /** Parts of files that could not be read and were set aside. */
  readonly damaged: number;
}
