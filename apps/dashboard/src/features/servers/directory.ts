import { LiveServer } from "./live-server.ts";
import { byDisplayOrder } from "./model.ts";
import type { Server } from "./model.ts";
import type { ServerRecords } from "./store.ts";

/** What became of a server's row; `undefined`: it was not there, or is no more. */
export interface ServerChange {
  readonly id: number;
  readonly before: Server | undefined;
  readonly after: Server | undefined;
}

/** All servers by id and UUID, and in display order: their rows, and what their agents say. */
export interface ServerDirectory {
  get(id: number): LiveServer | undefined;
  byUuid(uuid: string): LiveServer | undefined;
  /** Display order: index descending, id ascending. Do not keep: the next change makes a new list. */
  list(): readonly LiveServer[];
  readonly size: number;
  /** Hears of every change of a row, once the directory holds it; a change may be heard twice. Returns the function that ends it. */
  subscribe(listener: (change: ServerChange) => void): () => void;
}

/** {@link ServerDirectory} with the side that only the rows' follower holds. */
export interface WritableDirectory extends ServerDirectory {
  /** The row as it is now; connection, state and counters of a known server stay. */
  put(settings: Server): LiveServer;
  remove(ids: readonly number[]): void;
}

/** `onError` hears of listeners that throw; the others go on. */
export function createServerDirectory(servers: readonly Server[], onError: (error: unknown) => void = rethrow): WritableDirectory {
  const byId = new Map<number, LiveServer>();
  const byUuid = new Map<string, LiveServer>();
  const listeners = new Set<(change: ServerChange) => void>();
  let ordered: readonly LiveServer[] | undefined;
  const tell = (change: ServerChange): void => {
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        onError(error);
      }
    }
  };
  const put = (settings: Server): LiveServer => {
    ordered = undefined;
    const known = byId.get(settings.id);
    const before = known?.settings;
    const server = known ?? new LiveServer(settings);
    if (before) byUuid.delete(before.uuid);
    if (known) known.replaceSettings(settings);
    byId.set(settings.id, server);
    byUuid.set(settings.uuid, server);
    tell({ id: settings.id, before, after: settings });
    return server;
  };
  for (const settings of servers) put(settings);
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
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    put,
    remove(ids) {
      for (const id of ids) {
        const server = byId.get(id);
        if (!server) continue;
        byId.delete(id);
        byUuid.delete(server.settings.uuid);
        ordered = undefined;
        // A state stream that is still open finds itself superseded at its next report.
        server.openStream();
        tell({ id, before: server.settings, after: undefined });
      }
    },
  };
}

/** Keeps a directory in step with the rows. */
export function followServers(records: ServerRecords, directory: WritableDirectory): void {
  records.subscribe({
    changed({ key, after }) {
      if (after) directory.put(after);
      else directory.remove([key]);
    },
    reloaded(all) {
      const there = new Set(all.map(({ id }) => id));
      directory.remove(
        directory
          .list()
          .map(({ id }) => id)
          .filter((id) => !there.has(id)),
      );
      for (const settings of all) directory.put(settings);
    },
  });
}

function rethrow(error: unknown): never {
  throw error;
}
