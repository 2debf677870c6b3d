import { DeliveryReport, IdList, ServerConfig, ServerConfigUpdate } from "@windfire/api";
import { TASK } from "@windfire/protocol";
import { canManageServer } from "#access/policy";
import type { LiveServer, ServerDirectory } from "#features/servers";
import { refuse, scope, stepUp } from "#kernel";
import type { Agents, DispatchOutcome } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { AgentConfig } from "./agent-config.ts";

const tag = "server";

export interface FleetRouteDeps {
  readonly servers: ServerDirectory;
  readonly agents: Pick<Agents, "dispatch">;
  readonly config: AgentConfig;
}

/** Orders to agents that people give at once (spec 11 sections 1.5 to 1.7). */
export function fleetRoutes({ servers, agents, config }: FleetRouteDeps): AnyRoute[] {
  return [
    route({
      method: "POST",
      path: "/force-update/server",
      access: scope("nezha:server:write"),
      summary: "Tell agents to update themselves; foreign and unknown ids read as offline",
      tag,
      body: IdList,
      data: DeliveryReport,
      run: ({ caller, body }) => {
        const order = async (id: number): Promise<Outcome> => {
          const server = servers.get(id);
          if (!server || !canManageServer(caller, server.settings)) return "offline";
          return isRefused(server, "update") ? "refused" : agents.dispatch(id, { id: 0, type: TASK.upgrade, data: "" });
        };
        return give(body, order);
      },
    }),
    route({
      method: "GET",
      path: "/server/config/:id",
      secret: true,
      access: stepUp(scope("nezha:server:write")),
      summary: "Configuration of an agent, with its secrets",
      tag,
      params: idParams,
      data: ServerConfig,
      run: async ({ caller, params }) => {
        const server = servers.get(params.id);
        // Whether a foreign id is somebody's or nobody's is not for the caller to know.
        if (!server || !canManageServer(caller, server.settings)) throw refuse("permission denied");
        return config.read(params.id);
      },
    }),
    route({
      method: "POST",
      path: "/server/config",
      access: stepUp(scope("nezha:server:write")),
      summary: "Hand new settings to agents; they apply them ten seconds later",
      tag,
      body: ServerConfigUpdate,
      data: DeliveryReport,
      run: ({ caller, body }) => {
        const ids = [...new Set(body.servers)];
        for (const id of ids) {
          const server = servers.get(id);
          if (!server || !canManageServer(caller, server.settings)) throw refuse("permission denied");
        }
        const order = async (id: number): Promise<Outcome> =>
          isRefused(servers.get(id), "config") ? "refused" : agents.dispatch(id, { id: 0, type: TASK.applyConfig, data: body.config });
        return give(ids, order);
      },
    }),
  ];
}

/** `refused`: the agent has said that its host does not permit it. */
type Outcome = DispatchOutcome | "refused";

/** Agents that say nothing of rights are asked. */
function isRefused(server: LiveServer | undefined, right: string): boolean {
  const rights = server?.host?.rights ?? [];
  return rights.length > 0 && !rights.some(({ name }) => name === right);
}

/** Gives each a task. Each list of the report is left out when empty. */
async function give(ids: readonly number[], dispatch: (id: number) => Promise<Outcome>): Promise<DeliveryReport> {
  const outcomes = await Promise.all(ids.map(async (id) => ({ id, outcome: await dispatch(id) })));
  const withOutcome = (...wanted: readonly Outcome[]): number[] =>
    outcomes.filter(({ outcome }) => wanted.includes(outcome)).map(({ id }) => id);
  const [success, failure, offline] = [withOutcome("sent"), withOutcome("queue-full", "refused"), withOutcome("offline")];
  return {
    ...(success.length > 0 ? { success } : {}),
    ...(failure.length > 0 ? { failure } : {}),
    ...(offline.length > 0 ? { offline } : {}),
  };
}
