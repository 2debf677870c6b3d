import { expect } from "vitest";
import { openDashboardBench } from "../../testing/index.ts";
import type { DashboardBench, Headers } from "../../testing/index.ts";
import { createApiClient } from "../client.ts";
import type { ApiClient } from "../client.ts";
import { documentOf, parseDeclared, textOf } from "../document.ts";
import { readLive } from "../live.ts";
import type { Live } from "../live.ts";
import { carryOut, planFor } from "../plan.ts";
import type { Plan } from "../plan.ts";

/** A whole dashboard, and documents that are compared with it and carried out on it. */
export interface CodeBench {
  readonly bench: Pick<DashboardBench, "call" | "close">;
  /** Headers of an administrator who is signed in. */
  readonly admin: Headers;
  readonly api: ApiClient;
  planOf(text: string, prune?: boolean): Promise<{ readonly live: Live; readonly plan: Plan }>;
  /** @returns what was done, a line each; fails when the document has problems */
  apply(text: string, prune?: boolean): Promise<string[]>;
  exported(): Promise<string>;
}

/** @param servers names of servers that are there, with the ids from 1 on */
export async function openCodeBench(servers: readonly string[]): Promise<CodeBench> {
  const bench = await openDashboardBench({
    prepare: async (database) => {
      for (const [id, name] of servers.entries())
        await database.kysely
          .insertInto("servers")
          .values({ id: id + 1, user_id: 1, name, uuid: name, note: `of ${name}` })
          .execute();
    },
  });
  const admin = { ...(await bench.signIn("admin", "admin-password")), "content-type": "application/json" };
  const { data } = await bench.call("POST", "/api/v1/api-tokens", admin, { name: "as code", scopes: ["nezha:*"] });
  const api = createApiClient(bench.base, (data as { token: string }).token);
  const planOf: CodeBench["planOf"] = async (text, prune = false) => {
    const live = await readLive(api);
    return { live, plan: planFor(parseDeclared(text), live, { prune }) };
  };
  return {
    bench,
    admin,
    api,
    planOf,
    async apply(text, prune) {
      const { live, plan } = await planOf(text, prune);
      expect(plan.problems).toEqual([]);
      const told: string[] = [];
      await carryOut(plan, live, api, ({ does, section, name }) => told.push(`${does} ${section} ${name}`));
      return told;
    },
    exported: async () => textOf(documentOf(await readLive(api))),
  };
}
