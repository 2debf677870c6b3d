import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { backupStore } from "../settings.ts";
import type { Installation } from "../snapshot.ts";
import { placesOf, readOrder, writeOrder } from "./order.ts";
import type { Order } from "./order.ts";
import { tidyReplacement } from "./prepare.ts";
import { settleReplacement } from "./swap.ts";

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
      await backupStore.noteRestore(tx, last);
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
