import type { FastifyInstance } from "fastify";
import type { Clock, RandomBytes } from "@windfire/kit";
import { TASK } from "@windfire/protocol";
import type { Tokens, Users } from "#access/identity";
import type { LiveConnections, Waf } from "#access/protection";
import type { ResultHandler } from "#features/fleet";
import type { ServerDirectory } from "#features/servers";
import type { Agents, FactBus } from "#kernel";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { countedAlone } from "#platform/bus";
import type { ShareCount } from "#platform/bus";
import { header, hostOf } from "#platform/http";
import type { BodyBudgets } from "#platform/http";
import type { Log } from "#platform/log";
import type { TicketOffice } from "#platform/tickets";
import { createAgentCalls } from "./calls.ts";
import { createAudit } from "./audit.ts";
import { createEndpoint } from "./endpoint.ts";
import { createKillSwitch } from "./kill-switch.ts";
import { linkBase } from "./link-base.ts";
import { denied, disabled, offline } from "./model.ts";
import { originAllowed } from "./origin.ts";
import { addRoutes } from "./plugin.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createToolCalls } from "./tool-calls.ts";
import { createTools } from "./tools/index.ts";
import { createTransferRoutes } from "./transfer/index.ts";
import { createSpool } from "./transfer/spool.ts";
import { createTransferUrls } from "./transfer/urls.ts";

export interface McpDeps {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly database: Database;
  readonly audit: Pick<AuditLog, "write">;
  readonly facts: FactBus;
  /** Read when needed: the switch and the hosts work at once. */
  readonly config: { readonly current: McpConfig; isReservedHost(host: string): boolean };
  readonly tokens: Pick<Tokens, "authenticate" | "find">;
  readonly users: Users;
  readonly waf: Waf;
  readonly connections: LiveConnections;
  readonly servers: ServerDirectory;
  readonly agents: Pick<Agents, "dispatch" | "openStream" | "joinStream" | "closeStreams">;
  readonly budgets: BodyBudgets;
  /** With whom budgets of tokens are shared; nobody unless told. */
  readonly share?: ShareCount;
  /** Keeps links that were not used yet. */
  readonly tickets: TicketOffice;
  /** Signs them; the same for all dashboards of the installation. */
  readonly linkKey: Uint8Array;
  /** Told to clients. */
  readonly version: string;
  /** Where downloads wait, in files without names. */
  readonly spoolDirectory: string;
  readonly log: Pick<Log, "info" | "warn">;
  /** Surprises, which callers are told nothing of. */
  readonly onError: (error: unknown) => void;
}

export interface McpConfig {
  readonly enableMcp: boolean;
  readonly listenHost: string;
  readonly dashboardHost: string;
}

/** The MCP endpoint (spec 40): tools for language models, and file transfers by links. */
export interface Mcp {
  /** Routes outside `/api/v1`. */
  plugin(app: FastifyInstance): void;
  /** Results of these task types are for `onResult`. */
  readonly taskTypes: readonly number[];
  readonly onResult: ResultHandler;
  /** The task stream of a server has ended, or another has taken its place. */
  readonly onStreamGone: (serverId: number) => void;
  /** Requests whose bodies may take long as long as they go on: uploads. */
  isPatient(request: { readonly url?: string | undefined }): boolean;
  start(): void;
  stop(): Promise<void>;
}

const TASK_TYPES = [TASK.mcpExec, TASK.mcpFsList, TASK.mcpFsRead, TASK.mcpFsWrite, TASK.mcpFsDelete] as const;

/** Puts the room together. */
export async function createMcp(deps: McpDeps): Promise<Mcp> {
  const { clock, config, connections, servers, tokens, waf } = deps;
  const isEnabled = (): boolean => config.current.enableMcp;
  const now = (): number => clock.now();
  const audit = createAudit({
    ...deps,
    namesOf: (userId, tokenId) => ({ username: deps.users.get(userId)?.user.username ?? "", tokenName: tokens.find(tokenId)?.name ?? "" }),
  });
  const urls = await createTransferUrls({ ...deps, key: deps.linkKey });
  const calls = createAgentCalls({ ...deps, isEnabled });
  const findToken = tokens.find;
  const tools = createTools({ servers, calls, urls, now, tokenName: (id) => findToken(id)?.name ?? "" });
  const toolCalls = createToolCalls({ clock, tools, audit, connections, onError: deps.onError });
  const spool = createSpool({ directory: deps.spoolDirectory });
  const endpoint = createEndpoint({
    tokens,
    waf,
    isEnabled,
    rateLimit: createRateLimit({ clock, share: (deps.share ?? countedAlone)("mcp requests") }),
    bodies: deps.budgets,
    toolCalls,
    version: deps.version,
    linkBase: (request) => linkBase(config, request.visit),
  });
  const transfers = createTransferRoutes({
    ...deps,
    isEnabled,
    now,
    findToken,
    urls,
    spool,
    audit,
  });
  const killSwitch = createKillSwitch(deps, { isEnabled, purge: urls.purge, endCalls: () => calls.endAll(disabled) });
  let subscriptions: (() => void)[] = [];
  return {
    plugin: (app) =>
      addRoutes(app, {
        originOk: ({ visit }) => originAllowed(header(visit, "origin"), hostOf(visit), config.current.listenHost),
        endpoint,
        transfers,
      }),
    taskTypes: TASK_TYPES,
    onResult: calls.onResult,
    onStreamGone: (serverId) => void calls.endOfServer(serverId),
    isPatient: ({ url = "" }) => url.startsWith("/mcp/upload/"),
    start() {
      subscriptions = [
        deps.facts.subscribe("setting.updated", killSwitch),
        deps.servers.subscribe(({ id, before, after }) => {
          if (!after) calls.endOfServer(id, offline);
          else if (before && before.ownerId !== after.ownerId) calls.endOfServer(id, denied);
        }),
      ];
      audit.start();
    },
    async stop() {
      for (const unsubscribe of subscriptions.splice(0)) unsubscribe();
      calls.endAll(offline);
      await audit.stop();
    },
  };
}
