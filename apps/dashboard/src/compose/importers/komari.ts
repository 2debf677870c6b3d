import { DatabaseSync } from "node:sqlite";
import type { Item } from "../as-code/json.ts";
import type { Section } from "../as-code/kind.ts";
import { groupsOf, rulesOf, serversOf, servicesOf } from "./komari-declared.ts";
import { beatsOf, statesOf } from "./komari-measured.ts";
import type { KomariMetrics } from "./komari-metrics.ts";
import { rowsOf, text } from "./rows.ts";
import { pointsOf } from "./source.ts";
import type { Results, States, Takeover } from "./source.ts";

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
