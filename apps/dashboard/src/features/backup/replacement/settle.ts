import { z } from "zod";
import type { AuditLog } from "#platform/audit";
import type { Database, Queries } from "#platform/database";
import type { Installation } from "../snapshot.ts";
import { placesOf, readOrder, writeOrder } from "./order.ts";
import type { Order } from "./order.ts";
import { tidyReplacement } from "./prepare.ts";
import { settleReplacement } from "./swap.ts";

/** Name of the value in table `wf_meta`. */
const KEY = "backup_restored";
const stored = z.object({ at: z.number(), created_at: z.string(), kept_in: z.string(), error: z.string() });
/** How the last restore from the console ended; `at` in Unix milliseconds. */
export type LastRestore = z.output<typeof stored>;

export interface SettleDeps {
  readonly installation: Installation;
  readonly database: Pick<Database, "kysely" | "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly clock: { now(): number };
}

/** A dashboard runs: a replacement that led to it is written down in it, and what was kept to go back goes. */
export async function settle({ audit, clock, database, installation }: SettleDeps): Promise<void> {
  const order = await readOrder(placesOf(installation));
  if (order !== undefined && (order.state === "moved" || order.error !== "")) {
    const isBack = order.state === "prepared" || order.kind === "undo";
    const last = { at: clock.now(), created_at: order.backup.created_at, kept_in: isBack ? "" : order.keptIn, error: order.error };
    await database.change(async (tx) => {
      await tx
        .insertInto("wf_meta")
        .values({ key: KEY, value: JSON.stringify(last) })
        .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: JSON.stringify(last) }))
        .execute();
      await audit.write(tx, deedOf(order, isBack));
    });
    await settleReplacement(installation);
    if (order.state === "prepared") await writeOrder(placesOf(installation), { ...order, error: "" });
  }
  await tidyReplacement(installation);
}

function deedOf({ actor, backup, error, keptIn }: Order, isBack: boolean): Parameters<AuditLog["write"]>[1] {
  const { created_at, signer } = backup;
  const to = { created_at, signer, ...(isBack ? { error } : { kept_in: keptIn }) };
  return { actor, action: isBack ? "backup.restore-failed" : "backup.restored", kind: "backup", key: created_at, to };
}

/** Undefined: none yet. */
export async function lastRestore(queries: Queries): Promise<LastRestore | undefined> {
  const row = await queries.selectFrom("wf_meta").select("value").where("key", "=", KEY).executeTakeFirst();
  return row === undefined ? undefined : stored.safeParse(JSON.parse(row.value)).data;
}
