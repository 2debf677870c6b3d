import { CompiledQuery, PostgresAdapter } from "kysely";
import type { Database } from "../database.ts";

/** A statement that a test spells out; values go in the place of question marks. It waits its turn as a write does. */
export function statement<T = Record<string, unknown>>({ kysely }: Pick<Database, "kysely">, text: string) {
  let given = 0;
  // No text of a test has a question mark of its own.
  const spelled = kysely.getExecutor().adapter instanceof PostgresAdapter ? text.replaceAll("?", () => `$${++given}`) : text;
  const send = (parameters: readonly unknown[]) => kysely.executeQuery<T>(CompiledQuery.raw(spelled, [...parameters]));
  return {
    all: async (...parameters: unknown[]): Promise<T[]> => (await send(parameters)).rows,
    get: async (...parameters: unknown[]): Promise<T | undefined> => (await send(parameters)).rows[0],
    /** How many rows it changed. */
    run: async (...parameters: unknown[]): Promise<number> => Number((await send(parameters)).numAffectedRows ?? 0),
  };
}
