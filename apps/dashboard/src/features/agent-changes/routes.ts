import { AgentChange as AgentChangeJson, AgentChangesQuery } from "@windfire/api";
import { z } from "zod";
import { canViewServer, seesServerInFull } from "#access/policy";
import type { LiveServer } from "#features/servers";
import { formatInstant, publicScope, refuse } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { Queries } from "#platform/database";
import { changesIn, WHATS } from "./model.ts";
import type { AgentChange } from "./model.ts";
import { agentChangeStore } from "./store.ts";

export interface AgentChangeRouteDeps {
  readonly queries: Queries;
  readonly servers: { get(id: number): LiveServer | undefined };
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
/** Changes that are shown. */
const MOST = 200;

/** What became of agents. Ours: the reference keeps no record. Whoever does not see version and address of a server learns nothing of them. */
export function agentChangeRoutes({ queries, servers, now }: AgentChangeRouteDeps): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/server/:id/agent-changes",
      access: publicScope("nezha:server:read"),
      summary: "When the agent of a server had another version or another address, for whoever sees those",
      tag: "server",
      params: idParams,
      query: AgentChangesQuery,
      data: z.array(AgentChangeJson),
      async run({ caller, params: { id }, query }) {
        const server = servers.get(id);
        if (!server || !canViewServer(caller, server.settings)) throw refuse("server not found");
        if (!seesServerInFull(caller, server.settings)) return [];
        const since = now() - Number(query.days) * DAY_MS;
        const all: AgentChange[] = [];
        for (const what of WHATS) all.push(...changesIn(what, await agentChangeStore.values(queries, id, what, MOST + 1), since));
        return all
          .toSorted((a, b) => b.at - a.at)
          .slice(0, MOST)
          .map(({ at, ...change }) => ({ at: formatInstant(at), ...change }));
      },
    }),
  ];
}
