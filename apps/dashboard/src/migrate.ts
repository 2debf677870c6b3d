import { resolve } from "node:path";
import { moveToPostgres, moveToSqlite, shownAddress } from "#platform/database";
import type { Moved } from "#platform/database";
import { readOptions, runCommand } from "./command-line.ts";
import { findInstallation, pathsOf } from "./compose/installation.ts";

const USAGE = `usage: windfire migrate [-c config.yaml] [-db sqlite.db] [-back] [-dry-run]

Moves all rows of an installation from its SQLite file into the database of PostgreSQL that database: of its configuration, or the
variable NZ_DATABASE, names. That has to be empty, and no dashboard may run on either. The file stays as it is. Rows are read again and
compared before anything is kept: all of them are moved, or none.

  -c file   configuration (data/config.yaml)
  -db file  SQLite database (data/sqlite.db)
  -back     the other way: into an SQLite file that is not there yet
  -dry-run  does and compares everything, and keeps nothing of it

Key, history and configuration stay where they are, beside the file.`;

await runCommand("migrate", async (args) => {
  const { text, flag } = readOptions(args, USAGE, {
    c: { type: "string" },
    db: { type: "string" },
    back: { type: "boolean" },
    "dry-run": { type: "boolean" },
  });
  const paths = pathsOf(text);
  const { databasePath, databaseAddress: address } = await findInstallation(paths, process.env);
  if (address === undefined) {
    throw new Error(`neither database: in ${resolve(paths.configPath)} nor NZ_DATABASE names a database of PostgreSQL`);
  }
  const isDryRun = flag("dry-run");
  const move = { file: databasePath, address, isDryRun };
  const moved = await (flag("back") ? moveToSqlite(move) : moveToPostgres(move));
  const [from, to] = flag("back") ? [shownAddress(address), databasePath] : [databasePath, shownAddress(address)];
  process.stdout.write(`${linesOf(moved).join("\n")}\n`);
  process.stdout.write(
    isDryRun
      ? `All of it can be moved from ${from} to ${to}; nothing was.\n`
      : `Moved from ${from} to ${to}, and the same on both sides.\n`,
  );
  return 0;
});

function linesOf({ rows, rewritten, leftBehind }: Moved): string[] {
  const filled = [...rows].filter(([, count]) => count > 0);
  const all = filled.reduce((sum, [, count]) => sum + count, 0);
  return [
    ...filled.map(([table, count]) => `${String(count).padStart(10)}  ${table}`),
    `${String(all).padStart(10)}  rows of ${filled.length} tables`,
    ...[...rewritten].map(([column, count]) => `- ${column}: ${count} values were none of their kind and are written as they were read`),
    ...leftBehind.map((what) => `- ${what} is unknown here and stays behind`),
  ];
}
