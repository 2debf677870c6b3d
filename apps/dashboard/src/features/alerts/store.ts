import type { Selectable } from "kysely";
import { readIdList, readNumber, readOptionalFlag, readText, readTime, writeFlag, writeTime } from "#platform/database";
import type { AlertRulesTable, Database, Queries } from "#platform/database";
import { conditionJson, readConditions } from "./condition-json.ts";
import type { AlertRule, AlertSettings } from "./model.ts";

function fromRow(row: Selectable<AlertRulesTable>): AlertRule {
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

/** SQL of table `alert_rules` (spec 41 section 10.5). `at` is Unix milliseconds. */
export function createAlertStore(database: Database) {
  return {
    async all(queries: Queries = database.kysely): Promise<AlertRule[]> {
      return (await queries.selectFrom("alert_rules").selectAll().orderBy("id").execute()).map(fromRow);
    },
    async insert(ownerId: number, settings: AlertSettings, at: number): Promise<AlertRule> {
      const time = writeTime(at);
      const row = await database.kysely
        .insertInto("alert_rules")
        .values({ created_at: time, updated_at: time, user_id: ownerId, ...columns(settings) })
        .returningAll()
        .executeTakeFirstOrThrow();
      return fromRow(row);
    },
    async update(id: number, settings: AlertSettings, at: number): Promise<AlertRule | undefined> {
      const row = await database.kysely
        .updateTable("alert_rules")
        .set({ updated_at: writeTime(at), ...columns(settings) })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirst();
      return row && fromRow(row);
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
    },
  };
}

export type AlertStore = ReturnType<typeof createAlertStore>;
