import { sql } from "kysely";
import type { OwnedRows } from "@windfire/api";
import type { Changes, Queries } from "#platform/database";

/** Where users' rows of one kind are. */
interface Place {
  readonly table: string;
  readonly owner: string;
  /** What people call them. */
  readonly words: string;
  /** Which of the rows count. */
  readonly where?: string;
  /** Column that says which is which. */
  readonly label?: string;
  /** Kind of the rows in the change log; absent where they are not kept in memory. */
  readonly kind?: string;
  /** How they become somebody else's; by a transfer: the agent gets another secret. */
  readonly goes: "at-once" | "by-transfer" | "by-itself";
}

const row = (table: string, kind: string, words: string, more: Partial<Place> = {}): Place => ({
  table,
  kind,
  words,
  owner: "user_id",
  label: "name",
  goes: "at-once",
  ...more,
});

const PLACES: readonly Place[] = [
  row("servers", "server", "servers", { goes: "by-transfer" }),
  row("server_groups", "server-group", "server groups"),
  row("services", "service", "services"),
  row("alert_rules", "alert-rule", "alert rules"),
  row("crons", "cron", "tasks"),
  row("notifications", "notification", "notification channels"),
  row("notification_groups", "notification-group", "notification groups"),
  row("ddns", "ddns", "DDNS profiles"),
  row("nats", "nat", "tunnels"),
  { table: "server_transfers", owner: "from_user_id", words: "servers on their way to somebody", where: "status = 0", goes: "by-itself" },
  { table: "server_transfers", owner: "to_user_id", words: "servers on their way to them", where: "status = 0", goes: "by-itself" },
  row("wf_reports", "report", "reports", { owner: "owner_id" }),
  row("wf_snoozes", "snooze", "snoozes", { owner: "owner_id", label: "note" }),
  row("wf_maintenance_windows", "maintenance-window", "maintenance windows", { owner: "owner_id" }),
  row("wf_share_links", "share-link", "share links", { owner: "owner_id" }),
  row("wf_status_pages", "status-page", "status pages", { owner: "owner_id", label: "slug" }),
  { table: "wf_page_templates", owner: "owner_id", words: "templates of status pages", label: "name", goes: "at-once" },
  { table: "wf_enrolment_codes", owner: "owner_id", words: "enrolment codes", label: "name", goes: "at-once" },
];

/** What a user owns, counted: `3 servers`. Empty for who owns nothing. */
export async function ownedRows(tx: Queries, userId: number): Promise<readonly string[]> {
  return (await ownedBy(tx, userId)).map(({ count, words }) => `${count} ${words}`);
}

/** Names of one kind that are told. */
const NAMED = 5;

/** What a user owns, kind by kind, with some names. */
export async function ownedBy(tx: Queries, userId: number): Promise<OwnedRows[]> {
  const owned: OwnedRows[] = [];
  for (const place of PLACES) {
    const { table, owner, label, where = "1 = 1" } = place;
    const mine = sql`FROM ${sql.table(table)} WHERE ${sql.ref(owner)} = ${userId} AND ${sql.raw(where)}`;
    const counted = await sql<{ rows: number }>`SELECT count(*) AS rows ${mine}`.execute(tx);
    const count = counted.rows[0]?.rows ?? 0;
    if (count === 0) continue;
    const named =
      label && (await sql<{ name: string | null }>`SELECT ${sql.ref(label)} AS name ${mine} ORDER BY id LIMIT ${NAMED}`.execute(tx));
    const names = named ? named.rows.map(({ name }) => name ?? "").filter((name) => name !== "") : [];
    owned.push({ kind: place.kind ?? table, words: place.words, count, names });
  }
  return owned;
}

/** Gives everything to somebody else that needs no agent to know of it. What is open follows as with any other change of the rows. */
export async function handOverRows(tx: Queries, changes: Changes, from: number, to: number): Promise<void> {
  for (const { table, owner, kind, where = "1 = 1", goes } of PLACES) {
    if (goes !== "at-once") continue;
    const moved = await sql<{
      id: number;
    }>`UPDATE ${sql.table(table)} SET ${sql.ref(owner)} = ${to} WHERE ${sql.ref(owner)} = ${from} AND ${sql.raw(where)} RETURNING id`.execute(
      tx,
    );
    if (kind !== undefined && moved.rows.length > 0) changes.put(kind, ...moved.rows.map(({ id }) => id));
  }
  for (const table of ["server_group_servers", "notification_group_notifications"] as const)
    await tx.updateTable(table).set({ user_id: to }).where("user_id", "=", from).execute();
  // Those that ended tell of the past; what is open is told to whoever owns it by now.
  const open = await tx
    .updateTable("wf_incidents")
    .set({ owner_id: to })
    .where("owner_id", "=", from)
    .returning(["id", "ended_at"])
    .execute();
  const ids = open.filter(({ ended_at: endedAt }) => endedAt === 0).map(({ id }) => id);
  if (ids.length > 0) changes.put("incident", ...ids);
}

/** Ids of the servers that a transfer has to take along. */
export async function serversOf(tx: Queries, userId: number): Promise<readonly number[]> {
  return (await tx.selectFrom("servers").select("id").where("user_id", "=", userId).orderBy("id").execute()).map(({ id }) => id);
}
