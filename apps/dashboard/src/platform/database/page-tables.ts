import type { Generated } from "kysely";

/** Status pages (`#features/status-pages`). Times in Unix milliseconds. */
export interface StatusPagesTable {
  id: Generated<number>;
  owner_id: number;
  slug: string;
  /** JSON of what its owner writes. */
  settings: string;
  /** bcrypt; "": none. */
  password_hash: string;
  /** Host name of its own; "": none. */
  domain: string;
  /** Channel of `notifications` that mail goes through; 0: none. */
  channel_id: number;
  /** JSON of where it is written to. */
  export_target: string;
  /** Sealed; "": none. */
  export_secret: string;
  /** How often its address for bounces was made anew. */
  bounce_turn: Generated<number>;
  created_at: number;
  updated_at: number;
}

/** When pages were last written elsewhere. */
export interface PageExportsTable {
  page_id: number;
  exported_at: number;
  error: string;
}

/** What readers of a page are told of (`#features/status-pages`). */
export interface PageIncidentsTable {
  id: Generated<number>;
  page_id: number;
  /** Row of `wf_incidents` that it began from; 0: none. */
  engine_id: number;
  title: string;
  /** JSON: the title in other languages. */
  titles: Generated<string>;
  impact: string;
  /** JSON list of parts and how they are. */
  affected: string;
  status: string;
  started_at: number;
  /** 0: it lasts. */
  resolved_at: number;
  created_at: number;
  updated_at: number;
}

/** What was said of an incident, and when. */
export interface PageUpdatesTable {
  id: Generated<number>;
  incident_id: number;
  at: number;
  status: string;
  text: string;
  /** JSON: the text in other languages. */
  texts: Generated<string>;
}

/** Planned work that a page announces; when it is, the maintenance window says. */
export interface PageMaintenancesTable {
  id: Generated<number>;
  page_id: number;
  window_id: number;
  title: string;
  titles: Generated<string>;
  text: string;
  texts: Generated<string>;
  created_at: number;
  updated_at: number;
}

/** What is written often. */
export interface PageTemplatesTable {
  id: Generated<number>;
  owner_id: number;
  name: string;
  title: string;
  titles: Generated<string>;
  impact: string;
  status: string;
  text: string;
  texts: Generated<string>;
}

/** Who is told of what a page says. */
export interface PageSubscribersTable {
  id: Generated<number>;
  page_id: number;
  /** `email`, `webhook`. */
  kind: string;
  address: string;
  language: string;
  created_at: number;
  /** 0: the address has not said yes. */
  confirmed_at: number;
}

/** When maintenance windows were open (`#features/incidents`): plans change, what was does not. */
export interface MaintenanceSpansTable {
  id: Generated<number>;
  window_id: number;
  from_at: number;
  to_at: number;
  /** JSON lists of ids, groups as the servers that were in them. */
  servers: string;
  services: string;
}

export const pageMigrations = [
  {
    name: "status pages",
    statements: [
      `CREATE TABLE wf_status_pages (id INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER NOT NULL, slug TEXT NOT NULL UNIQUE,
        settings TEXT NOT NULL, password_hash TEXT NOT NULL, domain TEXT NOT NULL, channel_id INTEGER NOT NULL,
        export_target TEXT NOT NULL, export_secret TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL)`,
      "CREATE UNIQUE INDEX wf_status_pages_domain ON wf_status_pages (domain) WHERE domain <> ''",
      "CREATE TABLE wf_page_exports (page_id INTEGER PRIMARY KEY, exported_at INTEGER NOT NULL, error TEXT NOT NULL)",
      `CREATE TABLE wf_page_incidents (id INTEGER PRIMARY KEY AUTOINCREMENT, page_id INTEGER NOT NULL, engine_id INTEGER NOT NULL,
        title TEXT NOT NULL, impact TEXT NOT NULL, affected TEXT NOT NULL, status TEXT NOT NULL, started_at INTEGER NOT NULL,
        resolved_at INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL)`,
      "CREATE INDEX wf_page_incidents_page ON wf_page_incidents (page_id, started_at)",
      `CREATE TABLE wf_page_updates (id INTEGER PRIMARY KEY AUTOINCREMENT, incident_id INTEGER NOT NULL, at INTEGER NOT NULL,
        status TEXT NOT NULL, text TEXT NOT NULL)`,
      "CREATE INDEX wf_page_updates_incident ON wf_page_updates (incident_id, id)",
      `CREATE TABLE wf_page_maintenances (id INTEGER PRIMARY KEY AUTOINCREMENT, page_id INTEGER NOT NULL, window_id INTEGER NOT NULL,
        title TEXT NOT NULL, text TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL)`,
      "CREATE INDEX wf_page_maintenances_page ON wf_page_maintenances (page_id)",
      "CREATE INDEX wf_page_maintenances_window ON wf_page_maintenances (window_id)",
      `CREATE TABLE wf_page_templates (id INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER NOT NULL, name TEXT NOT NULL,
        title TEXT NOT NULL, impact TEXT NOT NULL, status TEXT NOT NULL, text TEXT NOT NULL)`,
      `CREATE TABLE wf_page_subscribers (id INTEGER PRIMARY KEY AUTOINCREMENT, page_id INTEGER NOT NULL, kind TEXT NOT NULL,
        address TEXT NOT NULL, language TEXT NOT NULL, created_at INTEGER NOT NULL, confirmed_at INTEGER NOT NULL)`,
      "CREATE UNIQUE INDEX wf_page_subscribers_address ON wf_page_subscribers (page_id, kind, address)",
    ],
  },
  {
    name: "planned work leaves availability alone",
    statements: [
      "ALTER TABLE wf_maintenance_windows ADD COLUMN silence INTEGER NOT NULL DEFAULT 1",
      "ALTER TABLE wf_service_days ADD COLUMN planned_up INTEGER NOT NULL DEFAULT 0",
      "ALTER TABLE wf_service_days ADD COLUMN planned_down INTEGER NOT NULL DEFAULT 0",
      `CREATE TABLE wf_maintenance_spans (id INTEGER PRIMARY KEY AUTOINCREMENT, window_id INTEGER NOT NULL, from_at INTEGER NOT NULL,
        to_at INTEGER NOT NULL, servers TEXT NOT NULL, services TEXT NOT NULL)`,
      "CREATE INDEX wf_maintenance_spans_to ON wf_maintenance_spans (to_at)",
    ],
  },
];

export const pageLanguageMigrations = [
  {
    name: "what pages tell in several languages",
    statements: [
      ...["wf_page_incidents", "wf_page_maintenances", "wf_page_templates"].map(
        (table) => `ALTER TABLE ${table} ADD COLUMN titles TEXT NOT NULL DEFAULT '{}'`,
      ),
      ...["wf_page_updates", "wf_page_maintenances", "wf_page_templates"].map(
        (table) => `ALTER TABLE ${table} ADD COLUMN texts TEXT NOT NULL DEFAULT '{}'`,
      ),
    ],
  },
];

export const pageBounceMigrations = [
  {
    name: "addresses for bounces that are made anew",
    statements: ["ALTER TABLE wf_status_pages ADD COLUMN bounce_turn INTEGER NOT NULL DEFAULT 0"],
  },
];
