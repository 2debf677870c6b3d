import type { DatabaseSync } from "node:sqlite";
import type { Item } from "../as-code/json.ts";
import { rowsOf, text } from "./rows.ts";
import type { Row } from "./rows.ts";
import type { TakenServer } from "./source.ts";

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

/** Komari shows the smallest weight first, here the largest index is first. */
export function serversOf(database: DatabaseSync): TakenServer[] {
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

export function groupsOf(database: DatabaseSync): Map<string, Item> {
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

export function servicesOf(database: DatabaseSync, nameOf: ReadonlyMap<string, string>, notes: string[]) {
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

export function rulesOf(
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
