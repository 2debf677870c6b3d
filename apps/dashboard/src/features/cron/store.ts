import type { Selectable } from "kysely";
import { readFlag, readIdList, readNumber, readText, readTime, writeFlag, writeTime } from "#platform/database";
import type { CronsTable, Database, Queries } from "#platform/database";
import type { Cron, CronSettings } from "./model.ts";

function fromRow(row: Selectable<CronsTable>): Cron {
  return {
    id: row.id,
    ownerId: readNumber(row.user_id),
    name: readText(row.name),
    taskType: readNumber(row.task_type),
    scheduler: readText(row.scheduler),
    command: readText(row.command),
    serverIds: readIdList(row.servers_raw),
    cover: readNumber(row.cover),
    pushSuccessful: readFlag(row.push_successful),
    notificationGroupId: readNumber(row.notification_group_id),
    lastExecutedAt: readTime(row.last_executed_at).rfc3339,
    lastResult: readFlag(row.last_result),
    createdAt: readTime(row.created_at).rfc3339,
    updatedAt: readTime(row.updated_at).rfc3339,
  };
}

function columns(settings: CronSettings) {
  return {
    name: settings.name,
    task_type: settings.taskType,
    scheduler: settings.scheduler,
    command: settings.command,
    servers_raw: JSON.stringify(settings.serverIds),
    cover: settings.cover,
    push_successful: writeFlag(settings.pushSuccessful),
    notification_group_id: settings.notificationGroupId,
  };
}

/** SQL of table `crons` (spec 41 section 10.7). `at` is Unix milliseconds. */
export function createCronStore(database: Database) {
  return {
    async all(queries: Queries = database.kysely): Promise<Cron[]> {
      return (await queries.selectFrom("crons").selectAll().orderBy("id").execute()).map(fromRow);
    },
    async insert(ownerId: number, settings: CronSettings, at: number): Promise<Cron> {
      const time = writeTime(at);
      const row = await database.kysely
        .insertInto("crons")
        .values({
          created_at: time,
          updated_at: time,
          user_id: ownerId,
          ...columns(settings),
          last_executed_at: writeTime(0),
          last_result: 0,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return fromRow(row);
    },
    async update(id: number, settings: CronSettings, at: number): Promise<Cron | undefined> {
      const row = await database.kysely
        .updateTable("crons")
        .set({ updated_at: writeTime(at), ...columns(settings) })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirst();
      return row && fromRow(row);
    },
    /** Both columns always: a failure after a success is a failure. */
    async saveRun(id: number, run: { startedAt: number; successful: boolean }, at: number): Promise<Cron | undefined> {
      const row = await database.kysely
        .updateTable("crons")
        .set({ updated_at: writeTime(at), last_executed_at: writeTime(run.startedAt), last_result: writeFlag(run.successful) })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirst();
      return row && fromRow(row);
    },
    /** Writes what a deletion elsewhere left of a cron's references; it is no edit, so the time of the last one stays. */
    async setReferences(tx: Queries, cron: Pick<Cron, "id" | "serverIds" | "notificationGroupId">): Promise<void> {
      await tx
        .updateTable("crons")
        .set({ servers_raw: JSON.stringify(cron.serverIds), notification_group_id: cron.notificationGroupId })
        .where("id", "=", cron.id)
        .execute();
    },
    async delete(tx: Queries, ids: readonly number[]): Promise<void> {
      await tx.deleteFrom("crons").where("id", "in", ids).execute();
    },
  };
}

export type CronStore = ReturnType<typeof createCronStore>;
