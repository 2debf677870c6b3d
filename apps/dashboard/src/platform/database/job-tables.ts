import type { Generated } from "kysely";

/** Options of ours on rows of `crons`. */
export interface CronOptionsTable {
  cron_id: number;
  /** Runs that are kept. */
  keep_runs: number;
  /** Bytes of output that are kept of each server. */
  keep_output: number;
  tell_missed: number;
  /** JSON list of the schedules it had lately, each with the moment since when it held (`#features/cron`). */
  schedules: Generated<string>;
}

/** Runs of crons, each on all its servers (`#features/cron`). Times in Unix milliseconds; 0: not yet. */
export interface CronRunsTable {
  id: Generated<number>;
  cron_id: number;
  cron_name: string;
  cause: string;
  /** Who ran it by hand. */
  by_name: string;
  trigger_server_id: number;
  started_at: number;
  ended_at: number;
  state: string;
  /** JSON: on how many servers it is in which state. */
  counts: string;
  /** JSON of the runs that a row of cause `missed` stands for. */
  missed: string;
}

/** What became of a run on one server. */
export interface CronResultsTable {
  run_id: number;
  server_id: number;
  cron_id: number;
  server_name: string;
  state: string;
  sent_at: number;
  ended_at: number;
  seconds: number;
  output: string;
  /** Bytes as they were reported. */
  output_bytes: number;
}

/** Reports that are told at times (`#features/reports`). Times in Unix milliseconds; 0: never. */
export interface ReportsTable {
  id: Generated<number>;
  owner_id: number;
  name: string;
  enable: number;
  /** JSON of when it is told. */
  plan: string;
  notification_group_id: number;
  /** JSON list of what it holds. */
  parts: string;
  /** JSON lists of ids. */
  servers: string;
  groups: string;
  services: string;
  next_at: number;
  last_sent_at: number;
  created_at: number;
  updated_at: number;
}

export const jobMigrations = [
  {
    name: "search of the audit log",
    statements: [
      "ALTER TABLE wf_audit ADD COLUMN token_name TEXT NOT NULL DEFAULT ''",
      "CREATE INDEX wf_audit_user ON wf_audit (user_id)",
      "CREATE INDEX wf_audit_token ON wf_audit (token_id) WHERE token_id <> 0",
      "CREATE INDEX wf_audit_action ON wf_audit (action)",
    ],
  },
  {
    name: "runs of tasks",
    statements: [
      `CREATE TABLE wf_cron_options (cron_id INTEGER PRIMARY KEY, keep_runs INTEGER NOT NULL, keep_output INTEGER NOT NULL,
        tell_missed INTEGER NOT NULL)`,
      `CREATE TABLE wf_cron_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, cron_id INTEGER NOT NULL, cron_name TEXT NOT NULL,
        cause TEXT NOT NULL, by_name TEXT NOT NULL, trigger_server_id INTEGER NOT NULL, started_at INTEGER NOT NULL,
        ended_at INTEGER NOT NULL, state TEXT NOT NULL, counts TEXT NOT NULL, missed TEXT NOT NULL)`,
      "CREATE INDEX wf_cron_runs_cron ON wf_cron_runs (cron_id, id)",
      `CREATE TABLE wf_cron_results (run_id INTEGER NOT NULL, server_id INTEGER NOT NULL, cron_id INTEGER NOT NULL,
        server_name TEXT NOT NULL, state TEXT NOT NULL, sent_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, seconds REAL NOT NULL,
        output TEXT NOT NULL, output_bytes INTEGER NOT NULL, PRIMARY KEY (run_id, server_id))`,
      "CREATE INDEX wf_cron_results_server ON wf_cron_results (server_id, run_id)",
      "CREATE INDEX wf_cron_results_running ON wf_cron_results (run_id) WHERE state = 'running'",
    ],
  },
  {
    name: "reports",
    statements: [
      `CREATE TABLE wf_reports (id INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER NOT NULL, name TEXT NOT NULL, enable INTEGER NOT NULL,
        plan TEXT NOT NULL, notification_group_id INTEGER NOT NULL, parts TEXT NOT NULL, servers TEXT NOT NULL, groups TEXT NOT NULL,
        services TEXT NOT NULL, next_at INTEGER NOT NULL, last_sent_at INTEGER NOT NULL, created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL)`,
    ],
  },
];

export const taskStartMigrations = [
  {
    name: "starts of tasks by owner",
    statements: [
      "CREATE INDEX wf_outbox_topic ON wf_outbox (topic, id)",
      `UPDATE wf_outbox SET event = 'owner ' || json_extract(payload, '$.ownerId')
        WHERE topic IN ('alert-task', 'service-task') AND event = '' AND json_valid(payload)`,
    ],
  },
];

export const heldScheduleMigrations = [
  {
    name: "since when schedules hold",
    statements: ["ALTER TABLE wf_cron_options ADD COLUMN schedules TEXT NOT NULL DEFAULT '[]'"],
  },
];
