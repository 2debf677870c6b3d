import type { Cron } from "./model.ts";

/** All crons, also those whose schedule cannot be read. In-memory truth; the store is written first. */
export interface CronDirectory {
  get(id: number): Cron | undefined;
  /** In the order of their ids. Do not keep: the next change makes a new list. */
  list(): readonly Cron[];
  put(cron: Cron): void;
  remove(ids: readonly number[]): void;
}

export function createCronDirectory(crons: readonly Cron[]): CronDirectory {
  const byId = new Map(crons.map((cron) => [cron.id, cron]));
  let ordered: readonly Cron[] | undefined;
  return {
    get: (id) => byId.get(id),
    list() {
      ordered ??= [...byId.values()].toSorted((a, b) => a.id - b.id);
      return ordered;
    },
    put(cron) {
      byId.set(cron.id, cron);
      ordered = undefined;
    },
    remove(ids) {
      for (const id of ids) byId.delete(id);
      ordered = undefined;
    },
  };
}
