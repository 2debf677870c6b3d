import { setImmediate as yieldToOthers } from "node:timers/promises";
import { AuditRetentionForm } from "@windfire/api";
import { sql } from "kysely";
import type { Database, Queries } from "#platform/database";
import { DEFAULT_RETENTION } from "./model.ts";
import type { Retention } from "./model.ts";

/** Name of the value in table `wf_meta`. */
const KEY = "audit_retention";
/** Lines measured or deleted in one statement. */
const SLICE = 2_000;
const DAY_MS = 86_400_000;
const MEGABYTE = 1024 * 1024;
/** What a line takes besides its texts. */
const LINE_BYTES = 100;

/** What is stored of the setting, in `wf_meta`. */
export const retentionStore = {
  async read(queries: Queries): Promise<Retention> {
    const row = await queries.selectFrom("wf_meta").select("value").where("key", "=", KEY).executeTakeFirst();
    const stored = AuditRetentionForm.safeParse(row === undefined ? {} : (JSON.parse(row.value) as unknown));
    const { days, lines, megabytes } = stored.success ? stored.data : {};
    return {
      days: days ?? DEFAULT_RETENTION.days,
      lines: lines ?? DEFAULT_RETENTION.lines,
      megabytes: megabytes ?? DEFAULT_RETENTION.megabytes,
    };
  },
  async write(tx: Queries, retention: Retention): Promise<void> {
    const value = JSON.stringify(retention);
    await tx
      .insertInto("wf_meta")
      .values({ key: KEY, value })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
      .execute();
  },
};

/** Deletes what is not kept any more, oldest first, slice by slice; a line is measured by its texts. */
export async function pruneAudit({ kysely }: Pick<Database, "kysely">, now: number): Promise<void> {
  const { days, lines, megabytes } = await retentionStore.read(kysely);
  const newest = (await kysely.selectFrom("wf_audit").select("id").orderBy("id", "desc").limit(1).executeTakeFirst())?.id ?? 0;
  const through = Math.max(newest - lines, await lastTooLarge(kysely, newest, megabytes * MEGABYTE));
  const tooOld = now - days * DAY_MS;
  for (let deleted = SLICE; deleted >= SLICE;) {
    const gone = kysely
      .selectFrom("wf_audit")
      .select("id")
      .where((eb) => eb.or([eb("id", "<=", through), eb("at", "<", tooOld)]))
      .limit(SLICE);
    deleted = Number((await kysely.deleteFrom("wf_audit").where("id", "in", gone).executeTakeFirst()).numDeletedRows);
    await yieldToOthers();
  }
}

/** The newest line that does not fit any more; 0 when all do. */
async function lastTooLarge(kysely: Queries, newest: number, budget: number): Promise<number> {
  let left = budget;
  for (let upper = newest; upper > 0; upper -= SLICE) {
    const sizes = await kysely
      .selectFrom("wf_audit")
      .select(["id", sql<number>`length(fields) + length(username) + length(token_name) + length(address) + ${LINE_BYTES}`.as("size")])
      .where("id", "<=", upper)
      .where("id", ">", upper - SLICE)
      .orderBy("id", "desc")
      .execute();
    for (const { id, size } of sizes) {
      left -= size;
      if (left < 0) return id;
    }
    await yieldToOthers();
  }
  return 0;
}
