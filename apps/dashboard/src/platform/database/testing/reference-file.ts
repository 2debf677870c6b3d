import { DatabaseSync } from "node:sqlite";
import { createIndexText, createTableText, referenceTables, serviceHistoriesTable } from "../nezha-file/index.ts";

/** Makes a file as the reference leaves it behind: its tables, a rollback journal, no marker of ours. */
export function createReferenceFile(path: string, statements: readonly string[] = []): void {
  const database = new DatabaseSync(path);
  for (const definition of [...referenceTables, serviceHistoriesTable]) {
    database.exec(createTableText(definition));
    for (const index of definition.indexes) database.exec(createIndexText(definition.name, index));
  }
  for (const statement of statements) database.exec(statement);
  database.close();
}

/** Text of everything in the schema, in order, and what tells whose file it is. */
export function readSchema(path: string): { texts: string[]; journal: string; version: number; migrations: number } {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid").all();
  const journal = database.prepare("PRAGMA journal_mode").get();
  const version = database.prepare("PRAGMA user_version").get();
  const isOurs = rows.some((row) => String(row["sql"]).includes("wf_meta"));
  const meta = isOurs ? database.prepare("SELECT value FROM wf_meta WHERE key = 'migrations'").get() : undefined;
  database.close();
  return {
    texts: rows.map((row) => String(row["sql"])),
    journal: String(journal?.["journal_mode"]),
    version: Number(version?.["user_version"]),
    migrations: Number(meta?.["value"] ?? 0),
  };
}
