import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiTokenCreated } from "@windfire/api";
import { createFakeClock } from "@windfire/testkit";
import type { Access } from "#access/testing";
import type { Fleet } from "#features/fleet";
import { createRelay } from "#features/relay";
import type { Servers } from "#features/servers";
import { createTraffic } from "#features/traffic";
import { createAuditLog } from "#platform/audit";
import { createFactBus, ROLE } from "#kernel";
import type { SessionCaller } from "#kernel";
import { isReservedHost } from "#platform/config";
import type { Database } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import { createHttpApp } from "#platform/http";
import { createRouteCaller, testLimits } from "#platform/http/testing";
import { createMcp } from "../index.ts";
import type { McpDeps } from "../index.ts";
import { createFakeAgent } from "./fake-agent.ts";
import type { FakeAgent } from "./fake-agent.ts";
import { openAccess, openFleet, openServers } from "./rooms.ts";

const MIB = 2 ** 20;
const ADMIN_ID = 1;

export interface TokenWish {
  readonly scopes: readonly string[];
  readonly servers?: readonly number[];
  readonly days?: number;
}

/** A tool's result, or the JSON-RPC answer it stands in. */
export interface RpcReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: {
    readonly id?: unknown;
    readonly result?: ToolReply;
    readonly error?: { readonly code: number; readonly message: string };
  };
}

export interface ToolReply {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: boolean;
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** The room behind a real HTTP server, over real users, tokens, servers, streams and a real database; agents are scripted. */
export async function openStage() {
  const clock = createFakeClock();
  const { database, remove } = await openTemporaryDatabase({ clock });
  const spoolDirectory = await mkdtemp(join(tmpdir(), "windfire-mcp-"));
  const errors: unknown[] = [];
  const facts = createFactBus({ onListenerError: (_name, error) => errors.push(error) });
  const settings = { enableMcp: true, listenHost: "", dashboardHost: "" };
  const warnings: string[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const access = await openAccess({ clock, database, facts, onError, ownerOfServer: (id) => servers.directory.get(id)?.settings.ownerId });
  const traffic = createTraffic(database);
  const servers = await openServers({
    clock,
    database,
    onError,
    isMember: (id) => !access.users.ownsEverything(id),
    trafficRecords: traffic.records,
  });
  const { streams } = createRelay({
    clock,
    servers: servers.directory,
    limits: { perUser: 20, perServer: 3, total: 100, unattachedMs: 30_000, attachMs: 10_000, pauseBytes: MIB, backlogBytes: 4 * MIB },
    newId: randomUUID,
  });
  const fleet = openFleet(clock, {
    streams,
    servers: servers.directory,
    register: servers.register,
    bookTraffic: (server) => traffic.book([server], clock.now()),
    onOnline: (id) => mcp.onStreamGone(id),
    onOffline: (id) => mcp.onStreamGone(id),
  });
  const mcp = openMcp({ clock, database, facts, settings, access, servers, fleet, spoolDirectory, warnings, onError });
  for (const type of mcp.taskTypes) fleet.onResult(type, mcp.onResult);
  mcp.start();
  const { base, close } = await serve(access, mcp.plugin, errors);
  const people = createPeople(access);
  return {
    clock,
    database,
    facts,
    fleet,
    streams,
    access,
    servers,
    settings,
    errors,
    warnings,
    base,
    spoolDirectory,
    ...people,
    agent: async (ownerId: number, version = "2.3.3"): Promise<FakeAgent> =>
      createFakeAgent(fleet, await servers.register(randomUUID(), ownerId), version),
    switchOff: () => {
      settings.enableMcp = false;
      facts.publish("setting.updated", { keys: ["enableMcp"] });
    },
    ...createClient(base),
    audit: () => auditRows(database),
    /** @throws when something went wrong inside, or is left over */
    async close() {
      const left = { streams: streams.size, spooled: await readdir(spoolDirectory), errors };
      await close();
      await mcp.stop();
      fleet.stop();
      await access.stop();
      await remove();
      await rm(spoolDirectory, { recursive: true, force: true });
      refuseLeftovers(left);
    },
  };
}

function openMcp({
  settings,
  access,
  servers,
  fleet,
  warnings,
  ...rest
}: Pick<McpDeps, "clock" | "database" | "facts" | "spoolDirectory" | "onError"> & {
  readonly settings: McpDeps["config"]["current"];
  readonly access: Access;
  readonly servers: Servers;
  readonly fleet: Fleet;
  readonly warnings: string[];
}) {
  return createMcp({
    ...rest,
    audit: createAuditLog({ database: rest.database, now: rest.clock.now }),
    random: randomBytes,
    config: { current: settings, isReservedHost: (host) => isReservedHost(host, ["127.0.0.1"]) },
    tokens: access.tokens,
    users: access.users,
    waf: access.waf,
    connections: access.liveConnections,
    servers: servers.directory,
    agents: fleet.agents,
    budgets: testLimits.budgets,
    version: "1.2.3",
    log: { info: () => undefined, warn: (text) => warnings.push(text) },
  });
}

/** Rows of the audit, oldest first, once those on their way are written. */
async function auditRows(database: Pick<Database, "kysely" | "transaction">) {
  await new Promise((resolve) => void setImmediate(resolve));
  await database.transaction(async () => undefined);
  return database.kysely.selectFrom("mcp_audit_logs").selectAll().orderBy("id").execute();
}

function refuseLeftovers(left: {
  readonly streams: number;
  readonly spooled: readonly string[];
  readonly errors: readonly unknown[];
}): void {
  if (left.streams === 0 && left.spooled.length === 0 && left.errors.length === 0) return;
  throw new Error(`left over: ${JSON.stringify(left, (_key, value: unknown) => (value instanceof Error ? value.message : value))}`);
}

async function serve(access: Access, plugin: ReturnType<typeof createMcp>["plugin"], errors: unknown[]) {
  const app = await createHttpApp({
    gate: access.gate,
    routes: [],
    sockets: [],
    translate: (id) => id,
    ...testLimits,
    version: "0.0.0",
    pages: (request, reply) => reply.code(404).send(`page ${request.visit.path}`),
    plugins: [plugin],
    foreignOrigin: () => false,
    onError: (error) => errors.push(error),
  });
  const server = createServer(app.handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await app.close();
  };
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** Users and tokens, made through the routes that people use. */
function createPeople(access: Access) {
  const call = createRouteCaller(access.routes);
  const session = (id: number): SessionCaller => {
    const account = access.users.get(id);
    if (!account) throw new Error(`no user ${id}`);
    return { kind: "session", user: account.user, sessionKey: "k", via: "cookie" };
  };
  const ask = async (id: number, request: string, body?: unknown): Promise<unknown> => {
    const answer = await call(session(id), request, body);
    if ("error" in answer) throw new Error(answer.error);
    return answer.data;
  };
  return {
    adminId: ADMIN_ID,
    member: async (username: string): Promise<number> =>
      (await ask(ADMIN_ID, "POST /user", { username, password: "member-password", role: ROLE.member })) as number,
    token: async (userId: number, { scopes, servers = [], days = 0 }: TokenWish): Promise<ApiTokenCreated> =>
      (await ask(userId, "POST /api-tokens", { name: "ci", scopes, server_ids: servers, expires_in_days: days })) as ApiTokenCreated,
    deleteToken: async (id: number): Promise<unknown> => ask(ADMIN_ID, `DELETE /api-tokens/${id}`),
    deleteUser: async (id: number): Promise<unknown> => ask(ADMIN_ID, "POST /batch-delete/user", [id]),
  };
}

function createClient(base: string) {
  const post = async (body: string | Uint8Array<ArrayBuffer>, token?: string, headers: Record<string, string> = {}): Promise<RpcReply> => {
    const response = await fetch(`${base}/mcp`, {
      method: "POST",
      body,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: (text === "" ? {} : JSON.parse(text)) as RpcReply["json"] };
  };
  const rpc = (token: string | undefined, method: string, params?: unknown): Promise<RpcReply> =>
    post(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }), token);
  return {
    post,
    rpc,
    /** Calls a tool and gives its result. */
    async tool(token: string, name: string, args: unknown): Promise<ToolReply> {
      const { json } = await rpc(token, "tools/call", { name, arguments: args });
      if (!json.result) throw new Error(`${name}: ${json.error?.message}`);
      return json.result;
    },
  };
}
