import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { asDatabaseError } from "../database-error.ts";
import { StoredKey } from "../stored-key.ts";

/** What a statement that writes did. */
export interface WriteResult {
  readonly changes: number;
  readonly lastInsertRowid: number;
}

export type Row = Record<string, unknown>;

/** One connection with its prepared statements. Everything runs at once, on the calling thread. */
export interface Connection {
  /** Rows of a statement that has any, else what it changed. */
  execute(sql: string, parameters: readonly unknown[]): { rows: Row[]; written?: WriteResult };
  all(sql: string, parameters: readonly unknown[]): Row[];
  get(sql: string, parameters: readonly unknown[]): Row | undefined;
  run(sql: string, parameters: readonly unknown[]): WriteResult;
  /** Statements without parameters and rows. */
  exec(sql: string): void;
  close(): void;
  readonly inTransaction: boolean;
  /** For functions of the engine that take the whole database (backup). */
  readonly raw: DatabaseSync;
}

/** How many statements are kept prepared; preparing costs more than running most of them. */
const KEPT_STATEMENTS = 300;

/** Opens a connection. `busyMs`: how long a statement may block the thread while another process holds the file. */
export function openConnection(path: string, options: { readOnly?: boolean; busyMs: number }): Connection {
  const raw = guarded(() => new DatabaseSync(path, { readOnly: options.readOnly ?? false, timeout: options.busyMs }));
  const statements = new Map<string, StatementSync>();

  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) {
      statements.delete(sql);
      statements.set(sql, known);
      return known;
    }
    const statement = raw.prepare(sql);
    statements.set(sql, statement);
    const [oldest] = statements.keys();
    if (statements.size > KEPT_STATEMENTS && oldest !== undefined) statements.delete(oldest);
    return statement;
  };
  const run = (statement: StatementSync, values: SQLInputValue[]): WriteResult => {
    const { changes, lastInsertRowid } = statement.run(...values);
    return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
  };

  return {
    execute: (sql, parameters) =>
      guarded(() => {
        const statement = prepare(sql);
        const values = bindable(parameters);
        if (statement.columns().length > 0) return { rows: readRows(statement, values) };
        return { rows: [], written: run(statement, values) };
      }),
    all: (sql, parameters) => guarded(() => readRows(prepare(sql), bindable(parameters))),
    get: (sql, parameters) => guarded(() => readRows(prepare(sql), bindable(parameters))[0]),
    run: (sql, parameters) => guarded(() => run(prepare(sql), bindable(parameters))),
    exec: (sql) => guarded(() => raw.exec(sql)),
    close: () => {
      statements.clear();
      raw.close();
    },
    get inTransaction() {
      return raw.isTransaction;
    },
    raw,
  };
}

function guarded<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw asDatabaseError(error);
  }
}

/** The engine stores `undefined` and dates as NULL without a word: such a parameter is a mistake of ours. */
function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (typeof value === "boolean") return value ? 1 : 0;
    if (value === null || typeof value === "number" || typeof value === "string" || typeof value === "bigint") return value;
    if (value instanceof Uint8Array) return value;
    if (value instanceof StoredKey) return value.value;
    throw new TypeError(`a ${value instanceof Date ? "Date" : typeof value} cannot be stored in a column`);
  });
}

/** A number too large for JavaScript makes the engine refuse the whole result: then it is read once more, rounded. */
function readRows(statement: StatementSync, values: SQLInputValue[]): Row[] {
  try {
    return statement.all(...values);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  statement.setReadBigInts(true);
  try {
    return statement.all(...values).map(withoutBigInts);
  } finally {
    statement.setReadBigInts(false);
  }
}

function withoutBigInts(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]));
}
