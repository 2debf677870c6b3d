import type { Client } from "pg";
import { DatabaseError } from "../database-error.ts";

/**
 * Advisory locks, by a number of ours and the schema that the tables are in. They end with their connection, however that ends, and never
 * have to be removed by hand.
 */
const DASHBOARD = 5_746_001;
const WRITER = 5_746_002;
const ofSchema = (which: number): string => `${which}, hashtext(current_schema())`;

/** Begins a transaction of the one that writes; the last result holds the number of the transaction. */
export const BEGIN_WRITING = `BEGIN; SELECT pg_advisory_xact_lock(${ofSchema(WRITER)}); SELECT pg_current_xact_id()::text AS xid`;

/**
 * Takes the place of the one dashboard on the database, as long as the connection lasts.
 *
 * @throws {DatabaseError} `in-use`
 */
export async function claimDatabase(client: Client): Promise<void> {
  const { rows } = await client.query<{ free: number }>(`SELECT pg_try_advisory_lock(${ofSchema(DASHBOARD)}) AS free`);
  if (rows[0]?.free !== 1) throw new DatabaseError("in-use", "another dashboard is running on it");
}
