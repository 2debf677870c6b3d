import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { Dialect } from "kysely";
import { AccessDriver } from "../access.ts";
import type { Answer } from "../access.ts";
import type { Connection } from "./connection.ts";
import type { Writer } from "./writer.ts";

/** SQLite for Kysely over two connections: one that reads, and one that writes. */
export function createDialect(reader: Connection, writer: Writer): Dialect {
  const run = (connection: Connection, { sql, parameters }: { sql: string; parameters: readonly unknown[] }): Answer =>
    connection.execute(sql, parameters);
  return {
    createAdapter: () => new PooledSqliteAdapter(),
    createDriver: () =>
      new AccessDriver({
        read: (query) => run(reader, query),
        write: (query) => writer.write((connection) => run(connection, query)),
        within: (query) => run(writer.connection, query),
        begin: writer.begin,
        commit: writer.commit,
        rollback: writer.rollback,
      }),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** Tells Kysely that callers need not queue up before the driver. */
class PooledSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}
