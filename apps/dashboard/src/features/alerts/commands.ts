import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import type { Changes, Database, Queries } from "#platform/database";
import type { AlertChecks } from "./checks.ts";
import type { CycleTraffic } from "./cycle-traffic.ts";
import type { AlertDirectory } from "./directory.ts";
import type { AlertRule, AlertSettings } from "./model.ts";
import type { AlertStore } from "./store.ts";

export interface AlertCommandDeps {
  readonly database: Database;
  readonly store: AlertStore;
  readonly alerts: AlertDirectory;
  readonly checks: AlertChecks;
  readonly cycleTraffic: CycleTraffic;
  readonly now: () => number;
  /** Throws when one user may not have another row of a kind (spec 60 section 5). */
  readonly requireRoom: (user: User, rows: number) => void;
}

/** What a caller may do with alert rules (spec 11 section 8). */
export function createAlertCommands({ database, store, alerts, checks, cycleTraffic, ...deps }: AlertCommandDeps) {
  /** Saving, also without a change, begins the rule anew (spec 30 section 2.2). */
  const publish = (rule: AlertRule): void => {
    alerts.put(rule);
    cycleTraffic.removeRules([rule.id]);
  };
  /** For a transaction of somebody else's (a deleted user's rules). */
  const deleteRows = async (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => {
    await store.delete(tx, ids);
    changes.afterwards(() => {
      alerts.remove(ids);
      cycleTraffic.removeRules(ids);
    });
  };
  return {
    deleteRows,
    list: (caller: Caller): AlertRule[] => alerts.list().filter((rule) => checks.mayManage(caller, rule)),

    async create(caller: Caller, user: User, form: AlertSettings): Promise<number> {
      checks.requireConditions(caller, user.id, form);
      await checks.requireReferences(caller, user.id, form);
      deps.requireRoom(user, alerts.list().filter((rule) => rule.ownerId === user.id).length);
      const rule = await store.insert(user.id, form, deps.now());
      publish(rule);
      return rule.id;
    },

    async update(caller: Caller, id: number, form: AlertSettings): Promise<void> {
      const stored = alerts.get(id);
      if (!stored) throw refuse("alert id %d does not exist", id);
      if (!checks.mayManage(caller, stored)) throw refuse("permission denied");
      checks.requireConditions(caller, stored.ownerId, form, stored.rules);
      await checks.requireReferences(caller, stored.ownerId, form, stored);
      const rule = await store.update(id, form, deps.now());
      if (!rule) throw refuse("alert id %d does not exist", id);
      publish(rule);
    },

    /** All or nothing on permission; unknown ids are ignored (spec 11 section 0.9). */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      const found = [...new Set(ids)].map((id) => alerts.get(id)).filter((rule) => rule !== undefined);
      if (!found.every((rule) => checks.mayManage(caller, rule))) throw refuse("permission denied");
      const gone = found.map((rule) => rule.id);
      if (gone.length === 0) return;
      await database.change((tx, changes) => deleteRows(tx, gone, changes));
    },
  };
}

export type AlertCommands = ReturnType<typeof createAlertCommands>;
