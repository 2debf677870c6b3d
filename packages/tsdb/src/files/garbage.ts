import type { Disk } from "./disk.ts";

/** Files out of use that are still there. */
export interface Garbage {
  /** Removes these files, also those that could not be removed before; throws when some still cannot. */
  discard(paths: readonly string[]): void;
  /** A file of this name is in use again. */
  keep(path: string): void;
}

export function createGarbage(disk: Disk): Garbage {
  const garbage = new Set<string>();
  return {
    discard: (paths) => {
      for (const path of paths) garbage.add(path);
      for (const path of garbage) {
        disk.remove(path);
        garbage.delete(path);
      }
    },
    keep: (path) => void garbage.delete(path),
  };
}
