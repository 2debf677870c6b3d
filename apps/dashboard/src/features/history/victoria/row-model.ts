import type { FamilyPlan } from "@windfire/tsdb";

/** A half minute of a group that no sample is added to any more. */
export interface HeldRow {
  readonly group: HeldGroup;
  readonly slot: number;
  readonly count: number;
  /** A plain list takes half of what a small typed array does. */
  readonly values: readonly number[];
  /** `gone`: replaced, forgotten, or given up. */
  state: "waiting" | "sent" | "gone";
  /** Monotonic milliseconds. */
  sentAt: number;
  /** Number of the file that holds it; 0 while none does. */
  file: number;
}

/** A half minute that is being filled. */
export interface OpenRow {
  readonly slot: number;
  count: number;
  readonly values: Float64Array;
  /** Samples that had a value, by column. */
  readonly held: Uint32Array;
  /** Changed since it was last written down. */
  dirty: boolean;
}

export interface HeldGroup {
  readonly plan: FamilyPlan;
  readonly key: number;
  open: OpenRow | undefined;
  /** Those that wait, and those that were sent a moment ago. */
  readonly rows: HeldRow[];
}

/** A half minute as it is put back after a start. */
export interface KeptRow {
  readonly plan: FamilyPlan;
  readonly key: number;
  readonly slot: number;
  readonly count: number;
  readonly values: ArrayLike<number>;
}
