import type { DatabaseSync } from "node:sqlite";

/** A row of another program's table, whatever is in it. */
export type Row = Readonly<Record<string, unknown>>;

export const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

export function rowsOf(database: DatabaseSync, sql: string): Row[] {
  return database.prepare(sql).all();
}
