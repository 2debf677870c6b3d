import { sql } from "kysely";
import type { Database, Queries } from "#platform/database";

/** Rows of one transaction: a long history does not hold up everybody else. */
const ROWS_AT_ONCE = 5_000;

/** SQLite's integers are signed; no host moves more than this between two rows. */
const MOST_BYTES = 2n ** 63n - 1n;
const MOST = sql<number>`9223372036854775807`;

/** Bytes of one server, booked on `at`, Unix milliseconds. */
export interface LedgerRow {
  readonly server_id: number;
  readonly at: number;
  readonly bytes_in: number | bigint;
  readonly bytes_out: number | bigint;
}

/**
 * The ledger of traffic, table `wf_traffic_hours`. Table `transfers` holds the same for whoever knows Nezha's file, but the reference
 * deletes there every night what no rule of its own needs (spec 30 section 8.7). Rows that others write there are taken up here, once:
 * `wf_traffic_taken` says up to which row, in the transaction that takes them.
 */
export const ledger = {
  /** What is booked on one time is one row. */
  async add(tx: Queries, rows: readonly LedgerRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx
      .insertInto("wf_traffic_hours")
      // SQLite takes integers of 64 bits, which are more than the type of the column says.
      .values(rows as readonly (LedgerRow & { readonly bytes_in: number; readonly bytes_out: number })[])
      .onConflict((conflict) =>
        conflict.columns(["server_id", "at"]).doUpdateSet({ bytes_in: saturated("bytes_in"), bytes_out: saturated("bytes_out") }),
      )
      .execute();
  },
  /** Whether table `transfers` has rows that are not taken up: one step in an index. */
  async isBehind(queries: Queries): Promise<boolean> {
    const { rows } = await sql<{ behind: number }>`SELECT EXISTS (SELECT 1 FROM transfers WHERE id > ${TAKEN}) AS behind`.execute(queries);
    return rows[0]?.behind === 1;
  },
  /** Takes up what others wrote to table `transfers`, all that there is. */
  async takeUp(database: Database): Promise<void> {
    while (await ledger.isBehind(database.kysely)) await database.transaction((tx) => ledger.takeSome(tx));
  },
  /** The same in the middle of a transaction, as much as one transaction should; `false` when there was nothing. */
  async takeSome(tx: Queries): Promise<boolean> {
    const { rows } = await sql<{ last: number | null }>`
      SELECT max(id) AS last FROM (SELECT id FROM transfers WHERE id > ${TAKEN} ORDER BY id LIMIT ${ROWS_AT_ONCE}) AS batch`.execute(tx);
    const last = rows[0]?.last ?? null;
    if (last === null) return false;
    const taken = await sql<{ server: number; at: number; bytesIn: string; bytesOut: string }>`
      SELECT server_id AS server, ${MOMENT} AS at, ${counted("in")} AS "bytesIn", ${counted("out")} AS "bytesOut" FROM transfers
      WHERE id > ${TAKEN} AND id <= ${last} AND server_id IS NOT NULL AND ${MOMENT} IS NOT NULL`.execute(tx);
    await ledger.add(tx, summed(taken.rows));
    await markTaken(tx, last);
    return true;
  },
};

/** Rows of `transfers` up to this one are in the ledger. */
export async function markTaken(tx: Queries, row: number): Promise<void> {
  await tx
    .insertInto("wf_traffic_taken")
    .values({ id: 1, transfers_row: row })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ transfers_row: row }))
    .execute();
}

/** Id of the newest row that table `transfers` ever had, by whomever, also when it is deleted again. */
export async function newestRow(queries: Queries): Promise<number> {
  const { rows } = await sql<{ seq: number }>`SELECT seq FROM sqlite_sequence WHERE name = 'transfers'`.execute(queries);
  return rows[0]?.seq ?? 0;
}

const TAKEN = sql<number>`coalesce((SELECT transfers_row FROM wf_traffic_taken), 0)`;

/** A row's time in Unix milliseconds, NULL where it is none: hand-edited ones may be Unix seconds. */
const MOMENT = sql<number>`CASE WHEN typeof(created_at) = 'integer' THEN CAST(created_at AS BIGINT) * 1000
  ELSE CAST(round(unixepoch(created_at, 'subsec') * 1000) AS BIGINT) END`;

/** As text, so that every digit is there. */
function counted(column: "in" | "out") {
  const bytes = sql<number>`CAST(${sql.ref(column)} AS BIGINT)`;
  return sql<string>`CAST(CASE WHEN ${bytes} > 0 THEN ${bytes} ELSE 0 END AS TEXT)`;
}

/** One row for each server and time: no statement writes a row twice. */
function summed(
  rows: readonly { readonly server: number; readonly at: number; readonly bytesIn: string; readonly bytesOut: string }[],
): LedgerRow[] {
  const sums = new Map<string, { server_id: number; at: number; bytes_in: bigint; bytes_out: bigint }>();
  for (const { server, at, bytesIn, bytesOut } of rows) {
    const key = `${server} ${at}`;
    const sum = sums.get(key) ?? { server_id: server, at, bytes_in: 0n, bytes_out: 0n };
    sum.bytes_in = least(sum.bytes_in + BigInt(bytesIn));
    sum.bytes_out = least(sum.bytes_out + BigInt(bytesOut));
    sums.set(key, sum);
  }
  return [...sums.values()];
}

function least(bytes: bigint): bigint {
  return bytes > MOST_BYTES ? MOST_BYTES : bytes;
}

/** What is there and what comes to it, as far as an integer goes. */
function saturated(column: "bytes_in" | "bytes_out") {
  const [old, more] = [sql.ref(`wf_traffic_hours.${column}`), sql.ref(`excluded.${column}`)];
  return sql<number>`CASE WHEN ${old} > ${MOST} - ${more} THEN ${MOST} ELSE ${old} + ${more} END`;
}
