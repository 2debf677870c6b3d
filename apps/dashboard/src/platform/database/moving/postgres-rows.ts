import type { Client } from "pg";
import { referenceTables, serviceHistoriesTable } from "../nezha-file/index.ts";
import { tablesOf } from "../postgres/tables.ts";
import type { ColumnType, Value } from "./values.ts";

const ROWS_AT_ONCE = 1_000;
/** Parameters of one statement; the protocol counts them in 16 bits. */
const MOST_PARAMETERS = 60_000;

const TIMES = new Set(
  [...referenceTables, serviceHistoriesTable].flatMap(({ name, columns }) =>
    columns.filter(({ definition }) => definition.includes("datetime")).map((column) => `${name}.${column.name}`),
  ),
);

/** Tables of the schema, with their columns in order. */
export async function postgresTables(client: Client): Promise<ReadonlyMap<string, readonly ColumnType[]>> {
  const tables = new Map<string, readonly ColumnType[]>();
  for (const [table, columns] of await tablesOf(client)) {
    const described = [...columns].map(([name, column]) => ({ name, ...column, isTime: TIMES.has(`${table}.${name}`) }));
    tables.set(table, described);
  }
  return tables;
}

/** All rows of a table, some at a time, in the open transaction. */
export async function* postgresRows(client: Client, table: string, columns: readonly ColumnType[]): AsyncGenerator<Value[][]> {
  // As text, so that no digit is lost on the way.
  const wanted = columns.map(({ name, type }) => (type === "bigint" ? `"${name}"::text` : `"${name}"`)).join(", ");
  await client.query(`DECLARE moved NO SCROLL CURSOR FOR SELECT ${wanted} FROM "${table}"`);
  for (;;) {
    const { rows } = await client.query<unknown[]>({ text: `FETCH ${ROWS_AT_ONCE} FROM moved`, rowMode: "array" });
    if (rows.length > 0) yield rows.map((row) => row.map((value, at) => exact(value as Value, columns[at])));
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await client.query("CLOSE moved");
}

function exact(value: Value, column: ColumnType | undefined): Value {
  if (typeof value === "string" && column?.type === "bigint") return BigInt(value);
  return typeof value === "number" && column?.type === "jsonb" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** Writes rows in the open transaction. */
export function createPostgresWriter(
  client: Client,
  table: string,
  columns: readonly ColumnType[],
): (rows: readonly Value[][]) => Promise<void> {
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  const slice = Math.floor(MOST_PARAMETERS / columns.length);
  return async (rows) => {
    for (let from = 0; from < rows.length; from += slice) {
      const some = rows.slice(from, from + slice);
      let given = 0;
      const places = some.map((row) => `(${row.map(() => `$${++given}`).join(", ")})`).join(", ");
      const values = some.flatMap((row) => row.map((value, at) => sent(value, columns[at])));
      await client.query(`INSERT INTO "${table}" (${names}) VALUES ${places}`, values);
    }
  };
}

function sent(value: Value, column: ColumnType | undefined): unknown {
  if (value === null) return null;
  if (column?.type === "jsonb") return typeof value === "bigint" ? String(value) : JSON.stringify(value);
  return value instanceof Uint8Array ? Buffer.from(value) : String(value);
}

/** The highest id that each table ever gave. */
export async function postgresGiven(client: Client): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await client.query<{ table: string; last: string }>(
    `SELECT table_name AS "table", pg_sequence_last_value(pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name)::regclass)::text AS last
     FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'`,
  );
  return new Map(rows.filter(({ last }) => last !== null).map(({ table, last }) => [table, BigInt(last)]));
}

export async function setPostgresGiven(client: Client, given: ReadonlyMap<string, bigint>): Promise<void> {
  const { rows } = await client.query<{ table: string; sequence: string }>(
    `SELECT table_name AS "table", pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name) AS sequence
     FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'`,
  );
  for (const { table, sequence } of rows) {
    const last = given.get(table) ?? 0n;
    if (last > 0n) await client.query("SELECT setval($1::regclass, $2::bigint)", [sequence, String(last)]);
  }
}
