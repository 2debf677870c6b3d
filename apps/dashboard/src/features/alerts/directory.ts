import type { AlertRule } from "./model.ts";

/** All rules, also those that are off. In-memory truth; the store is written first. */
export interface AlertDirectory {
  get(id: number): AlertRule | undefined;
  /** In the order of their ids. Do not keep: the next change makes a new list. */
  list(): readonly AlertRule[];
  put(rule: AlertRule): void;
  remove(ids: readonly number[]): void;
}

export function createAlertDirectory(rules: readonly AlertRule[]): AlertDirectory {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  let ordered: readonly AlertRule[] | undefined;
  return {
    get: (id) => byId.get(id),
    list() {
      ordered ??= [...byId.values()].toSorted((a, b) => a.id - b.id);
      return ordered;
    },
    put(rule) {
      byId.set(rule.id, rule);
      ordered = undefined;
    },
    remove(ids) {
      for (const id of ids) byId.delete(id);
      ordered = undefined;
    },
  };
}
