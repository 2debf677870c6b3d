import { sql } from "kysely";
import type { Queries } from "#platform/database";
import { addressBytes, addressFromBytes } from "./address.ts";
import { strikeKey } from "./strike-table.ts";
import type { StrikeRow } from "./strike-table.ts";

/** Addresses in one statement, below SQLite's limit on parameters. */
const BATCH = 400;
const COLUMNS = ["ip", "block_identifier", "block_reason", "block_timestamp", "count"] as const;

const ipOf = (key: string): string => key.slice(key.indexOf(" ") + 1);

/** Oldest strike first. */
export const strikeKind = {
  name: "waf",
  keyOf: strikeKey,
  load: async (queries: Queries, keys?: readonly string[]): Promise<readonly StrikeRow[]> => {
    if (keys === undefined) return mergeRows(await select(queries).execute());
    const wanted = new Set(keys);
    const found: StrikeRow[] = [];
    for (const ips of batches(keys.map(ipOf)))
      found.push(...mergeRows(await select(queries).where("ip", "in", ips.flatMap(storedForms)).execute()));
    return found.filter((row) => wanted.has(strikeKey(row)));
  },
};

/** SQL of the table `nz_waf` (spec 41 section 10.11). */
export const wafStore = {
  async find(queries: Queries, row: Pick<StrikeRow, "ip" | "identifier">): Promise<StrikeRow | undefined> {
    return (await strikeKind.load(queries, [strikeKey(row)]))[0];
  },
  async list(queries: Queries, page: { offset: number; limit: number }): Promise<{ rows: readonly StrikeRow[]; total: number }> {
    const { total } = await queries
      .selectFrom("nz_waf")
      .select(sql<number>`count(*)`.as("total"))
      .executeTakeFirstOrThrow();
    const rows = await queries
      .selectFrom("nz_waf")
      .select(COLUMNS)
      .orderBy("block_timestamp", "desc")
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    return { rows: rows.map(readRow).filter((row) => row !== undefined), total };
  },
  /** One row stays, in the form that we write, whatever forms the address had. */
  async save(tx: Queries, row: StrikeRow): Promise<void> {
    await wafStore.remove(tx, row);
    const { identifier: block_identifier, reason: block_reason, timestamp: block_timestamp, count } = row;
    await tx
      .insertInto("nz_waf")
      .values({ ip: addressBytes(row.ip), block_identifier, block_reason, block_timestamp, count })
      .execute();
  },
  async remove(tx: Queries, { ip, identifier }: Pick<StrikeRow, "ip" | "identifier">): Promise<void> {
    await tx.deleteFrom("nz_waf").where("ip", "in", storedForms(ip)).where("block_identifier", "=", identifier).execute();
  },
  /** Everything about these addresses, also what somebody else wrote into the table. Gives the rows that went. */
  async removeAddresses(tx: Queries, ips: readonly string[]): Promise<readonly StrikeRow[]> {
    const removed: StrikeRow[] = [];
    for (const some of batches(ips)) {
      const rows = await tx.deleteFrom("nz_waf").where("ip", "in", some.flatMap(storedForms)).returning(COLUMNS).execute();
      removed.push(...mergeRows(rows));
    }
    return removed;
  },
};

const select = (queries: Queries) => queries.selectFrom("nz_waf").select(COLUMNS).orderBy("block_timestamp");

function* batches<T>(values: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < values.length; from += BATCH) yield values.slice(from, from + BATCH);
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
function mergeRows(stored: readonly StoredRow[]): readonly StrikeRow[] {
  const merged = new Map<string, StrikeRow>();
  for (const each of stored) {
    const row = readRow(each);
    if (row === undefined) continue;
    const key = strikeKey(row);
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
