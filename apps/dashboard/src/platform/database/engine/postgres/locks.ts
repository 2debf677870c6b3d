import type { Client } from "pg";
import { DatabaseError } from "../database-error.ts";

/**
 * Advisory locks, by a number of ours and the schema that the tables are in. They end with their connection, however that ends, and never
 * have to be removed by hand.
 */
const DASHBOARD = 5_746_001;
const WRITER = 5_746_002;
const ofSchema = (which: number): string => `${which}, hashtext(current_schema())`;

/**
 * Begins a transaction of the one that writes; the last result holds the number of the transaction, and whether it may write: a standby gives
 * none, but where only `default_transaction_read_only` is set the first statement that writes would be refused.
 */
export const BEGIN_WRITING = `BEGIN; SELECT pg_advisory_xact_lock(${ofSchema(WRITER)});
  SELECT pg_current_xact_id()::text AS xid, current_setting('transaction_read_only') AS read_only`;

/** @throws {DatabaseError} `read-only`, by what `transaction_read_only` says */
export function requireWritable(readOnly: string | undefined): void {
  if (readOnly === "on")
    throw new DatabaseError(
      "read-only",
      "it takes no writes (transaction_read_only is on: it is a standby, or default_transaction_read_only is set)",
    );
}

/** As `alone` on the database, or one `among` others that say so too. */
export type Claim = "alone" | "among";

/**
 * Takes a dashboard's place on the database, as long as the connection lasts.
 *
 * @throws {DatabaseError} `in-use`
 */
export async function claimDatabase(client: Client, claim: Claim = "alone"): Promise<void> {
  const lock = claim === "alone" ? "pg_try_advisory_lock" : "pg_try_advisory_lock_shared";
  const { rows } = await client.query<{ free: number }>(`SELECT ${lock}(${ofSchema(DASHBOARD)}) AS free`);
  if (rows[0]?.free !== 1) throw new DatabaseError("in-use", "another dashboard is running on it");
}

/** How many dashboards have a place on the database. The halves of a lock are shown as numbers without a sign. */
export const COUNT_DASHBOARDS = `SELECT count(*) AS dashboards FROM pg_locks
  WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND granted
    AND classid = ${DASHBOARD} AND objid = (hashtext(current_schema())::bigint & 4294967295)::oid AND objsubid = 2`;

/** Waits until nobody else writes, or changes the schema; to the end of the transaction. */
export async function beTheWriter(client: Client): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(${ofSchema(WRITER)})`);
}
