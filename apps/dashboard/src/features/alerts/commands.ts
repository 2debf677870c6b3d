import { startSameCrons } from "#features/cron";
import type { Triggers } from "#features/cron";
import type { Incidents } from "#features/incidents";
import { incidentStore } from "#features/incidents";
import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import type { AlertChecks } from "./checks.ts";
import { judgesSame } from "./judged-rule.ts";
import type { AlertRule, AlertSettings } from "./model.ts";
import { alertKind, alertStore } from "./store.ts";
import type { AlertRules } from "./store.ts";

const KIND = alertKind.name;

export interface AlertCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly alerts: AlertRules;
  readonly checks: AlertChecks;
  readonly incidents: Pick<Incidents, "ledger" | "cascades">;
  readonly triggers: Pick<Triggers, "cancel" | "drop">;
  /** A rule was saved and is in memory. */
  readonly onSaved: (ruleId: number) => void;
  readonly now: () => number;
  /** Throws when one user may not have another row of a kind (spec 60 section 5). */
  readonly requireRoom: (user: User, rows: number) => void;
}

/** What a caller may do with alert rules (spec 11 section 8). */
export function createAlertCommands({ database, audit, alerts, checks, incidents, triggers, onSaved, now, requireRoom }: AlertCommandDeps) {
  /** A rule that is saved, switched off or deleted begins anew: what failed by it ends without anybody being told (spec 30 section 2.2). */
  const abandon = async (tx: Queries, changes: Changes, ruleId: number, outcome: "changed" | "disabled" | "deleted"): Promise<void> => {
    const tellable = await incidentStore.tellableWhere(tx, { source: "alert", sourceId: ruleId }, now());
    await incidents.ledger.abandon(tx, changes, tellable, outcome);
    await triggers.cancel(tx, changes, ruleId, "the rule was saved");
  };
  const move = async (tx: Queries, changes: Changes, ruleId: number, groupId: number): Promise<void> => {
    const lasting = await incidentStore.openWhere(tx, { source: "alert", sourceId: ruleId });
    for (const incident of lasting) await incidents.ledger.move(tx, changes, incident, groupId);
  };
  /** For a transaction of somebody else's (a deleted user's rules). */
  const deleteRows = async (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => {
    for (const id of ids) await abandon(tx, changes, id, "deleted");
    await incidents.cascades.rules(tx, ids, changes);
    await alertStore.delete(tx, ids);
    await triggers.drop(tx, ids);
    changes.gone(KIND, ids);
  };
  const mine = (caller: Caller, id: number, rule: AlertRule | undefined): AlertRule => {
    if (!rule) throw refuse("alert id %d does not exist", id);
    if (!checks.mayManage(caller, rule)) throw refuse("permission denied");
    return rule;
  };
  return {
    deleteRows,
    list: (caller: Caller): AlertRule[] => alerts.list().filter((rule) => checks.mayManage(caller, rule)),

    async create(caller: Caller, user: User, form: AlertSettings): Promise<number> {
      return database.change(async (tx, changes) => {
        checks.requireConditions(caller, user.id, form);
        await checks.requireReferences(caller, user.id, form);
        requireRoom(user, alerts.by("owner", user.id).length);
        const rule = await alertStore.insert(tx, user.id, form, now());
        changes.put(KIND, rule.id);
        changes.afterwards(() => onSaved(rule.id));
        await audit.write(tx, { actor: actorOf(caller), action: "alert-rule.create", kind: KIND, key: rule.id, to: rule });
        return rule.id;
      });
    },

    /**
     * With `keepState` what fails goes on, unless the rule is judged otherwise than before; its incidents keep the name and severity that they
     * were opened with, and another group is told of them.
     */
    async update(caller: Caller, id: number, form: AlertSettings, { keepState }: { readonly keepState: boolean }): Promise<void> {
      await database.change(async (tx, changes) => {
        const stored = mine(caller, id, await alertStore.find(tx, id));
        checks.requireConditions(caller, stored.ownerId, form, stored.rules);
        await checks.requireReferences(caller, stored.ownerId, form, stored);
        const goesOn = keepState && judgesSame(stored, form);
        if (!goesOn) await abandon(tx, changes, id, form.enable === true ? "changed" : "disabled");
        else if (!startSameCrons(stored, form)) await triggers.cancel(tx, changes, id, "the rule was saved");
        if (goesOn && form.notificationGroupId !== stored.notificationGroupId) await move(tx, changes, id, form.notificationGroupId);
        const rule = await alertStore.update(tx, goesOn ? stored : { ...stored, saves: stored.saves + 1 }, form, now());
        changes.put(KIND, id);
        changes.afterwards(() => onSaved(id));
        await audit.write(tx, { actor: actorOf(caller), action: "alert-rule.update", kind: KIND, key: id, from: stored, to: rule });
      });
    },

    /** All or nothing on permission; unknown ids are ignored (spec 11 section 0.9). */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await alertKind.load(tx, [...new Set(ids)]);
        if (!found.every((rule) => checks.mayManage(caller, rule))) throw refuse("permission denied");
        if (found.length === 0) return;
        for (const rule of found) {
          await audit.write(tx, { actor: actorOf(caller), action: "alert-rule.delete", kind: KIND, key: rule.id, from: rule });
        }
        await deleteRows(
          tx,
          found.map((rule) => rule.id),
          changes,
        );
      });
    },
  };
}

export type AlertCommands = ReturnType<typeof createAlertCommands>;
