import { Kysely } from "kysely";
import type { Transaction } from "kysely";
import type { Clock } from "@windfire/kit";
import { createChangeFeed } from "./change-feed/change-feed.ts";
import type { ChangeFeed } from "./change-feed/change-feed.ts";
import { requireCompactingSpace } from "./compacting-space.ts";
import type { Connection, Writer, WriteResult } from "./engine/index.ts";
import { copyDatabase, createDialect, runMaintenance } from "./engine/index.ts";
import type { Queries } from "./queries.ts";
import type { Schema } from "./schema.ts";

/** Values that can be stored. Flags become 0 and 1. */
export type Parameter = string | number | bigint | boolean | Uint8Array | null;

/** A statement that is kept prepared, for paths where building a query costs too much. */
export interface Statement<T> {
  /** Rows as of the last commit, at once. */
  all(...parameters: Parameter[]): T[];
  get(...parameters: Parameter[]): T | undefined;
  /** Writes as soon as no transaction is open. */
  run(...parameters: Parameter[]): Promise<WriteResult>;
}

/** The state database. Every method fails with `DatabaseError` when the engine does. */
export interface Database {
  /** Selects see the last commit; writes take turns with transactions. Inside `transaction` use its `tx`, or the write waits for itself. */
  readonly kysely: Queries;
  /** The one way rows change that somebody keeps in memory or has to hear of. */
  readonly change: ChangeFeed["change"];
  /** See {@link ChangeFeed.keep}. */
  readonly keep: ChangeFeed["keep"];
  /** See {@link ChangeFeed.keepLazily}. */
  readonly keepLazily: ChangeFeed["keepLazily"];
  /** See {@link ChangeFeed.follow}. */
  readonly follow: ChangeFeed["follow"];
  /** Commits when `run` resolves, rolls back when it rejects. */
  transaction<T>(run: (tx: Transaction<Schema>) => Promise<T>): Promise<T>;
  /** The text is trusted; values go into the parameters. `T` is what the text selects. */
  prepare<T = Record<string, unknown>>(sql: string): Statement<T>;
  /** Writes what changes nothing: fails as any write would. Waits its turn. */
  probeWrite(): Promise<void>;
  /** Rewrites the file without gaps, in a thread of its own; writes wait for it, reads do not. */
  vacuum(): Promise<void>;
  /** Findings of the engine's quick check, run in a thread of its own; empty when all is well. */
  integrityCheck(): Promise<readonly string[]>;
  /** Writes a whole copy to `target` while the database is in use. */
  copyTo(target: string): Promise<void>;
  /** Finishes what runs, writes everything into the one file and lets go of it. */
  close(): Promise<void>;
  readonly stats: { readonly waitingWriters: number; readonly changes: ChangeFeed["stats"] };
}

/** Puts the face of {@link Database} on two open connections. `onClose` runs once, after the last statement. */
export function createDatabase(deps: {
  path: string;
  clock: Clock;
  reader: Connection;
  writer: Writer;
  onError: (error: unknown) => void;
  onClose: () => void;
}): Database {
  const { path, reader, writer } = deps;
  const kysely = new Kysely<Schema>({ dialect: createDialect(reader, writer) });
  const transaction: Database["transaction"] = (run) => kysely.transaction().execute(run);
  const feed = createChangeFeed({ clock: deps.clock, queries: kysely, transaction, onError: deps.onError });
  let closing: Promise<void> | undefined;

  const close = async (): Promise<void> => {
    await feed.stop();
    await writer.exclusively(async () => deps.onClose());
  };
  return {
    kysely,
    change: feed.change,
    keep: feed.keep,
    keepLazily: feed.keepLazily,
    follow: feed.follow,
    transaction,
    prepare: <T>(sql: string): Statement<T> => ({
      // The rows are what the caller's text selects; this is where SQL meets its type.
      all: (...parameters) => reader.all(sql, parameters) as T[],
      get: (...parameters) => reader.get(sql, parameters) as T | undefined,
      run: (...parameters) => writer.write((connection) => connection.run(sql, parameters)),
    }),
    probeWrite: async () => {
      // The number is nobody's; writing it puts a page into the log, also when it stays the same.
      const version = Number(reader.get("PRAGMA user_version", [])?.["user_version"] ?? 0);
      await writer.write((connection) => connection.exec(`PRAGMA user_version = ${version}`));
    },
    vacuum: async () => {
      await requireCompactingSpace(path);
      await writer.exclusively(() => runMaintenance({ path, statement: "VACUUM" }));
    },
    integrityCheck: async () => {
      const findings = await runMaintenance({ path, statement: "PRAGMA quick_check" });
      return findings.filter((finding) => finding !== "ok");
    },
    copyTo: (target) => copyDatabase(path, target),
    close: () => (closing ??= close()),
    get stats() {
      return { waitingWriters: writer.waiting, changes: feed.stats };
    },
  };
}
