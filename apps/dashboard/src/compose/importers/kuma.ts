import { DatabaseSync } from "node:sqlite";
import { kumaPages } from "#features/status-pages";
import type { KumaPage } from "#features/status-pages";
import { isItem } from "../as-code/json.ts";
import type { Item } from "../as-code/json.ts";
import type { Section } from "../as-code/kind.ts";
import { channelOf } from "./kuma-channels.ts";
import { rowsOf, text } from "./rows.ts";
import type { Row } from "./rows.ts";
import { pointsOf } from "./source.ts";
import type { Beat, Results, Takeover } from "./source.ts";

/** What a status of a heartbeat means; pending and maintenance say nothing. */
const DOWN = 0;
const UP = 1;
/** Methods of services here. */
const TYPE: Readonly<Record<string, number>> = { http: 1, keyword: 1, "json-query": 1, ping: 2, port: 3 };
const LONGEST_INTERVAL = 86_400;

/**
 * Reads a database of Uptime Kuma 1.23 or 2 (a copy, or that of a stopped Kuma).
 *
 * @param server name of the server that probes in Kuma's place; without one every server probes, and results are left out
 * @param most points of one request
 */
export function readKuma(path: string, server: string | undefined, most: number): Takeover {
  const database = new DatabaseSync(path, { readOnly: true });
  const monitors = rowsOf(database, "SELECT * FROM monitor ORDER BY id");
  const { channels, groups, groupOf, notes: channelNotes } = notificationsOf(database);
  const notes = [...channelNotes];
  const services = new Map<string, Item>();
  const nameOf = new Map<number, string>();
  for (const monitor of monitors) {
    const name = freeName(text(monitor["name"]) || `monitor ${text(monitor["id"])}`, services);
    const item = serviceOf(monitor, server, notes);
    if (item === undefined) continue;
    const group = groupOf.get(Number(monitor["id"]));
    services.set(name, { ...item, ...(group === undefined ? {} : { notify: true, notification_group: group }) });
    nameOf.set(Number(monitor["id"]), name);
  }
  const pages = pagesOf(database);
  // What a page has to say of itself does not hang on the ids that its services will have.
  notes.push(...pages((id) => (nameOf.has(id) ? { kind: "service", id } : undefined)).flatMap((page) => page.notes));
  notes.push(...restOf(database, server));
  const sections = new Map<Section, ReadonlyMap<string, Item>>([
    ["channels", channels],
    ["notification_groups", groups],
    ["services", services],
  ]);
  function* results(): Generator<Results> {
    if (server === undefined) return;
    for (const [id, service] of nameOf) {
      for (const points of pointsOf(beatsOf(database, id), most)) yield { service, server, points };
    }
  }
  return {
    servers: [],
    declared: { sections },
    pages: (serviceId) =>
      pages((monitor) => {
        const id = serviceId(nameOf.get(monitor) ?? "");
        return id === undefined ? undefined : { kind: "service", id };
      }).map(({ form }) => form),
    notes,
    results,
    states: () => [],
  };
}

function pagesOf(database: DatabaseSync): (partOf: Parameters<typeof kumaPages>[1]) => KumaPage[] {
  const read = (table: string): Row[] => (hasTable(database, table) ? rowsOf(database, `SELECT * FROM "${table}"`) : []);
  const tables = { group: read("group"), monitor_group: read("monitor_group"), status_page: read("status_page") };
  return (partOf) => kumaPages({ rows: (table) => tables[table] }, partOf);
}

function hasTable(database: DatabaseSync, table: string): boolean {
  const known = database.prepare("SELECT count(*) AS count FROM sqlite_master WHERE type = 'table' AND name = ?").get(table);
  return Number(known?.["count"]) > 0;
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
}

function serviceOf(monitor: Row, server: string | undefined, notes: string[]): Item | undefined {
  const kind = text(monitor["type"]);
  const called = `monitor ${JSON.stringify(text(monitor["name"]))}`;
  const type = TYPE[kind];
  if (type === undefined) {
    notes.push(kind === "group" ? `${called} is a group: services have none` : `${called} of type ${kind} has no counterpart`);
    return undefined;
  }
  if (kind === "keyword" || kind === "json-query") notes.push(`${called}: only the answer's status is looked at, not its content`);
  if (Number(monitor["upside_down"]) === 1) notes.push(`${called} is upside down: here it is down when it does not answer`);
  if (type === 1 && text(monitor["method"]) !== "GET" && text(monitor["method"]) !== "")
    notes.push(`${called}: asked by GET, not ${text(monitor["method"])}`);
  const isPaused = Number(monitor["active"]) !== 1;
  if (isPaused) notes.push(`${called} is paused: it is taken over, and no server probes it`);
  const host = text(monitor["hostname"]);
  const target =
    type === 1 ? text(monitor["url"]) : type === 3 ? `${host.includes(":") ? `[${host}]` : host}:${text(monitor["port"])}` : host;
  return {
    type,
    target,
    duration: Math.min(Math.max(Number(monitor["interval"]) || 60, 1), LONGEST_INTERVAL),
    retries: Math.min(Number(monitor["maxretries"]) || 0, 10),
    // 1: only the servers that are named.
    cover: isPaused || server !== undefined ? 1 : 0,
    ...(isPaused || server === undefined ? {} : { skip_servers: [server] }),
  };
}

function notificationsOf(database: DatabaseSync) {
  const notes: string[] = [];
  const channels = new Map<string, Item>();
  const channelNames = new Map<number, string>();
  for (const row of rowsOf(database, "SELECT id, name, config FROM notification ORDER BY id")) {
    const settings: unknown = JSON.parse(text(row["config"]) || "{}");
    const kind = isItem(settings) ? text(settings["type"]) : "";
    const item = isItem(settings) ? channelOf(kind, settings) : undefined;
    const name = freeName(text(row["name"]) || `channel ${text(row["id"])}`, channels);
    if (item === undefined) {
      notes.push(`notification ${JSON.stringify(text(row["name"]))} of type ${kind} is entered anew in the console`);
      continue;
    }
    channels.set(name, item);
    channelNames.set(Number(row["id"]), name);
  }
  const byMonitor = new Map<number, string[]>();
  for (const row of rowsOf(database, "SELECT monitor_id, notification_id FROM monitor_notification ORDER BY monitor_id, notification_id")) {
    const name = channelNames.get(Number(row["notification_id"]));
    if (name !== undefined) byMonitor.set(Number(row["monitor_id"]), [...(byMonitor.get(Number(row["monitor_id"])) ?? []), name]);
  }
  const groups = new Map<string, Item>();
  const groupOf = new Map<number, string>();
  for (const [monitor, names] of byMonitor) {
    const group = `Kuma: ${names.join(", ")}`;
    groups.set(group, { channels: names });
    groupOf.set(monitor, group);
  }
  return { notes, channels, groups, groupOf };
}

/** What has no place here at all. */
function restOf(database: DatabaseSync, server: string | undefined): string[] {
  const notes: string[] = [];
  const count = (table: string): number => {
    if (!hasTable(database, table)) return 0;
    return Number(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.["count"]);
  };
  for (const [table, what] of [
    ["maintenance", "maintenance windows"],
    ["proxy", "proxies"],
  ] as const) {
    const rows = count(table);
    if (rows > 0) notes.push(`${rows} ${what} are left out`);
  }
  if (server === undefined)
    notes.push("results are left out, and every server probes every service: name the server that takes Kuma's place with -server");
  return notes;
}

function* beatsOf(database: DatabaseSync, monitor: number): Generator<Beat> {
  const rows = database
    .prepare("SELECT status, time, ping FROM heartbeat WHERE monitor_id = ? AND status IN (0, 1) ORDER BY time")
    .iterate(monitor);
  for (const { status, time, ping } of rows) {
    // Written in UTC, without a zone.
    const at = Date.parse(`${text(time).replace(" ", "T")}Z`);
    if (Number.isNaN(at) || (status !== UP && status !== DOWN)) continue;
    yield { at, up: status === UP, delay: typeof ping === "number" ? ping : null };
  }
}
