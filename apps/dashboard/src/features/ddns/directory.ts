import type { DdnsProfile } from "./model.ts";

/** All profiles, asked at every address change. In-memory truth; the store is written first. */
export interface DdnsDirectory {
  get(id: number): DdnsProfile | undefined;
  /** In the order of their ids. */
  list(): readonly DdnsProfile[];
  put(profile: DdnsProfile): void;
  remove(ids: readonly number[]): void;
}

export function createDdnsDirectory(profiles: readonly DdnsProfile[]): DdnsDirectory {
  const byId = new Map(profiles.map((profile) => [profile.id, profile]));
  return {
    get: (id) => byId.get(id),
    list: () => [...byId.values()].toSorted((a, b) => a.id - b.id),
    put: (profile) => void byId.set(profile.id, profile),
    remove(ids) {
      for (const id of ids) byId.delete(id);
    },
  };
}
