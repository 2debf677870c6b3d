import type { Client } from "pg";

/** What a column holds (`translate.ts`), as PostgreSQL calls it. */
export type StoredType = "bigint" | "double precision" | "text" | "bytea" | "jsonb";
/** Columns of a table by name, in order. */
export type TableColumns = ReadonlyMap<string, { readonly type: StoredType; readonly isNullable: boolean }>;

/** Tables of the schema that the connection works in. */
export async function tablesOf(client: Client): Promise<ReadonlyMap<string, TableColumns>> {
  const { rows } = await client.query<{ table: string; name: string; type: StoredType; nullable: string }>(
    `SELECT table_name AS "table", column_name AS name, data_type AS type, is_nullable AS nullable FROM information_schema.columns
     JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name, ordinal_position`,
  );
  const ofTable = Map.groupBy(rows, ({ table }) => table);
  return new Map(
    [...ofTable].map(([table, columns]) => [
      table,
      new Map(columns.map(({ name, type, nullable }) => [name, { type, isNullable: nullable === "YES" }])),
    ]),
  );
}
