import { sql } from "kysely";
import type { Database } from "#platform/database";
import { addressBytes, addressFromBytes } from "./address.ts";
import type { Strikes } from "./ban.ts";

/** One row of `nz_waf` (spec 41 section 10.11). */
export interface WafRow extends Strikes {
  readonly ip: string;
  readonly identifier: number;
}

/** Addresses in one statement, below SQLite's limit on parameters. */
const BATCH = 400;
const COLUMNS = ["ip", "block_identifier", "block_reason", "block_timestamp", "count"] as const;

export function createWafStore(database: Database) {
  const db = database.kysely;
  const rowOf = (ip: string, identifier: number, { reason, timestamp, count }: Strikes) => ({
    ip: addressBytes(ip),
    block_identifier: identifier,
    block_reason: reason,
    block_timestamp: timestamp,
    count,
  });
  const saveAll = async (ips: readonly string[], identifier: number, strikes: Strikes): Promise<void> => {
    if (ips.length === 0) return;
    await database.transaction(async (tx) => {
      for (const ip of ips) {
        const { ip: _ip, block_identifier: _identifier, ...changes } = rowOf(ip, identifier, strikes);
        await tx
          .insertInto("nz_waf")
          .values(rowOf(ip, identifier, strikes))
          .onConflict((conflict) => conflict.columns(["ip", "block_identifier"]).doUpdateSet(changes))
          .execute();
      }
    });
  };
  return {
    async all(): Promise<readonly WafRow[]> {
      const rows = await db.selectFrom("nz_waf").select(COLUMNS).orderBy("block_timestamp").execute();
      return mergeRows(rows.map(readRow).filter((row) => row !== undefined));
    },
    async list(page: { offset: number; limit: number }): Promise<{ rows: readonly WafRow[]; total: number }> {
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
    save: async (ip: string, identifier: number, strikes: Strikes): Promise<void> => saveAll([ip], identifier, strikes),
    saveAll,
    async removeSome(ip: string, identifiers: readonly number[]): Promise<void> {
      await db.deleteFrom("nz_waf").where("ip", "in", storedForms(ip)).where("block_identifier", "in", identifiers).execute();
    },
    async remove(ips: readonly string[]): Promise<void> {
      await database.transaction(async (tx) => {
        for (let from = 0; from < ips.length; from += BATCH) {
          const forms = ips.slice(from, from + BATCH).flatMap(storedForms);
          await tx.deleteFrom("nz_waf").where("ip", "in", forms).execute();
        }
      });
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

function readRow(row: StoredRow): WafRow | undefined {
  const ip = addressFromBytes(row.ip);
  return ip === undefined
    ? undefined
    : { ip, identifier: row.block_identifier, reason: row.block_reason ?? 0, timestamp: row.block_timestamp ?? 0, count: row.count ?? 0 };
}

/** Rows of one address in its two stored forms become one, so that nobody gets away with the smaller count. */
function mergeRows(rows: readonly WafRow[]): readonly WafRow[] {
  const merged = new Map<string, WafRow>();
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
