import type { Selectable } from "kysely";
import { readFlag, readIdList, readNumber, readText, readTime, writeFlag, writeTime } from "#platform/database";
import type { CronOptionsTable, CronsTable, Kept, Queries } from "#platform/database";
import { heldSchedules, holdSchedule } from "./held-schedules.ts";
import type { HeldSchedule } from "./held-schedules.ts";
import { DEFAULT_OPTIONS } from "./model.ts";
import type { Cron, CronOptions, CronSettings } from "./model.ts";

type OptionColumns = Pick<CronOptionsTable, "keep_runs" | "keep_output" | "tell_missed">;

function fromRow(row: Selectable<CronsTable> & { [Name in keyof OptionColumns]: number | null }): Cron {
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
    keepRuns: row.keep_runs ?? DEFAULT_OPTIONS.keepRuns,
    keepOutput: row.keep_output ?? DEFAULT_OPTIONS.keepOutput,
    tellMissed: row.tell_missed === null ? DEFAULT_OPTIONS.tellMissed : row.tell_missed !== 0,
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

/** All crons in memory, in the order of their ids; also those whose schedule cannot be read. */
export type Crons = Kept<number, Cron, (typeof cronKind)["indexes"]>;

export const cronKind = {
  name: "cron",
  keyOf: (cron: Cron): number => cron.id,
  order: (a: Cron, b: Cron): number => a.id - b.id,
  indexes: { owner: (cron: Cron): number => cron.ownerId },
  load: async (queries: Queries, ids?: readonly number[]): Promise<Cron[]> => {
    const query = queries
      .selectFrom("crons")
      .leftJoin("wf_cron_options as ours", "ours.cron_id", "crons.id")
      .selectAll("crons")
      .select(["ours.keep_runs", "ours.keep_output", "ours.tell_missed"])
      .orderBy("crons.id");
    return (await (ids ? query.where("crons.id", "in", ids) : query).execute()).map(fromRow);
  },
};

/** SQL of table `crons` (spec 41 section 10.7). `at` is Unix milliseconds. */
export const cronStore = {
  all: (queries: Queries): Promise<Cron[]> => cronKind.load(queries),
  async find(queries: Queries, id: number): Promise<Cron | undefined> {
    return (await cronKind.load(queries, [id]))[0];
  },
  async insert(tx: Queries, ownerId: number, settings: CronSettings, at: number): Promise<number> {
    const time = writeTime(at);
    const times = { created_at: time, updated_at: time, last_executed_at: writeTime(0) };
    const { id } = await tx
      .insertInto("crons")
      .values({ ...times, user_id: ownerId, ...columns(settings), last_result: 0 })
      .returning("id")
      .executeTakeFirstOrThrow();
    await putOptions(tx, id, undefined, settings, at);
    return id;
  },
  async update(tx: Queries, stored: Cron, settings: CronSettings, at: number): Promise<Cron | undefined> {
    await tx
      .updateTable("crons")
      .set({ updated_at: writeTime(at), ...columns(settings) })
      .where("id", "=", stored.id)
      .execute();
    await putOptions(tx, stored.id, stored, settings, at);
    return cronStore.find(tx, stored.id);
  },
  /** The schedules that crons had lately, by id, as far as they were noted. */
  async schedules(queries: Queries): Promise<Map<number, HeldSchedule[]>> {
    const rows = await queries.selectFrom("wf_cron_options").select(["cron_id", "schedules"]).execute();
    return new Map(rows.map(({ cron_id: id, schedules }) => [id, heldSchedules.read(schedules)]));
  },
  /** Notes the schedule of a cron that another program wrote. */
  noteSchedule: (tx: Queries, cron: Cron, at: number): Promise<void> => putOptions(tx, cron.id, cron, { ...cron, options: {} }, at),
  /** Removes what is ours of crons that somebody else deleted. */
  async sweep(tx: Queries): Promise<void> {
    const all = tx.selectFrom("crons").select("id");
    await tx.deleteFrom("wf_cron_options").where("cron_id", "not in", all).execute();
    await tx.deleteFrom("wf_cron_results").where("cron_id", "not in", all).execute();
    await tx.deleteFrom("wf_cron_runs").where("cron_id", "not in", all).execute();
  },
  /** Both columns always: a failure after a success is a failure. `false` when there is no such row. */
  async saveRun(tx: Queries, id: number, run: { startedAt: number; successful: boolean }, at: number): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable("crons")
      .set({ updated_at: writeTime(at), last_executed_at: writeTime(run.startedAt), last_result: writeFlag(run.successful) })
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
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
    await tx.deleteFrom("wf_cron_options").where("cron_id", "in", ids).execute();
  },
};

async function putOptions(tx: Queries, id: number, before: Cron | undefined, settings: CronSettings, at: number): Promise<void> {
  const { options } = settings;
  const known: CronOptions = before ?? DEFAULT_OPTIONS;
  const row = await tx.selectFrom("wf_cron_options").select("schedules").where("cron_id", "=", id).executeTakeFirst();
  const values = {
    keep_runs: options.keepRuns ?? known.keepRuns,
    keep_output: options.keepOutput ?? known.keepOutput,
    tell_missed: writeFlag(options.tellMissed ?? known.tellMissed),
    schedules: heldSchedules.write(holdSchedule(heldSchedules.read(row?.schedules ?? "[]"), before, settings, at)),
  };
  await tx
    .insertInto("wf_cron_options")
    .values({ cron_id: id, ...values })
    .onConflict((conflict) => conflict.column("cron_id").doUpdateSet(values))
    .execute();
}
