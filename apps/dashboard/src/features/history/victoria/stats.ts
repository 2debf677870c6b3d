/** What is known of a history that is kept elsewhere. */
export interface VictoriaStats {
  /** `unreachable`, `refused` (whoever has the password that is set is not let in): points wait here until they are taken again. */
  readonly state: "writing" | "unreachable" | "refused" | "closed";
  /** Text of the failure; empty otherwise. */
  readonly reason: string;
  /** Since when points are not taken, Unix milliseconds. */
  readonly pausedAt: number | undefined;
  /** What waits to be sent. */
  readonly buffer: HistoryBuffer;
  /** Days for which points are kept there; undefined while that is not known. */
  readonly retentionDays: number | undefined;
  readonly dropped: { readonly stopped: number; readonly time: number; readonly notFinite: number };
}

/** Half minutes on their way to a history that is kept elsewhere. */
export interface HistoryBuffer {
  readonly rows: number;
  readonly bytes: number;
  /** Past this the oldest go. */
  readonly limitBytes: number;
  /** Half minutes that were lost because there was no room, or because nobody takes them. */
  readonly dropped: number;
}
