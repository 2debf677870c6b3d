import { SelectQueryNode, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from "kysely";
import type { Connection } from "./connection.ts";
import type { Writer } from "./writer.ts";

/**
 * SQLite for Kysely over two connections: a `select` outside a transaction sees the last commit and never waits; writes and
 * transactions take turns. (Kysely's own driver has one connection, where each list would wait for every open transaction.)
 */
export function createDialect(reader: Connection, writer: Writer): Dialect {
  return {
    createAdapter: () => new PooledSqliteAdapter(),
    createDriver: () => new TwoConnectionDriver(reader, writer),
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

/** What one caller of Kysely holds between acquiring and releasing. */
class Session implements DatabaseConnection {
  readonly #reader: Connection;
  readonly #writer: Writer;
  inTransaction = false;

  constructor(reader: Connection, writer: Writer) {
    this.#reader = reader;
    this.#writer = writer;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.inTransaction) return this.#execute(this.#writer.connection, query);
    if (SelectQueryNode.is(query.query)) return this.#execute(this.#reader, query);
    return this.#writer.write((connection) => this.#execute<R>(connection, query));
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("streaming is not supported: a statement left open would hold back every later one");
  }

  #execute<R>(connection: Connection, query: CompiledQuery): QueryResult<R> {
    const { rows, written } = connection.execute(query.sql, query.parameters);
    // The rows are what the compiled statement says they are; this is where SQL meets the table types.
    const result = { rows: rows as R[] };
    if (written === undefined) return result;
    return { ...result, numAffectedRows: BigInt(written.changes), insertId: BigInt(written.lastInsertRowid) };
  }
}

class TwoConnectionDriver implements Driver {
  readonly #reader: Connection;
  readonly #writer: Writer;

  constructor(reader: Connection, writer: Writer) {
    this.#reader = reader;
    this.#writer = writer;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Session> {
    return new Session(this.#reader, this.#writer);
  }

  async beginTransaction(session: Session): Promise<void> {
    await this.#writer.begin();
    session.inTransaction = true;
  }

  async commitTransaction(session: Session): Promise<void> {
    this.#writer.commit();
    session.inTransaction = false;
  }

  async rollbackTransaction(session: Session): Promise<void> {
    if (!session.inTransaction) return;
    session.inTransaction = false;
    this.#writer.rollback();
  }

  async releaseConnection(session: Session): Promise<void> {
    await this.rollbackTransaction(session);
  }

  async destroy(): Promise<void> {}
}
