import type { Moved } from "./moving/copy.ts";
import type { Move } from "./moving/move.ts";

// Loaded where they are used: a dashboard on SQLite has nothing of PostgreSQL in memory.

/** Moves the rows of a file into a database of PostgreSQL (`moving/move.ts`). */
export async function moveToPostgres(move: Move): Promise<Moved> {
  const moving = await import("./moving/move.ts");
  return moving.moveToPostgres(move);
}

/** Moves the rows of a database of PostgreSQL into a file (`moving/move.ts`). */
export async function moveToSqlite(move: Move): Promise<Moved> {
  const moving = await import("./moving/move.ts");
  return moving.moveToSqlite(move);
}
