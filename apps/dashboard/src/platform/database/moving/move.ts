import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Client } from "pg";
import { makeFolder, syncFolder } from "@windfire/kit";
import {
  copyDatabase,
  DatabaseError,
  lockDirectory,
  namedFailure,
  openConnection,
  realFile,
  refuseUnreadable,
  requireAddress,
} from "../engine/index.ts";
import { claimDatabase } from "../engine/postgres/index.ts";
import { inTransaction, namedPostgresFailure } from "../postgres/in-transaction.ts";
import { migratePostgres } from "../postgres/schema.ts";
import { tablesOf } from "../postgres/tables.ts";
import { appliedMigrations } from "../migrate-own-tables.ts";
import { prepareFile } from "../prepare-file.ts";
import { noteForeign } from "../taken-over.ts";
import { copyToPostgres, copyToSqlite } from "./copy.ts";
import type { Moved } from "./copy.ts";

export interface Move {
  /** The SQLite file. */
  readonly file: string;
  /** Of the database of PostgreSQL. */
  readonly address: string;
  /** Everything is done and compared, and nothing of it stays. */
  readonly isDryRun: boolean;
}

/** One moment of the whole database, whatever is written meanwhile. */
const SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/** Writes an SQLite file of the same content, as of one moment; never half a file. The database may be in use. @throws {DatabaseError} */
export async function exportTo(address: string, target: string): Promise<Moved> {
  const unfinished = `${target}.part`;
  await rm(unfinished, { force: true });
  try {
    const moved = await exportRows(address, unfinished);
    await syncFile(unfinished);
    await rename(unfinished, target);
    await syncFolder(dirname(target));
    return moved;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function exportRows(address: string, file: string): Promise<Moved> {
  const connection = openConnection(file, { busyMs: 1_000 });
  try {
    return await inTransaction(
      address,
      async (client) => {
        prepareFile(connection, { serviceHistories: (await tablesOf(client)).has("service_histories") });
        // Half a file is thrown away, so it needs no log on the disk, which would be as large again; and this thread waits for no disk.
        connection.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
        return copyToSqlite(client, connection);
      },
      { begin: SNAPSHOT },
    );
  } finally {
    connection.close();
  }
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, "r+");
  await file.sync();
}

/**
 * Moves the rows of a file, which stays as it is, into a database that is empty: all of them, the same on both sides, or none.
 *
 * @throws {DatabaseError} `in-use` when a dashboard runs on either
 */
export async function moveToPostgres({ file, address, isDryRun }: Move): Promise<Moved> {
  const copy = `${file}.moving`;
  const lock = await lockFile(file);
  try {
    await refuseUnreadable(file);
    await stat(file);
    // What is missing of the tables is added to a copy.
    await copyDatabase(file, copy);
    return await fromCopy(copy, address, !isDryRun);
  } catch (error) {
    throw error instanceof DatabaseError || !(error instanceof Error && "code" in error) ? error : namedFailure(error, file);
  } finally {
    for (const end of ["", "-wal", "-shm", "-journal"]) await rm(copy + end, { force: true });
    lock.release();
  }
}

async function fromCopy(copy: string, address: string, isKept: boolean): Promise<Moved> {
  const connection = openConnection(copy, { busyMs: 1_000 });
  try {
    const isForeign = appliedMigrations(connection) === 0;
    prepareFile(connection, { serviceHistories: false });
    if (isForeign) noteForeign(connection);
    requireAddress(address);
    return await inTransaction(
      address,
      async (client) => {
        await claimDatabase(client);
        await migratePostgres(client, { serviceHistories: true });
        await refuseRows(client);
        return copyToPostgres(connection, client);
      },
      { isKept },
    );
  } catch (error) {
    throw error instanceof DatabaseError ? namedPostgresFailure(error, address) : error;
  } finally {
    connection.close();
  }
}

/** Moves the rows of a database, which stays as it is, into a file that is not there yet: all of them, the same on both sides, or none. */
export async function moveToSqlite({ file, address, isDryRun }: Move): Promise<Moved> {
  requireAddress(address);
  await makeFolder(dirname(file), 0o750);
  await refuseFile(file);
  const target = isDryRun ? `${file}.dry-run` : file;
  try {
    return await whileClaimed(address, () => exportTo(address, target));
  } catch (error) {
    throw error instanceof DatabaseError ? namedPostgresFailure(error, address) : error;
  } finally {
    if (isDryRun) await rm(target, { force: true });
  }
}

async function lockFile(file: string) {
  try {
    return await lockDirectory(await realFile(file));
  } catch (error) {
    throw namedFailure(error, file);
  }
}

/** No dashboard writes meanwhile. */
async function whileClaimed<T>(address: string, run: () => Promise<T>): Promise<T> {
  return inTransaction(address, async (client) => {
    await claimDatabase(client);
    return run();
  });
}

async function refuseFile(file: string): Promise<void> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw new Error(`${file} is there already: nothing was moved`);
}

async function refuseRows(client: Client): Promise<void> {
  for (const table of (await tablesOf(client)).keys()) {
    const { rows } = await client.query<{ rows: number }>(
      `SELECT EXISTS (SELECT 1 FROM "${table}" WHERE ${table === "wf_meta" ? "key <> 'migrations'" : "true"}) AS rows`,
    );
    if (rows[0]?.rows === 1) throw new DatabaseError("unsupported", `it is not empty (table ${table} holds rows), and nothing was moved`);
  }
}
