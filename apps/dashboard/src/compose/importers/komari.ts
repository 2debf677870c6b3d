import { DatabaseSync } from "node:sqlite";
import type { Item } from "../as-code/json.ts";
import type { Section } from "../as-code/kind.ts";
import type { KomariMetrics } from "./komari-metrics.ts";
import { pointsOf } from "./source.ts";
import type { Beat, Results, States, Takeover, TakenServer } from "./source.ts";

type Row = Readonly<Record<string, unknown>>;
const TYPE: Readonly<Record<string, number>> = { http: 1, icmp: 2, tcp: 3 };
/** What a rule here calls the measures of Komari's. */
const MEASURE: Readonly<Record<string, string>> = {
  cpu: "cpu",
  ram: "memory",
  swap: "swap",
  disk: "disk",
  load: "load1",
  temp: "temperature_max",
};
const SECONDS = 60;

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/**
 * Reads a database of Komari (a copy, or that of a stopped Komari).
 *
 * @param most points of one request
 * @param metrics what Komari from 1.4 on keeps beside it
 */
export function readKomari(path: string, most: number, metrics?: KomariMetrics): Takeover {
  const database = new DatabaseSync(path, { readOnly: true });
  const tables = new Set(rowsOf(database, "SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => text(name)));
  const notes: string[] = [];
  const servers = serversOf(database);
  const nameOf = new Map(servers.map(({ uuid, name }) => [uuid, name]));
  const services = tables.has("ping_tasks")
    ? servicesOf(database, nameOf, notes)
    : { items: new Map<string, Item>(), byId: new Map<number, string>() };
  const sections = new Map<Section, ReadonlyMap<string, Item>>([
    ["server_groups", groupsOf(database)],
    ["services", services.items],
    ["alert_rules", rulesOf(database, tables, nameOf, notes)],
  ]);
  if (metrics === undefined && !tables.has("records")) notes.push("its metrics.db is not there: nothing of what was measured comes over");
  notes.push("the agents are installed anew, each with its UUID (NZ_UUID), so that it finds its server");
  notes.push("users and the way Komari notifies are set up in the console");
  function* results(): Generator<Results> {
    for (const [id, service] of services.byId) {
      for (const { uuid, name } of servers) {
        if (metrics !== undefined) for (const points of metrics.results(id, uuid, most)) yield { service, server: name, points };
        if (!tables.has("ping_records")) continue;
        for (const points of pointsOf(beatsOf(database, id, uuid), most)) yield { service, server: name, points };
      }
    }
  }
  function* states(): Generator<States> {
    for (const { uuid } of servers) {
      if (metrics !== undefined) yield* metrics.states(uuid, most);
      if (tables.has("records")) yield* statesOf(database, uuid, most);
    }
  }
  return { servers, declared: { sections }, notes, results, states };
}

function rowsOf(database: DatabaseSync, sql: string): Row[] {
  return database.prepare(sql).all();
}

/** Komari shows the smallest weight first, here the largest index is first. */
function serversOf(database: DatabaseSync): TakenServer[] {
  const taken = new Set<string>();
  return rowsOf(database, "SELECT * FROM clients ORDER BY weight, created_at, uuid").map((row) => {
    const uuid = text(row["uuid"]);
    const wanted = text(row["name"]) || uuid;
    const name = taken.has(wanted) ? `${wanted} (${uuid.slice(0, 8)})` : wanted;
    taken.add(name);
    const hidden = Number(row["hidden"]) === 1;
    return {
      uuid,
      name,
      note: text(row["remark"]),
      public_note: noteOf(row),
      display_index: -Number(row["weight"] ?? 0),
      hide_for_guest: hidden,
    };
  });
}

/** What the public page shows of plan and price, in the form that themes of Nezha read. */
function noteOf(row: Row): string {
  const price = Number(row["price"] ?? 0);
  const expires = text(row["expired_at"]);
  const remark = text(row["public_remark"]);
  if (price === 0 && !/^(?!0001)\d{4}/.test(expires)) return remark;
  const amount = price < 0 ? "0" : `${price}${text(row["currency"])}`;
  const billing = {
    endDate: expires,
    autoRenewal: Number(row["auto_renewal"]) === 1 ? "1" : "0",
    cycle: `${text(row["billing_cycle"])} days`,
    amount,
  };
  return JSON.stringify({ billingDataMod: billing, ...(remark === "" ? {} : { customData: { remark } }) });
}

function groupsOf(database: DatabaseSync): Map<string, Item> {
  const members = new Map<string, string[]>();
  const names = new Map(serversOf(database).map(({ uuid, name }) => [uuid, name]));
  for (const row of rowsOf(database, 'SELECT uuid, "group" FROM clients ORDER BY weight')) {
    const group = text(row["group"]);
    if (group !== "") members.set(group, [...(members.get(group) ?? []), names.get(text(row["uuid"])) ?? ""]);
  }
  return new Map(Array.from(members, ([group, servers]) => [group, { servers }]));
}

function uuidsIn(value: unknown): string[] {
  const list: unknown = JSON.parse(text(value) || "[]");
  return Array.isArray(list) ? list.map(String) : [];
}

function servicesOf(database: DatabaseSync, nameOf: ReadonlyMap<string, string>, notes: string[]) {
  const items = new Map<string, Item>();
  const byId = new Map<number, string>();
  for (const row of rowsOf(database, "SELECT * FROM ping_tasks ORDER BY id")) {
    const type = TYPE[text(row["type"])];
    const wanted = text(row["name"]) || `task ${text(row["id"])}`;
    const name = items.has(wanted) ? `${wanted} (${text(row["id"])})` : wanted;
    if (type === undefined) {
      notes.push(`task ${JSON.stringify(wanted)} of type ${text(row["type"])} has no counterpart`);
      continue;
    }
    const servers = uuidsIn(row["clients"])
      .map((uuid) => nameOf.get(uuid))
      .filter((server) => server !== undefined);
    const target = type === 1 && !/^https?:\/\//.test(text(row["target"])) ? `http://${text(row["target"])}` : text(row["target"]);
    items.set(name, { type, target, duration: Number(row["interval"]) || SECONDS, cover: 1, skip_servers: servers });
    byId.set(Number(row["id"]), name);
  }
  return { items, byId };
}

function rulesOf(
  database: DatabaseSync,
  tables: ReadonlySet<string>,
  nameOf: ReadonlyMap<string, string>,
  notes: string[],
): Map<string, Item> {
  const rules = new Map<string, Item>();
  const named = (uuids: readonly string[]): string[] => uuids.map((uuid) => nameOf.get(uuid)).filter((name) => name !== undefined);
  if (tables.has("load_notifications")) {
    for (const row of rowsOf(database, "SELECT * FROM load_notifications ORDER BY id")) {
      const name = text(row["name"]) || `rule ${text(row["id"])}`;
      const type = MEASURE[text(row["metric"])];
      if (type === undefined) {
        notes.push(`rule ${JSON.stringify(name)} on ${text(row["metric"])} has no counterpart`);
        continue;
      }
      const condition = { type, max: Number(row["threshold"]), duration: Math.max(10, Number(row["interval"]) * SECONDS), cover: 1 };
      rules.set(name, { rules: [{ ...condition, ignore: named(uuidsIn(row["clients"])) }] });
    }
  }
  if (tables.has("offline_notifications")) {
    const rows = rowsOf(database, "SELECT client, grace_period FROM offline_notifications WHERE enable = 1 ORDER BY client");
    const byGrace = Map.groupBy(rows, (row) => Number(row["grace_period"]) || 3 * SECONDS);
    for (const [duration, clients] of byGrace) {
      const ignore = named(clients.map(({ client }) => text(client)));
      if (ignore.length > 0)
        rules.set(`Offline for ${duration} s`, { rules: [{ type: "offline", duration: Math.max(10, duration), cover: 1, ignore }] });
    }
  }
  if (rules.size > 0) notes.push("rules are taken over switched off: give each a notification group, then switch it on");
  return rules;
}

/** A delay below zero stands for a failure. */
function* beatsOf(database: DatabaseSync, task: number, client: string): Generator<Beat> {
  const rows = database
    .prepare("SELECT time, value FROM ping_records WHERE task_id = ? AND client = ? ORDER BY time")
    .iterate(task, client);
  for (const { time, value } of rows) {
    const at = Date.parse(text(time).replace(" ", "T"));
    if (Number.isNaN(at)) continue;
    yield { at, up: Number(value) >= 0, delay: Number(value) >= 0 ? Number(value) : null };
  }
}

function* statesOf(database: DatabaseSync, uuid: string, most: number): Generator<States> {
  let states: { at: number; values: Readonly<Record<string, number>> }[] = [];
  for (const row of database.prepare("SELECT * FROM records WHERE client = ? ORDER BY time").iterate(uuid)) {
    const at = Date.parse(text(row["time"]).replace(" ", "T"));
    if (!Number.isNaN(at)) states.push({ at, values: valuesOf(row) });
    if (states.length < most) continue;
    yield { uuid, states };
    states = [];
  }
  if (states.length > 0) yield { uuid, states };
}

function valuesOf(row: Row): Readonly<Record<string, number>> {
  const number = (name: string): number => Number(row[name] ?? 0);
  return {
    cpu: number("cpu"),
    memory: number("ram"),
    swap: number("swap"),
    disk: number("disk"),
    net_in_speed: number("net_in"),
    net_out_speed: number("net_out"),
    net_in_transfer: number("net_total_down"),
    net_out_transfer: number("net_total_up"),
    load1: number("load"),
    tcp_conn: number("connections"),
    udp_conn: number("connections_udp"),
    process_count: number("process"),
    temperature: number("temp"),
    gpu: number("gpu"),
  };
}
