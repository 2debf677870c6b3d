import { byDisplayOrder, isServiceType } from "./model.ts";
import type { Service } from "./model.ts";

/** All services that can be probed. In-memory truth; the store is written first. */
export interface ServiceDirectory {
  get(id: number): Service | undefined;
  /** In display order. Do not keep: the next change makes a new list. */
  list(): readonly Service[];
  /** A row of a type that is none is left out (spec 30 section 1.2). */
  put(service: Service): void;
  remove(ids: readonly number[]): void;
}

/** Told after each change, for whoever acts on services by the clock. */
export interface ServiceWatcher {
  put(service: Service): void;
  remove(ids: readonly number[]): void;
}

export function createServiceDirectory(services: readonly Service[], watchers: readonly ServiceWatcher[] = []): ServiceDirectory {
  const byId = new Map<number, Service>();
  let ordered: readonly Service[] | undefined;
  const put = (service: Service): void => {
    if (isServiceType(service.type)) byId.set(service.id, service);
    ordered = undefined;
  };
  for (const service of services) put(service);
  return {
    get: (id) => byId.get(id),
    list() {
      ordered ??= [...byId.values()].toSorted(byDisplayOrder);
      return ordered;
    },
    put(service) {
      put(service);
      for (const watcher of watchers) watcher.put(service);
    },
    remove(ids) {
      for (const id of ids) byId.delete(id);
      ordered = undefined;
      for (const watcher of watchers) watcher.remove(ids);
    },
  };
}
