import type { KyselyPlugin } from "kysely";
import type { Database } from "../database.ts";

/**
 * A database whose every call asks `call` first and again afterwards, and fails when that throws: so a process can end at any of them. A
 * statement of a transaction is undone with it; a commit is there, and nobody has heard of it.
 */
export function mortalDatabase(database: Database, call: () => void): Database {
  const mortal: KyselyPlugin = {
    transformQuery: ({ node }) => {
      call();
      return node;
    },
    transformResult: async ({ result }) => {
      call();
      return result;
    },
  };
  const change: Database["change"] = async (verb) => {
    call();
    const value = await database.change((tx, changes) => verb(tx.withPlugin(mortal), changes));
    call();
    return value;
  };
  const transaction: Database["transaction"] = async (run) => {
    call();
    const value = await database.transaction((tx) => run(tx.withPlugin(mortal)));
    call();
    return value;
  };
  // All other members are the database's own.
  return Object.create(database, {
    change: { value: change },
    transaction: { value: transaction },
    kysely: { value: database.kysely.withPlugin(mortal) },
  }) as Database;
}
