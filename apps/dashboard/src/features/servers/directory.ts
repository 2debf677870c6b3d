import { LiveServer } from "./live-server.ts";
import { byDisplayOrder } from "./model.ts";
import type { Server } from "./model.ts";
import type { TrafficRecord } from "./traffic-meter.ts";

/** All servers by id and UUID, and in display order. In-memory truth; the store is written first. */
export interface ServerDirectory {
  get(id: number): LiveServer | undefined;
  byUuid(uuid: string): LiveServer | undefined;
  /** Display order: index descending, id ascending. Do not keep: the next change makes a new list. */
  list(): readonly LiveServer[];
  readonly size: number;
  add(settings: Server): LiveServer;
  replace(settings: Server): void;
  remove(ids: readonly number[]): void;
}

/** @param traffic what an earlier process kept of servers' counters, by id */
export function createServerDirectory(
  servers: readonly Server[],
  traffic: ReadonlyMap<number, TrafficRecord> = new Map(),
): ServerDirectory {
  const byId = new Map<number, LiveServer>();
  const byUuid = new Map<string, LiveServer>();
  let ordered: readonly LiveServer[] | undefined;
  const add = (settings: Server): LiveServer => {
    const server = new LiveServer(settings);
    byId.set(settings.id, server);
    byUuid.set(settings.uuid, server);
    ordered = undefined;
    return server;
  };
  for (const settings of servers) {
    const server = add(settings);
    const record = traffic.get(settings.id);
    if (record) server.traffic.restore(record);
  }
  return {
    get: (id) => byId.get(id),
    byUuid: (uuid) => byUuid.get(uuid),
    list() {
      ordered ??= [...byId.values()].toSorted((a, b) => byDisplayOrder(a.settings, b.settings));
      return ordered;
    },
    get size() {
      return byId.size;
    },
    add,
    replace(settings) {
      byId.get(settings.id)?.replaceSettings(settings);
      ordered = undefined;
    },
    remove(ids) {
      for (const id of ids) {
        const server = byId.get(id);
        if (!server) continue;
        byId.delete(id);
        byUuid.delete(server.settings.uuid);
        // A state stream that is still open finds itself superseded at its next report.
        server.openStream();
      }
      ordered = undefined;
    },
  };
}
