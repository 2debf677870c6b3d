import { access } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "@windfire/kit";
import { makeFolder } from "@windfire/kit";
import {
  createSqliteEngine,
  createWriter,
  DatabaseError,
  isPostgresAddress,
  lockDirectory,
  namedFailure,
  openConnection,
  realFile,
  refuseUnreadable,
} from "./engine/index.ts";
import type { Claim, Connection } from "./engine/index.ts";
import { createDatabase } from "./database.ts";
import type { Database } from "./database.ts";
import { prepareFile } from "./prepare-file.ts";
import { migrateTokenScopes } from "./nezha-file/index.ts";
import { backUpBeforeFirstWrite } from "./take-over.ts";

/** A statement never blocks the thread longer than this for another process; writes are tried again. */
const BUSY_MS = 20;
/** At the start nobody is kept waiting by a blocked thread. */
const START_BUSY_MS = 5_000;

export interface OpenDatabaseOptions {
  /** File name, with or without the reference's driver options (`?_journal_mode=WAL`), which are left out; or an address of PostgreSQL. */
  readonly path: string;
  /** With an address: the file that would hold the rows. What lies beside it is this dashboard's alone, so its lock is taken too. */
  readonly folderOf?: string;
  readonly clock: Clock;
  readonly log: { info(text: string): void; warn(text: string): void };
  /** Whether `service_histories` must exist: true exactly when no `tsdb.data_path` is configured (spec 41 section 11). */
  readonly serviceHistories: boolean;
  /** With an address: whether other dashboards may be on the database; none, unless given. */
  readonly claim?: Claim;
}

/** The file of a `-db` flag. */
export function databaseFile(flag: string): string {
  const file = flag.replace(/^file:/, "");
  const question = file.indexOf("?");
  return question === -1 ? file : file.slice(0, question);
}

/**
 * Opens the database of a dashboard, made by this program or by the reference, and brings its schema up to date (spec 41 section 9).
 * Fails with `DatabaseError`: `in-use`, `newer`, `unsupported`, `damaged`, `busy`, `full`, `io`; the message names the file.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  if (isPostgresAddress(options.path)) return openAtAddress(options.path, options);
  const file = databaseFile(options.path);
  try {
    await makeFolder(dirname(file), 0o750);
    const path = await realFile(file);
    await refuseUnreadable(path);
    return await openLocked(path, options);
  } catch (error) {
    throw namedFailure(error, file);
  }
}

async function openAtAddress(address: string, options: OpenDatabaseOptions): Promise<Database> {
  // Loaded here alone: a dashboard on SQLite has nothing of it in memory.
  const { openPostgres } = await import("./postgres/open.ts");
  if (options.folderOf === undefined) return openPostgres({ ...options, address });
  await makeFolder(dirname(options.folderOf), 0o750);
  const lock = await lockDirectory(await realFile(options.folderOf)).catch((error: unknown) => {
    throw namedFailure(error, options.folderOf ?? "");
  });
  try {
    return await openPostgres({ ...options, address, onClose: lock.release });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Fails with `in-use` when another dashboard runs on the database, without making anything. */
export async function refuseSecondDashboard(databasePath: string): Promise<void> {
  const file = databaseFile(databasePath);
  try {
    const path = await realFile(file);
    await access(`${path}.lock`);
    (await lockDirectory(path)).release();
  } catch (error) {
    if (error instanceof DatabaseError && error.failure === "in-use") throw namedFailure(error, file);
    // Whatever else is wrong is found, and said, when the database is opened.
  }
}

/** Keeps every dashboard from the database while `use` works on its files. Fails with `in-use` when one runs on it. */
export async function withDirectory<T>(databasePath: string, use: () => Promise<T>): Promise<T> {
  const lock = await lockDirectory(await realFile(databaseFile(databasePath))).catch((error: unknown) => {
    throw namedFailure(error, databaseFile(databasePath));
  });
  try {
    return await use();
  } finally {
    lock.release();
  }
}

async function openLocked(path: string, options: OpenDatabaseOptions): Promise<Database> {
  const lock = await lockDirectory(path);
  try {
    for (const copy of await backUpBeforeFirstWrite(path)) options.log.info(`kept a copy of the database: ${copy}`);
    const connection = openConnection(path, { busyMs: START_BUSY_MS });
    try {
      prepareFile(connection, options);
      renameTokenScopes(connection, options.log);
      return serve(path, connection, lock.release, options);
    } catch (error) {
      connection.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Access tokens are worth a line in the log, not the start (spec 41 section 9.3). */
function renameTokenScopes(connection: Connection, log: OpenDatabaseOptions["log"]): void {
  try {
    const tokens = migrateTokenScopes(connection);
    if (tokens > 0) log.info(`renamed the scopes of ${tokens} access tokens`);
  } catch (error) {
    log.warn(`the scopes of older access tokens were not renamed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function serve(path: string, connection: Connection, release: () => void, options: OpenDatabaseOptions): Database {
  connection.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  const reader = openConnection(path, { readOnly: true, busyMs: BUSY_MS });
  const writer = createWriter({ clock: options.clock, connection });
  const onClose = (): void => {
    reader.close();
    handBack(connection, options.log);
    connection.close();
    release();
  };
  const onError = (error: unknown): void =>
    options.log.warn(`a change did not reach memory: ${error instanceof Error ? error.message : String(error)}`);
  return createDatabase({ clock: options.clock, engine: createSqliteEngine({ path, reader, writer, onClose }), onError });
}

/**
 * Leaves one file with a rollback journal, as the reference makes it: that program never closes a database and would leave a
 * write-ahead log behind, with rows in it that a plain copy of the file misses (spec 41 section 9.1).
 */
function handBack(connection: Connection, log: OpenDatabaseOptions["log"]): void {
  try {
    connection.exec(`PRAGMA busy_timeout = ${START_BUSY_MS}; PRAGMA journal_mode = DELETE`);
  } catch (error) {
    log.warn(`the write-ahead log stays beside the database: ${error instanceof Error ? error.message : String(error)}`);
  }
}
