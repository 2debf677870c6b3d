import { createQueryId } from "kysely";
import type { RootOperationNode } from "kysely";
import type { Database } from "../database.ts";
import type { Queries } from "../queries.ts";

/** How the database goes about what is asked for, a line for each step of SQLite's plan. */
export async function queryPlan(database: Database, ask: (queries: Queries) => Promise<unknown>): Promise<string> {
  const asked: RootOperationNode[] = [];
  const { kysely } = database;
  await ask(
    kysely.withPlugin({
      transformQuery: ({ node }) => {
        asked.push(node);
        return node;
      },
      transformResult: async ({ result }) => result,
    }),
  );
  const steps = asked.flatMap((node) => {
    const { sql, parameters } = kysely.getExecutor().compileQuery(node, createQueryId());
    return database.prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...(parameters as string[]));
  });
  return steps.map(({ detail }) => detail).join("\n");
}
