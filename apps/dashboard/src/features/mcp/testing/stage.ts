import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@windfire/testkit";
import type { Access } from "#access/testing";
import type { Fleet } from "#features/fleet";
import { createRelay } from "#features/relay";
import type { Servers } from "#features/servers";
import { createTraffic } from "#features/traffic";
import { createAuditLog } from "#platform/audit";
import { createFactBus } from "#kernel";
import { isReservedHost } from "#platform/config";
import type { Database } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import { createHttpApp } from "#platform/http";
import { testLimits } from "#platform/http/testing";
import { createLocalTickets } from "#platform/tickets";
import { createMcp } from "../index.ts";
import type { Mcp, McpDeps } from "../index.ts";
import { createFakeAgent } from "./fake-agent.ts";
import type { FakeAgent } from "./fake-agent.ts";
import { openAccess, openFleet, openServers } from "./rooms.ts";
import { createClient } from "./client.ts";
import { createPeople } from "./people.ts";

const MIB = 2 ** 20;

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
  const mcp = await openMcp({ clock, database, facts, settings, access, servers, fleet, spoolDirectory, warnings, onError });
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
    tickets: createLocalTickets(rest.clock),
    linkKey: randomBytes(32),
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

async function serve(access: Access, plugin: Mcp["plugin"], errors: unknown[]) {
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
