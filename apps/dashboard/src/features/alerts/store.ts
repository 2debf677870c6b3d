import type { Selectable } from "kysely";
import { readIdList, readJson, readNumber, readOptionalFlag, readText, readTime, writeFlag, writeTime } from "#platform/database";
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
    rules: readConditions(readJson(row.rules_raw)),
    failTriggerTasks: readIdList(row.fail_trigger_tasks_raw),
    recoverTriggerTasks: readIdList(row.recover_trigger_tasks_raw),
    createdAt: readTime(row.created_at).rfc3339,
    updatedAt: readTime(row.updated_at).rfc3339,
  };
}

/** The columns that name other rows. */
function referenceColumns(settings: Pick<AlertRule, "rules" | "failTriggerTasks" | "recoverTriggerTasks" | "notificationGroupId">) {
  return {
    rules_raw: JSON.stringify(settings.rules && settings.rules.map(conditionJson)),
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
    /** Writes what a deletion elsewhere left of a rule's references; it is no edit, so the time of the last one stays. */
    async setReferences(tx: Queries, rule: AlertRule): Promise<void> {
      await tx.updateTable("alert_rules").set(referenceColumns(rule)).where("id", "=", rule.id).execute();
    },
    async delete(tx: Queries, ids: readonly number[]): Promise<void> {
      await tx.deleteFrom("alert_rules").where("id", "in", ids).execute();
    },
  };
}

export type AlertStore = ReturnType<typeof createAlertStore>;
