import { createPagePool, type PagePool } from "./codec/row-pages.ts";
import type { FamilyPlan } from "./families.ts";
import type { Dropped } from "./files/dropped.ts";
import { createGroup, type Group } from "./head.ts";

/** All groups that are known, by family and key. */
export interface GroupTables {
  readonly tables: readonly ReadonlyMap<number, Group>[];
  /** The group, made where missing. */
  of(family: number, key: number): Group;
  get(family: number, key: number): Group | undefined;
  keys(family: number): number[];
  remove(family: number, key: number): void;
  sum(measure: (group: Group) => number): number;
}

export function createGroupTables(plans: readonly FamilyPlan[], dropped: Dropped): GroupTables {
  const tables = plans.map(() => new Map<number, Group>());
  const pools = plans.map(({ folds }) => createPagePool(folds.length + 2));
  return {
    tables,
    of: (family, key) => {
      const table = tables[family] as Map<number, Group>;
      let group = table.get(key);
      if (group === undefined) {
        group = createGroup(family, key, pools[family] as PagePool);
        group.closed = dropped.before(family, key);
        table.set(key, group);
      }
      return group;
    },
    get: (family, key) => tables[family]?.get(key),
    keys: (family) => [...(tables[family]?.keys() ?? [])],
    remove: (family, key) => void tables[family]?.delete(key),
    sum: (measure) => {
      let sum = 0;
      for (const table of tables) for (const group of table.values()) sum += measure(group);
      return sum;
    },
  };
}
