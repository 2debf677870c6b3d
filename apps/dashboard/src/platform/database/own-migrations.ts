import { heldScheduleMigrations, jobMigrations, taskStartMigrations } from "./job-tables.ts";
import { shareMigrations } from "./share-tables.ts";
import { pageBounceMigrations, pageLanguageMigrations, pageMigrations } from "./page-tables.ts";
import { disabledUserMigrations, passkeyMigrations, signInMigrations, signInNoticeMigrations, viewerMigrations } from "./sign-in-tables.ts";
import { trafficLedgerMigrations } from "./traffic-tables.ts";
import { agentChangesMigrations, serviceHalvesMigrations } from "./watched-tables.ts";

/** One step of the schema of our own tables. */
export interface OwnMigration {
  readonly name: string;
  /** Statements that only make and change what has the prefix `wf_`. */
  readonly statements: readonly string[];
}

/**
 * Applied in order, each once. Table `wf_meta` holds how many were applied; entries are never changed, moved or removed.
 * The first one marks a directory as taken over (see `backUpBeforeFirstWrite`).
 */
export const ownMigrations: readonly OwnMigration[] = [
  { name: "take over", statements: [] },
  {
    name: "seen hosts",
    statements: [
      "CREATE TABLE `wf_seen_hosts` (`host` text NOT NULL PRIMARY KEY, `first_at` datetime NOT NULL, `session_at` datetime, " +
        "`agent_at` datetime, `user_id` integer NOT NULL DEFAULT 0)",
    ],
  },
  {
    name: "changes, outbox and audit",
    statements: [
      "CREATE TABLE wf_changes (sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key NOT NULL, what TEXT NOT NULL)",
      `CREATE TABLE wf_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, target TEXT NOT NULL, lane TEXT NOT NULL,
        event TEXT NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL, bytes INTEGER NOT NULL, state TEXT NOT NULL,
        attempts INTEGER NOT NULL, unsure INTEGER NOT NULL, created_at INTEGER NOT NULL, next_try_at INTEGER NOT NULL,
        lease_until INTEGER NOT NULL, settled_at INTEGER NOT NULL, last_error TEXT NOT NULL)`,
      "CREATE INDEX wf_outbox_due ON wf_outbox (state, next_try_at)",
      "CREATE INDEX wf_outbox_target ON wf_outbox (topic, target, state, bytes)",
      "CREATE INDEX wf_outbox_lane ON wf_outbox (lane, id) WHERE lane <> ''",
      "CREATE INDEX wf_outbox_event ON wf_outbox (event) WHERE event <> ''",
      `CREATE TABLE wf_audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT NOT NULL, user_id INTEGER NOT NULL,
        username TEXT NOT NULL, token_id INTEGER NOT NULL, address TEXT NOT NULL, action TEXT NOT NULL, kind TEXT NOT NULL, key NOT NULL,
        fields TEXT NOT NULL)`,
      "CREATE INDEX wf_audit_at ON wf_audit (at)",
      "CREATE INDEX wf_audit_row ON wf_audit (kind, key)",
    ],
  },
  {
    name: "traffic",
    statements: [
      "CREATE TABLE `wf_traffic` (`server_id` integer PRIMARY KEY,`boot_time` integer NOT NULL,`seen_in` text,`seen_out` text,`unbooked_in` text NOT NULL,`unbooked_out` text NOT NULL)",
      "CREATE TABLE `wf_traffic_mark` (`id` integer PRIMARY KEY CHECK (`id` = 1),`newest_row` integer NOT NULL)",
      // Sums of one server without its neighbours' rows. The reference leaves indexes alone that it does not know.
      "CREATE INDEX IF NOT EXISTS `wf_transfers_server_id` ON `transfers`(`server_id`,`created_at`)",
    ],
  },
  {
    name: "days of services",
    statements: [
      `CREATE TABLE wf_service_days (service_id INTEGER NOT NULL, day INTEGER NOT NULL, up INTEGER NOT NULL, down INTEGER NOT NULL,
        delay REAL NOT NULL, PRIMARY KEY (service_id, day)) WITHOUT ROWID`,
    ],
  },
  {
    name: "mutes",
    statements: [
      `CREATE TABLE wf_mutes (key TEXT PRIMARY KEY, label TEXT NOT NULL, group_id INTEGER NOT NULL, channel_id INTEGER NOT NULL,
        wait_ms INTEGER NOT NULL, until_at INTEGER NOT NULL) WITHOUT ROWID`,
    ],
  },
  {
    name: "states of services",
    statements: ["CREATE TABLE wf_service_states (service_id INTEGER PRIMARY KEY, state TEXT NOT NULL, steps TEXT NOT NULL)"],
  },
  {
    name: "records of ddns",
    statements: [
      `CREATE TABLE wf_ddns_records (profile_id INTEGER NOT NULL, family TEXT NOT NULL, domain TEXT NOT NULL, server_id INTEGER NOT NULL,
        address TEXT NOT NULL, published TEXT NOT NULL, published_at INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
        tried_at INTEGER NOT NULL, error TEXT NOT NULL, PRIMARY KEY (profile_id, domain, family)) WITHOUT ROWID`,
      "CREATE INDEX wf_ddns_records_server ON wf_ddns_records (server_id)",
    ],
  },
  {
    name: "incidents",
    statements: [
      `CREATE TABLE wf_incidents (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, source_id INTEGER NOT NULL,
        server_id INTEGER NOT NULL, owner_id INTEGER NOT NULL, group_id INTEGER NOT NULL, reminds INTEGER NOT NULL, severity TEXT NOT NULL,
        title TEXT NOT NULL, server_name TEXT NOT NULL, text TEXT NOT NULL, opened_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
        outcome TEXT NOT NULL, held TEXT NOT NULL, acknowledged_at INTEGER NOT NULL, acknowledged_by TEXT NOT NULL, note TEXT NOT NULL)`,
      "CREATE UNIQUE INDEX wf_incidents_open ON wf_incidents (source, source_id, server_id) WHERE ended_at = 0",
      "CREATE INDEX wf_incidents_server ON wf_incidents (server_id, id)",
      "CREATE INDEX wf_incidents_source ON wf_incidents (source, source_id, id)",
      `CREATE TABLE wf_incident_entries (id INTEGER PRIMARY KEY AUTOINCREMENT, incident_id INTEGER NOT NULL, at INTEGER NOT NULL,
        kind TEXT NOT NULL, detail TEXT NOT NULL)`,
      "CREATE INDEX wf_incident_entries_incident ON wf_incident_entries (incident_id, id)",
      "CREATE TABLE wf_alert_rule_options (rule_id INTEGER PRIMARY KEY, severity TEXT NOT NULL, saves INTEGER NOT NULL)",
    ],
  },
  {
    name: "kinds and options of channels",
    statements: [
      `CREATE TABLE wf_channels (notification_id INTEGER PRIMARY KEY, kind TEXT NOT NULL, settings TEXT NOT NULL, secrets TEXT NOT NULL,
        projection TEXT NOT NULL)`,
      "CREATE TABLE wf_notification_options (notification_id INTEGER PRIMARY KEY, options TEXT NOT NULL)",
    ],
  },
  {
    name: "enrolment of hosts",
    statements: [
      `CREATE TABLE wf_enrolment_codes (id INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE, owner_id INTEGER NOT NULL,
        created_by INTEGER NOT NULL, name TEXT NOT NULL, group_id INTEGER NOT NULL, created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL)`,
      `CREATE TABLE wf_enrolments (id INTEGER PRIMARY KEY AUTOINCREMENT, server_id INTEGER NOT NULL, uuid TEXT NOT NULL,
        owner_id INTEGER NOT NULL, hash TEXT NOT NULL UNIQUE, address TEXT NOT NULL, created_at INTEGER NOT NULL,
        revoked_at INTEGER NOT NULL)`,
      "CREATE UNIQUE INDEX wf_enrolments_server ON wf_enrolments (server_id) WHERE revoked_at = 0",
    ],
  },
  {
    name: "silences",
    statements: [
      `CREATE TABLE wf_snoozes (id INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER NOT NULL, scope TEXT NOT NULL,
        scope_id INTEGER NOT NULL, until_at INTEGER NOT NULL, note TEXT NOT NULL, created_at INTEGER NOT NULL, created_by TEXT NOT NULL)`,
      `CREATE TABLE wf_maintenance_windows (id INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER NOT NULL, name TEXT NOT NULL,
        enable INTEGER NOT NULL, plan TEXT NOT NULL, servers TEXT NOT NULL, groups TEXT NOT NULL, services TEXT NOT NULL,
        created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL)`,
    ],
  },
  {
    name: "corrections of traffic",
    statements: [
      `CREATE TABLE wf_traffic_corrections (id INTEGER PRIMARY KEY AUTOINCREMENT, server_id INTEGER NOT NULL, at INTEGER NOT NULL,
        bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL, note TEXT NOT NULL, created_at INTEGER NOT NULL, created_by TEXT NOT NULL)`,
      "CREATE INDEX wf_traffic_corrections_server ON wf_traffic_corrections (server_id)",
    ],
  },
  {
    name: "options of servers and services",
    statements: [
      "CREATE TABLE wf_server_options (server_id INTEGER PRIMARY KEY, options TEXT NOT NULL)",
      "CREATE TABLE wf_service_options (service_id INTEGER PRIMARY KEY, options TEXT NOT NULL)",
    ],
  },
  {
    name: "availability",
    statements: [
      `CREATE TABLE wf_presence (server_id INTEGER NOT NULL, at INTEGER NOT NULL, online INTEGER NOT NULL,
        PRIMARY KEY (server_id, at)) WITHOUT ROWID`,
      "CREATE TABLE wf_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, started_at INTEGER NOT NULL, seen_at INTEGER NOT NULL)",
    ],
  },
  ...jobMigrations,
  {
    name: "figures of incidents",
    statements: [
      "ALTER TABLE wf_incidents ADD COLUMN value_text TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE wf_incidents ADD COLUMN limit_text TEXT NOT NULL DEFAULT ''",
    ],
  },
  {
    name: "indexes of incidents and runs",
    statements: [
      "CREATE INDEX wf_incidents_owner ON wf_incidents (owner_id, id)",
      "CREATE INDEX wf_incidents_ended ON wf_incidents (ended_at)",
      "CREATE INDEX wf_cron_runs_started ON wf_cron_runs (started_at)",
    ],
  },
  ...signInMigrations,
  ...signInNoticeMigrations,
  ...passkeyMigrations,
  ...viewerMigrations,
  ...trafficLedgerMigrations,
  ...shareMigrations,
  ...taskStartMigrations,
  ...pageMigrations,
  ...pageLanguageMigrations,
  ...serviceHalvesMigrations,
  { name: "withdrawn messages", statements: ["ALTER TABLE wf_outbox ADD COLUMN withdrawn TEXT NOT NULL DEFAULT ''"] },
  ...disabledUserMigrations,
  {
    name: "leases",
    statements: [
      "CREATE TABLE wf_leases (name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, fence INTEGER NOT NULL, beat INTEGER NOT NULL)",
    ],
  },
  {
    name: "tickets",
    statements: [
      "CREATE TABLE wf_tickets (id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, holder TEXT NOT NULL, value TEXT NOT NULL, until INTEGER NOT NULL)",
      "CREATE INDEX wf_tickets_until ON wf_tickets (kind, until)",
    ],
  },
  { name: "common settings", statements: ["CREATE TABLE wf_common_settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)"] },
  ...pageBounceMigrations,
  ...agentChangesMigrations,
  ...heldScheduleMigrations,
];
