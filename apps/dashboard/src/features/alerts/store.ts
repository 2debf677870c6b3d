import type { Selectable } from "kysely";
import { readSeverity } from "#features/incidents";
import type { Severity } from "#features/notifications";
import { readIdList, readNumber, readOptionalFlag, readText, readTime, writeFlag, writeTime } from "#platform/database";
import type { AlertRulesTable, Kept, Queries } from "#platform/database";
import { conditionJson, readConditions } from "./condition-json.ts";
import type { AlertRule, AlertSettings } from "./model.ts";

/** A row with its options; they are null for a rule that we never saved. */
type Row = Selectable<AlertRulesTable> & { readonly severity: string | null; readonly saves: number | null };

function fromRow(row: Row): AlertRule {
  return {
    id: row.id,
    ownerId: readNumber(row.user_id),
    name: readText(row.name),
    enable: readOptionalFlag(row.enable),
    triggerMode: readNumber(row.trigger_mode),
    notificationGroupId: readNumber(row.notification_group_id),
    rules: readConditions(row.rules_raw),
    failTriggerTasks: readIdList(row.fail_trigger_tasks_raw),
    recoverTriggerTasks: readIdList(row.recover_trigger_tasks_raw),
    severity: readSeverity(row.severity),
    saves: row.saves ?? 0,
    createdAt: readTime(row.created_at).rfc3339,
    updatedAt: readTime(row.updated_at).rfc3339,
  };
}

function rulesColumn(rules: AlertSettings["rules"]) {
  return { rules_raw: JSON.stringify(rules && rules.map((condition) => condition && conditionJson(condition))) };
}

/** The columns that name other rows, without those that conditions name. */
function referenceColumns(settings: Pick<AlertRule, "failTriggerTasks" | "recoverTriggerTasks" | "notificationGroupId">) {
  return {
    fail_trigger_tasks_raw: JSON.stringify(settings.failTriggerTasks),
    recover_trigger_tasks_raw: JSON.stringify(settings.recoverTriggerTasks),
    notification_group_id: settings.notificationGroupId,
  };
}

function columns(settings: AlertSettings) {
  return {
    name: settings.name,
    enable: writeFlag(settings.enable ?? false),
    trigger_mode: settings.triggerMode,
    ...rulesColumn(settings.rules),
    ...referenceColumns(settings),
  };
}

/** All rules in memory, in the order of their ids; also those that are off. */
export type AlertRules = Kept<number, AlertRule, (typeof alertKind)["indexes"]>;

export const alertKind = {
  name: "alert-rule",
  keyOf: (rule: AlertRule): number => rule.id,
  order: (a: AlertRule, b: AlertRule): number => a.id - b.id,
  indexes: { owner: (rule: AlertRule): number => rule.ownerId },
  load: async (queries: Queries, ids?: readonly number[]): Promise<AlertRule[]> => {
    const query = queries
      .selectFrom("alert_rules")
      .leftJoin("wf_alert_rule_options as options", "options.rule_id", "alert_rules.id")
      .selectAll("alert_rules")
      .select(["options.severity", "options.saves"])
      .orderBy("alert_rules.id");
    return (await (ids ? query.where("alert_rules.id", "in", ids) : query).execute()).map(fromRow);
  },
};

/** SQL of table `alert_rules` (spec 41 section 10.5) and of what we keep beside it. `at` is Unix milliseconds. */
export const alertStore = {
  async find(queries: Queries, id: number): Promise<AlertRule | undefined> {
    return (await alertKind.load(queries, [id]))[0];
  },
  async insert(tx: Queries, ownerId: number, settings: AlertSettings, at: number): Promise<AlertRule> {
    const time = writeTime(at);
    const { id } = await tx
      .insertInto("alert_rules")
      .values({ created_at: time, updated_at: time, user_id: ownerId, ...columns(settings) })
      .returning("id")
      .executeTakeFirstOrThrow();
    await saveOptions(tx, id, settings.severity ?? "warning", 1);
    const [rule] = await alertKind.load(tx, [id]);
    if (!rule) throw new Error(`alert rule ${id} was written and is not there`);
    return rule;
  },
  /** `stored` with the number of saves that it has from now on; `undefined` when there is no such rule any more. */
  async update(tx: Queries, stored: AlertRule, settings: AlertSettings, at: number): Promise<AlertRule | undefined> {
    await tx
      .updateTable("alert_rules")
      .set({ updated_at: writeTime(at), ...columns(settings) })
      .where("id", "=", stored.id)
      .execute();
    await saveOptions(tx, stored.id, settings.severity ?? stored.severity, stored.saves);
    return alertStore.find(tx, stored.id);
  },
  /**
   * Writes what a deletion elsewhere left of a rule's references; it is no edit, so the time of the last one stays, and so does the
   * text of conditions that did not change.
   */
  async setReferences(tx: Queries, rule: AlertRule, withConditions: boolean): Promise<void> {
    const changed = { ...(withConditions ? rulesColumn(rule.rules) : {}), ...referenceColumns(rule) };
    await tx.updateTable("alert_rules").set(changed).where("id", "=", rule.id).execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("alert_rules").where("id", "in", ids).execute();
    await tx.deleteFrom("wf_alert_rule_options").where("rule_id", "in", ids).execute();
  },
};

async function saveOptions(tx: Queries, ruleId: number, severity: Severity, saves: number): Promise<void> {
  await tx
    .insertInto("wf_alert_rule_options")
    .values({ rule_id: ruleId, severity, saves })
    .onConflict((conflict) => conflict.column("rule_id").doUpdateSet({ severity, saves }))
    .execute();
}
