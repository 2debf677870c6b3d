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

/** One row: rows of `transfers` up to this one are in `wf_traffic_hours`. */
export interface TrafficTakenTable {
  id: number;
  transfers_row: number;
}

/** The ledger: bytes of a server by the time they are booked on (Unix milliseconds), by hours and wherever a host restarted. */
export interface TrafficHoursTable {
  server_id: number;
  at: number;
  bytes_in: number;
  bytes_out: number;
}

export const trafficLedgerMigrations = [
  {
    name: "ledger of traffic",
    statements: [
      `CREATE TABLE wf_traffic_hours (server_id INTEGER NOT NULL, at INTEGER NOT NULL, bytes_in INTEGER NOT NULL,
        bytes_out INTEGER NOT NULL, PRIMARY KEY (server_id, at)) WITHOUT ROWID`,
      "CREATE TABLE wf_traffic_taken (id INTEGER PRIMARY KEY CHECK (id = 1), transfers_row INTEGER NOT NULL)",
    ],
  },
];
