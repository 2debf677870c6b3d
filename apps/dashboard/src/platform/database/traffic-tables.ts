import type { Generated } from "kysely";

/** Servers' counters as they were taken in last, and what of them is not in table `transfers` yet; digits of 64-bit numbers as text. */
export interface TrafficTable {
  server_id: number;
  /** Unix seconds. */
  boot_time: number;
  /** NULL: no report since the host booted. */
  seen_in: string | null;
  seen_out: string | null;
  unbooked_in: string;
  unbooked_out: string;
}

/** Traffic that people entered beside what is recorded. Times in Unix milliseconds. */
export interface TrafficCorrectionsTable {
  id: Generated<number>;
  server_id: number;
  at: number;
  /** Bytes; less than 0 takes away. */
  bytes_in: number;
  bytes_out: number;
  note: string;
  created_at: number;
  created_by: string;
}

/** One row: the newest row of table `transfers` that we wrote. A newer one there is somebody else's. */
export interface TrafficMarkTable {
  id: number;
  newest_row: number;
}
