import { sql } from "kysely";
import type { Queries } from "#platform/database";

/** Where users' rows are, what people call them, and which of them count. */
const PLACES: readonly (readonly [table: string, owner: string, words: string, where?: string])[] = [
  ["servers", "user_id", "servers"],
  ["server_groups", "user_id", "server groups"],
  ["services", "user_id", "services"],
  ["alert_rules", "user_id", "alert rules"],
  ["crons", "user_id", "tasks"],
  ["notifications", "user_id", "notification channels"],
  ["notification_groups", "user_id", "notification groups"],
  ["ddns", "user_id", "DDNS profiles"],
  ["nats", "user_id", "tunnels"],
  ["server_transfers", "from_user_id", "servers on their way to somebody", "status = 0"],
  ["server_transfers", "to_user_id", "servers on their way to them", "status = 0"],
  ["wf_reports", "owner_id", "reports"],
  ["wf_snoozes", "owner_id", "snoozes"],
  ["wf_maintenance_windows", "owner_id", "maintenance windows"],
  ["wf_share_links", "owner_id", "share links"],
  ["wf_enrolment_codes", "owner_id", "enrolment codes"],
];

/** What a user owns, counted: `3 servers`. Empty for who owns nothing. */
export async function ownedRows(tx: Queries, userId: number): Promise<readonly string[]> {
  const owned: string[] = [];
  for (const [table, owner, words, where = "1"] of PLACES) {
    const count = sql<{
      rows: number;
    }>`SELECT count(*) AS rows FROM ${sql.table(table)} WHERE ${sql.ref(owner)} = ${userId} AND ${sql.raw(where)}`;
    const rows = (await count.execute(tx)).rows[0]?.rows ?? 0;
    if (rows > 0) owned.push(`${rows} ${words}`);
  }
  return owned;
}
