import { DatabaseSync } from "node:sqlite";
import { parseSchedule } from "#platform/scheduler";
import { readJson } from "#platform/database";
import { lost, note } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** How many rows every table has. */
export type Counts = ReadonlyMap<string, number>;

/** Columns that hold JSON; what cannot be read in them counts as empty. */
const JSON_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  servers: ["ddns_profiles_raw", "override_ddns_domains_raw"],
  alert_rules: ["rules_raw", "fail_trigger_tasks_raw", "recover_trigger_tasks_raw"],
  services: ["skip_servers_raw", "fail_trigger_tasks_raw", "recover_trigger_tasks_raw"],
  crons: ["servers_raw"],
  ddns: ["domains_raw"],
};
/** Since when the reference has what tells the age of a file: a table, or a column of one (newest first). */
const AGES: readonly (readonly [version: string, table: string, column?: string])[] = [
  ["2.1.5 or later", "services", "hide_for_guest"],
  ["2.1 or later", "api_tokens"],
  ["2.0.14 or later", "jwt_sessions"],
  ["2.0.13 or later", "server_transfers"],
  ["2.0 or later", "services", "display_index"],
  ["1.14.13 or later", "notifications", "format_metric_units"],
  ["1.4 or later", "nz_waf"],
  ["1.0 or later", "waf"],
];
const SERVICE_TYPES = new Set([1, 2, 3]);
const MOST_NAMED = 10;

/** Looks at a copy of a database that nobody else uses. */
export function inspectRows(path: string): { readonly counts: Counts; readonly findings: readonly Finding[] } {
  const database = new DatabaseSync(path);
  try {
    const counts = countRows(database);
    return { counts, findings: [...ageOf(database, counts), ...unreadableOf(database, counts), ...unusedOf(database, counts)] };
  } finally {
    database.close();
  }
}

/** Rows of a copy, for comparing. */
export function rowCounts(path: string): Counts {
  const database = new DatabaseSync(path);
  try {
    return countRows(database);
  } finally {
    database.close();
  }
}

function countRows(database: DatabaseSync): Counts {
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  return new Map(
    tables.map(({ name }) => {
      const row = database.prepare(`SELECT count(*) AS count FROM "${String(name).replaceAll('"', '""')}"`).get();
      return [String(name), Number(row?.["count"])];
    }),
  );
}

function columnsOf(database: DatabaseSync, table: string): ReadonlySet<string> {
  const rows = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
  return new Set(rows.map(({ name }) => String(name)));
}

function ageOf(database: DatabaseSync, counts: Counts): Finding[] {
  const shown = ["servers", "services", "users", "alert_rules", "notifications", "crons"]
    .filter((table) => counts.has(table))
    .map((table) => `${counts.get(table)} ${table.replaceAll("_", " ")}`);
  const total = note(`holds ${shown.join(", ")}`);
  if (counts.has("wf_meta")) return [note("the database was used by Windfire before"), total];
  const age = AGES.find(([, table, column]) => counts.has(table) && (column === undefined || columnsOf(database, table).has(column)));
  return [
    note(`the database is one of Nezha ${age?.[0] ?? "1.0 or later"}: missing tables and columns are added, existing ones stay`),
    total,
  ];
}

function unreadableOf(database: DatabaseSync, counts: Counts): Finding[] {
  return Object.entries(JSON_COLUMNS).flatMap(([table, columns]) => {
    if (!counts.has(table)) return [];
    const present = columnsOf(database, table);
    return columns
      .filter((column) => present.has(column))
      .flatMap((column) => {
        const rows = database.prepare(`SELECT id, ${column} AS value FROM ${table} WHERE ${column} IS NOT NULL AND ${column} != ''`).all();
        const bad = rows.filter(({ value }) => readJson(value) === undefined).map(({ id }) => Number(id));
        return bad.length === 0 ? [] : [lost(`${table}.${column} cannot be read and counts as empty: ${named(bad)}`)];
      });
  });
}

function unusedOf(database: DatabaseSync, counts: Counts): Finding[] {
  const findings: Finding[] = [];
  if (counts.has("services")) {
    const rows = database.prepare("SELECT id, type FROM services").all();
    const bad = rows.filter(({ type }) => !SERVICE_TYPES.has(Number(type))).map(({ id }) => Number(id));
    if (bad.length > 0) findings.push(lost(`services of a type that is not probed stay in the database, unseen: ${named(bad)}`));
  }
  if (counts.has("crons")) {
    const rows = database.prepare("SELECT id, scheduler FROM crons WHERE coalesce(task_type, 0) = 0").all();
    const bad = rows.filter(({ scheduler }) => "error" in parseSchedule(String(scheduler ?? ""), "UTC")).map(({ id }) => Number(id));
    if (bad.length > 0) findings.push(lost(`tasks with a schedule that cannot be read are listed and do not run: ${named(bad)}`));
  }
  if (counts.has("service_histories")) {
    const sql = "SELECT count(*) AS count FROM service_histories WHERE service_id NOT IN (SELECT id FROM services)";
    const orphans = Number(database.prepare(sql).get()?.["count"]);
    if (orphans > 0) findings.push(lost(`${orphans} results of services that are gone are not shown`));
  }
  return findings;
}

function named(ids: readonly number[]): string {
  const shown = ids.slice(0, MOST_NAMED).map((id) => `id ${id}`);
  return ids.length > MOST_NAMED ? `${shown.join(", ")} and ${ids.length - MOST_NAMED} more` : shown.join(", ");
}
