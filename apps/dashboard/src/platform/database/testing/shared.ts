import type { Clock } from "@windfire/kit";
import type { Dialect, Driver } from "kysely";
import { createDatabase } from "../database.ts";
import type { Database } from "../database.ts";
import { createSqliteEngine, createWriter, openConnection } from "../engine/index.ts";

const BUSY_MS = 20;

export interface SharedDatabaseOptions {
  /** A file that has all tables. */
  readonly path: string;
  readonly clock: Clock;
}

/** One process on the database, with a memory of its own. */
export interface Joining {
  readonly clock: Clock;
  /** Brings it the word that another one has committed: late, in whichever order, or never. */
  readonly bring: (wake: () => void) => void;
  readonly onError: (error: unknown) => void;
}

/** A database that several processes of one installation are on, as they would be on a server. */
export interface SharedDatabase {
  /** Closing it leaves the others theirs. */
  join(process: Joining): Database;
  close(): Promise<void>;
}

/**
 * For tests: several {@link Database}s in this process on one file of SQLite. Their writes take turns; each has its own feed of changes, which
 * hears of the others' commits when `bring` says so.
 */
export function openSharedDatabase({ path, clock }: SharedDatabaseOptions): SharedDatabase {
  const connection = openConnection(path, { busyMs: BUSY_MS });
  const reader = openConnection(path, { readOnly: true, busyMs: BUSY_MS });
  const onClose = (): void => {
    reader.close();
    connection.close();
  };
  const engine = createSqliteEngine({ path, reader, writer: createWriter({ clock, connection }), onClose });
  const joined = new Set<{ readonly bring: (wake: () => void) => void; readonly wake: () => void }>();
  return {
    join({ clock: own, bring, onError }) {
      let self: { readonly bring: typeof bring; readonly wake: () => void } | undefined;
      const tellOthers = (): void => {
        for (const other of joined) if (other !== self) other.bring(other.wake);
      };
      const onChange = (wake: () => void): void => {
        self = { bring, wake };
        joined.add(self);
      };
      const close = async (): Promise<void> => {
        if (self) joined.delete(self);
      };
      const { probeWrite, vacuum, integrityCheck, copyTo } = engine;
      const dialect = toldOf(engine.dialect, tellOthers);
      const shared = { dialect, probeWrite, vacuum, integrityCheck, copyTo, onChange, close, waitingWriters: 0 };
      return createDatabase({ clock: own, engine: shared, onError });
    },
    close: () => engine.close(),
  };
}

/** The same dialect, which tells of each commit. */
function toldOf(dialect: Dialect, tell: () => void): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createDriver(): Driver {
      const driver = dialect.createDriver();
      return {
        init: () => driver.init(),
        acquireConnection: () => driver.acquireConnection(),
        beginTransaction: (...begun) => driver.beginTransaction(...begun),
        async commitTransaction(connection) {
          await driver.commitTransaction(connection);
          tell();
        },
        rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
        releaseConnection: (connection) => driver.releaseConnection(connection),
        destroy: () => driver.destroy(),
      };
    },
  };
}
