import { sql } from "kysely";
import type { Database, Queries } from "#platform/database";
import { addressBytes, addressFromBytes } from "./address.ts";
import type { StrikeRow } from "./strike-table.ts";

/** Addresses in one statement, below SQLite's limit on parameters. */
const BATCH = 400;
const COLUMNS = ["ip", "block_identifier", "block_reason", "block_timestamp", "count"] as const;

/** SQL of the table `nz_waf` (spec 41 section 10.11). */
export function createWafStore(database: Database) {
  const db = database.kysely;
  const save = async (tx: Queries, row: StrikeRow): Promise<void> => {
    const changes = { block_reason: row.reason, block_timestamp: row.timestamp, count: row.count };
    await tx
      .insertInto("nz_waf")
      .values({ ip: addressBytes(row.ip), block_identifier: row.identifier, ...changes })
      .onConflict((conflict) => conflict.columns(["ip", "block_identifier"]).doUpdateSet(changes))
      .execute();
  };
  const remove = async (tx: Queries, { ip, identifier }: StrikeRow): Promise<void> => {
    await tx.deleteFrom("nz_waf").where("ip", "in", storedForms(ip)).where("block_identifier", "=", identifier).execute();
  };
  const each = async (rows: readonly StrikeRow[], change: (tx: Queries, row: StrikeRow) => Promise<void>): Promise<void> => {
    if (rows.length === 0) return;
    await database.transaction(async (tx) => {
      for (const row of rows) await change(tx, row);
    });
  };
  return {
    async all(): Promise<readonly StrikeRow[]> {
      const rows = await db.selectFrom("nz_waf").select(COLUMNS).orderBy("block_timestamp").execute();
      return mergeRows(rows.map(readRow).filter((row) => row !== undefined));
    },
    async list(page: { offset: number; limit: number }): Promise<{ rows: readonly StrikeRow[]; total: number }> {
      const { total } = await db
        .selectFrom("nz_waf")
        .select(sql<number>`count(*)`.as("total"))
        .executeTakeFirstOrThrow();
      const rows = await db
        .selectFrom("nz_waf")
        .select(COLUMNS)
        .orderBy("block_timestamp", "desc")
        .limit(page.limit)
        .offset(page.offset)
        .execute();
      return { rows: rows.map(readRow).filter((row) => row !== undefined), total };
    },
    save: async (rows: readonly StrikeRow[]): Promise<void> => each(rows, save),
    remove: async (rows: readonly StrikeRow[]): Promise<void> => each(rows, remove),
    /** Also what somebody else wrote into the table. */
    async removeAddresses(ips: readonly string[]): Promise<void> {
      for (let from = 0; from < ips.length; from += BATCH) {
        const forms = ips.slice(from, from + BATCH).flatMap(storedForms);
        await db.deleteFrom("nz_waf").where("ip", "in", forms).execute();
      }
    },
  };
}

interface StoredRow {
  readonly ip: Uint8Array;
  readonly block_identifier: number;
  readonly block_reason: number | null;
  readonly block_timestamp: number | null;
  readonly count: number | null;
}

function readRow(row: StoredRow): StrikeRow | undefined {
  const ip = addressFromBytes(row.ip);
  return ip === undefined
    ? undefined
    : { ip, identifier: row.block_identifier, reason: row.block_reason ?? 0, timestamp: row.block_timestamp ?? 0, count: row.count ?? 0 };
}

/** Rows of one address in its two stored forms become one, so that nobody gets away with the smaller count. */
function mergeRows(rows: readonly StrikeRow[]): readonly StrikeRow[] {
  const merged = new Map<string, StrikeRow>();
  for (const row of rows) {
    const key = `${row.ip} ${row.identifier}`;
    const known = merged.get(key);
    merged.delete(key);
    merged.set(key, known ? { ...row, count: row.count + known.count } : row);
  }
  return [...merged.values()];
}

/** IPv4 may stand in a hand-edited row with 4 bytes. */
function storedForms(ip: string): Uint8Array[] {
  const bytes = addressBytes(ip);
  return ip.includes(":") ? [bytes] : [bytes, bytes.subarray(12)];
}
