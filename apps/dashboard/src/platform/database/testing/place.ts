import { giveBack, takeDatabase } from "./made-database.ts";

const SERVER = "WINDFIRE_TEST_DATABASE";

/** Whether tests run on SQLite. With `WINDFIRE_TEST_DATABASE`, the address of a server of PostgreSQL, they run there. */
export function isOnSqlite(): boolean {
  return process.env[SERVER] === undefined;
}

/** Where a test keeps its rows: in `file`, or in a database of its own on the server. */
export async function temporaryPlace(file: string): Promise<{ readonly path: string; readonly isFile: boolean; giveBack(): void }> {
  const server = process.env[SERVER];
  if (server === undefined) return { path: file, isFile: true, giveBack: () => undefined };
  const path = await takeDatabase(server);
  return { path, isFile: false, giveBack: () => giveBack(path) };
}
