import type { KyselyPlugin } from "kysely";
import type { Database } from "../database.ts";

/** Of a call of the database: before a transaction, a statement or a commit, or after what was `done`. */
export type CallMoment = "begin" | "statement" | "commit" | "done";

/**
 * A database whose every call asks `call` first and again afterwards, and fails when that throws: so a process can end at any of them, or
 * a call can be refused. A statement of a transaction is undone with it; a commit is there, and nobody has heard of it.
 */
export function mortalDatabase(database: Database, call: (moment: CallMoment) => void): Database {
  const mortal: KyselyPlugin = {
    transformQuery: ({ node }) => {
      call("statement");
      return node;
    },
    transformResult: async ({ result }) => {
      call("done");
      return result;
    },
  };
  const committed = async <T>(work: Promise<T>): Promise<T> => {
    const value = await work;
    call("commit");
    return value;
  };
  const change: Database["change"] = async (verb) => {
    call("begin");
    const value = await database.change((tx, changes) => committed(verb(tx.withPlugin(mortal), changes)));
    call("done");
    return value;
  };
  const transaction: Database["transaction"] = async (run) => {
    call("begin");
    const value = await database.transaction((tx) => committed(run(tx.withPlugin(mortal))));
    call("done");
    return value;
  };
  // All other members are the database's own.
  return Object.create(database, {
    change: { value: change },
    transaction: { value: transaction },
    kysely: { value: database.kysely.withPlugin(mortal) },
  }) as Database;
}
