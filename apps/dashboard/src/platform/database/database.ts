import { Kysely } from "kysely";
import type { Transaction } from "kysely";
import type { Clock } from "@windfire/kit";
import { createChangeFeed } from "./change-feed/change-feed.ts";
import type { ChangeFeed } from "./change-feed/change-feed.ts";
import type { Engine } from "./engine/index.ts";
import type { Queries } from "./queries.ts";
import type { Schema } from "./schema.ts";

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
  /** See {@link ChangeFeed.reach}. */
  readonly reach: ChangeFeed["reach"];
  /** Commits when `run` resolves, rolls back when it rejects. */
  transaction<T>(run: (tx: Transaction<Schema>) => Promise<T>): Promise<T>;
  /** Writes what changes nothing: fails as any write would. Waits its turn. */
  probeWrite(): Promise<void>;
  /** Gives back the room of what was deleted, beside everything else; reads do not wait for it. */
  vacuum(): Promise<void>;
  /** What the engine finds damaged; empty when all is well. */
  integrityCheck(): Promise<readonly string[]>;
  /** Writes a whole copy to `target`, an SQLite file, while the database is in use. */
  copyTo(target: string): Promise<void>;
  /** How many dashboards are on it, with this one. */
  dashboards(): Promise<number>;
  /** Finishes what runs and lets go of the database. */
  close(): Promise<void>;
  readonly stats: { readonly waitingWriters: number; readonly changes: ChangeFeed["stats"] };
}

/** Puts the face of {@link Database} on an engine. */
export function createDatabase({ clock, engine, onError }: { clock: Clock; engine: Engine; onError: (error: unknown) => void }): Database {
  const kysely = new Kysely<Schema>({ dialect: engine.dialect });
  const transaction: Database["transaction"] = (run) => kysely.transaction().execute(run);
  const feed = createChangeFeed({ clock, queries: kysely, transaction, onError });
  engine.onChange?.(feed.wake);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await feed.stop();
    await engine.close();
  };
  return {
    kysely,
    change: feed.change,
    keep: feed.keep,
    keepLazily: feed.keepLazily,
    follow: feed.follow,
    reach: feed.reach,
    transaction,
    probeWrite: engine.probeWrite,
    vacuum: engine.vacuum,
    integrityCheck: engine.integrityCheck,
    copyTo: engine.copyTo,
    dashboards: engine.dashboards ?? (async () => 1),
    close: () => (closing ??= close()),
    get stats() {
      return { waitingWriters: engine.waitingWriters, changes: feed.stats };
    },
  };
}
