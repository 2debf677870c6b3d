import { SelectQueryNode } from "kysely";
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from "kysely";

/** Rows of a statement that has any, and what it changed. */
export interface Answer {
  readonly rows: readonly Record<string, unknown>[];
  readonly written?: { readonly changes: number; readonly lastInsertRowid?: number };
}

/** How statements reach an engine: what reads never waits for what writes, and writers take turns. */
export interface Access {
  /** As of the last commit. */
  read(query: CompiledQuery): Answer | Promise<Answer>;
  /** One statement that is a transaction of its own. */
  write(query: CompiledQuery): Promise<Answer>;
  /** In the open transaction. */
  within(query: CompiledQuery): Answer | Promise<Answer>;
  /** Begins a transaction; it is alone until `commit` or `rollback`. */
  begin(): Promise<void>;
  commit(): void | Promise<void>;
  rollback(): void | Promise<void>;
}

/** What one caller of Kysely holds between acquiring and releasing. */
class Session implements DatabaseConnection {
  readonly #access: Access;
  inTransaction = false;

  constructor(access: Access) {
    this.#access = access;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, written } = await this.#send(query);
    // The rows are what the compiled statement says they are; this is where SQL meets the table types.
    const result = { rows: rows as R[] };
    if (written === undefined) return result;
    const { changes, lastInsertRowid } = written;
    return {
      ...result,
      numAffectedRows: BigInt(changes),
      ...(lastInsertRowid === undefined ? {} : { insertId: BigInt(lastInsertRowid) }),
    };
  }

  #send(query: CompiledQuery): Answer | Promise<Answer> {
    if (this.inTransaction) return this.#access.within(query);
    return SelectQueryNode.is(query.query) ? this.#access.read(query) : this.#access.write(query);
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("streaming is not supported: a statement left open would hold back every later one");
  }
}

/** Kysely's side of {@link Access}. (Its own drivers have one way in, where each list would wait for every open transaction.) */
export class AccessDriver implements Driver {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Session> {
    return new Session(this.#access);
  }

  async beginTransaction(session: Session): Promise<void> {
    await this.#access.begin();
    session.inTransaction = true;
  }

  async commitTransaction(session: Session): Promise<void> {
    await this.#access.commit();
    session.inTransaction = false;
  }

  async rollbackTransaction(session: Session): Promise<void> {
    if (!session.inTransaction) return;
    session.inTransaction = false;
    await this.#access.rollback();
  }

  async releaseConnection(session: Session): Promise<void> {
    await this.rollbackTransaction(session);
  }

  async destroy(): Promise<void> {}
}
