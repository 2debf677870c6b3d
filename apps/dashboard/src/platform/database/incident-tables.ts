import type { Generated } from "kysely";

/** What failed, from when to when (`features/incidents`). Times in Unix milliseconds. */
export interface IncidentsTable {
  id: Generated<number>;
  /** `alert`, `service`. */
  source: string;
  /** Rule or service. */
  source_id: number;
  /** 0 for a service. */
  server_id: number;
  owner_id: number;
  group_id: number;
  reminds: number;
  severity: string;
  title: string;
  server_name: string;
  text: string;
  opened_at: number;
  /** 0: it lasts. Of a pair of source and server only one does. */
  ended_at: number;
  outcome: string;
  /** Why nobody was told yet; "": they were. */
  held: string;
  acknowledged_at: number;
  acknowledged_by: string;
  note: string;
  /** What was measured at its beginning, and what is allowed, as messages say it; "": nothing. */
  value_text: string;
  limit_text: string;
}

/** The course of an incident. `at` in Unix milliseconds, `detail` JSON. */
export interface IncidentEntriesTable {
  id: Generated<number>;
  incident_id: number;
  at: number;
  kind: string;
  detail: string;
}

/** What an alert rule has besides the reference's columns. */
export interface AlertRuleOptionsTable {
  rule_id: number;
  /** `info`, `warning`, `critical`. */
  severity: string;
  /** How often the rule was saved: what was observed for an earlier one counts no more. */
  saves: number;
}

/** Of what nobody is told for a while. Times in Unix milliseconds. */
export interface SnoozesTable {
  id: Generated<number>;
  owner_id: number;
  /** `rule`, `service`, `server`, `group`, `all`. */
  scope: string;
  scope_id: number;
  until_at: number;
  note: string;
  created_at: number;
  created_by: string;
}

/** When nobody is told because of work that was planned. Times in Unix milliseconds; lists of ids and the plan are JSON. */
export interface MaintenanceWindowsTable {
  id: Generated<number>;
  owner_id: number;
  name: string;
  enable: number;
  plan: string;
  servers: string;
  groups: string;
  services: string;
  created_at: number;
  updated_at: number;
  /** Whether nobody is told while it is open. */
  silence: number;
}
