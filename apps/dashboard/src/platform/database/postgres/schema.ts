import type { Client } from "pg";
import { DatabaseError } from "../engine/index.ts";
import { beTheWriter, compatStatements, lateCompatStatements, translate } from "../engine/postgres/index.ts";
import { createIndexText, createTableText, referenceTables, serviceHistoriesTable } from "../nezha-file/index.ts";
import type { TableDefinition } from "../nezha-file/index.ts";
import { newerText } from "../migrate-own-tables.ts";
import { ownMigrations } from "../own-migrations.ts";
import { tablesOf } from "./tables.ts";
import type { TableColumns } from "./tables.ts";

/**
 * Brings the schema up to date: the tables of the reference, our own, and what the SQL of the rooms needs besides. All of it or nothing.
 *
 * @throws {DatabaseError} `newer`, or `unsupported` when the tables are somebody else's
 */
export async function migratePostgres(client: Client, options: { readonly serviceHistories: boolean }): Promise<void> {
  await beTheWriter(client);
  const tables = await tablesOf(client);
  const applied = tables.has("wf_meta") ? await appliedIn(client) : 0;
  if (applied > ownMigrations.length) throw new DatabaseError("newer", newerText(applied, ownMigrations.length));
  if (tables.size > 0 && !tables.has("wf_meta")) {
    throw new DatabaseError("unsupported", "its schema holds tables of something else: make a database for Windfire alone");
  }
  const definitions = options.serviceHistories ? [...referenceTables, serviceHistoriesTable] : referenceTables;
  const statements = [
    ...compatStatements,
    ...definitions.flatMap((definition) => missingOf(definition, tables.get(definition.name))),
    ...translate("CREATE TABLE IF NOT EXISTS wf_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)"),
    ...ownMigrations.slice(applied).flatMap((migration) => migration.statements.flatMap(translate)),
    ...lateCompatStatements,
    `INSERT INTO wf_meta (key, value) VALUES ('migrations', '${ownMigrations.length}') ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  ];
  // One message: a text of several statements takes no parameters, and needs none.
  await client.query(statements.join(";\n"));
}

function missingOf(definition: TableDefinition, existing: TableColumns | undefined): readonly string[] {
  const indexes = definition.indexes.map((index) =>
    createIndexText(definition.name, index).replace("INDEX", "INDEX IF NOT EXISTS").replaceAll("`", '"'),
  );
  if (existing === undefined) return [...translate(createTableText(definition)), ...indexes];
  const columns = definition.columns.filter(({ name }) => !existing.has(name));
  return [...columns.flatMap((column) => translate(`ALTER TABLE \`${definition.name}\` ADD ${column.definition}`)), ...indexes];
}

/** Number of our migrations in the database, which holds something of ours. */
async function appliedIn(client: Client): Promise<number> {
  const { rows } = await client.query<{ value: string }>("SELECT value FROM wf_meta WHERE key = 'migrations'");
  return Number(rows[0]?.value ?? 0);
}
