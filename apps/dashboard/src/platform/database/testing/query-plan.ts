import { createQueryId } from "kysely";
import type { RootOperationNode } from "kysely";
import type { Database } from "../database.ts";
import type { Queries } from "../queries.ts";
import { statement } from "./statement.ts";

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
  const steps: { detail: string }[] = [];
  for (const node of asked) {
    const { sql, parameters } = kysely.getExecutor().compileQuery(node, createQueryId());
    steps.push(...(await statement<{ detail: string }>(database, `EXPLAIN QUERY PLAN ${sql}`).all(...parameters)));
  }
  return steps.map(({ detail }) => detail).join("\n");
}
