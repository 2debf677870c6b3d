import type { Generated } from "kysely";

/** What a server has besides the reference's columns. */
export interface ServerOptionsTable {
  server_id: number;
  /** JSON of what was said. */
  options: string;
}

/** The same of a service. */
export interface ServiceOptionsTable {
  service_id: number;
  options: string;
}

/** When servers came and went (`#features/availability`). `at` in Unix milliseconds. */
export interface PresenceTable {
  server_id: number;
  at: number;
  /** From then on it was there (1), or away (0). */
  online: number;
}

/** What servers' agents were from when on (`#features/agent-changes`). `at` in Unix milliseconds. */
export interface AgentChangesTable {
  server_id: number;
  at: number;
  /** `version`, `address`. */
  what: string;
  value: string;
}

/** When the dashboard ran. Times in Unix milliseconds. */
export interface RunsTable {
  id: Generated<number>;
  started_at: number;
  seen_at: number;
}

/** Results of services by half hours: days of every zone are made of them. */
export interface ServiceHalvesTable {
  service_id: number;
  /** Days since 1970-01-01, in UTC. */
  day: number;
  /** Forty-eight entries between semicolons (`#features/services`). */
  halves: string;
}

/** Results of a service on one day: every one of them, where table `service_histories` has samples. */
export interface ServiceDaysTable {
  service_id: number;
  /** Days since 1970-01-01 in the zone of the configuration. */
  day: number;
  up: number;
  down: number;
  /** Mean of the successful ones, milliseconds. */
  delay: number;
  /** How many of them came while planned work was under way. */
  planned_up: number;
  planned_down: number;
}

/** What is known of a service between two results; both texts are JSON. */
export interface ServiceStatesTable {
  service_id: number;
  state: string;
  /** The window of its results, step by step. */
  steps: string;
}

/** Days that were counted before stand at eleven o'clock UTC of theirs, which is that day in nearly all zones. */
export const serviceHalvesMigrations = [
  {
    name: "results of services by half hours",
    statements: [
      `CREATE TABLE wf_service_halves (service_id INTEGER NOT NULL, day INTEGER NOT NULL, halves TEXT NOT NULL,
        PRIMARY KEY (service_id, day)) WITHOUT ROWID`,
      `INSERT INTO wf_service_halves (service_id, day, halves) SELECT service_id, day,
        '${";".repeat(22)}' || (up - planned_up) || ',' || (down - planned_down) || ',' || planned_up || ',' || planned_down || '${";".repeat(25)}'
        FROM wf_service_days`,
    ],
  },
];

export const agentChangesMigrations = [
  {
    name: "versions and addresses of agents",
    statements: [
      `CREATE TABLE wf_agent_changes (server_id INTEGER NOT NULL, what TEXT NOT NULL, at INTEGER NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (server_id, what, at)) WITHOUT ROWID`,
    ],
  },
];
