import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createLifecycle } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import { TASK } from "@windfire/protocol";
import { blockPage, createAccess, randomText } from "#access";
import type { Access, UserCascade } from "#access";
import { createFiles } from "#features/files";
import { createAgentConfig, createAgentService, createFleet, fleetRoutes } from "#features/fleet";
import type { TransferSecrets } from "#features/fleet";
import { createLiveFeed } from "#features/live-feed";
import { createMaintenance } from "#features/maintenance";
import { createNat } from "#features/nat";
import { createServers } from "#features/servers";
import { createSettings } from "#features/settings";
import { createTerminal } from "#features/terminal";
import { createFactBus, refuse } from "#kernel";
import type { User } from "#kernel";
import { loadConfig } from "#platform/config";
import type { Flags } from "#platform/config";
import { openDatabase } from "#platform/database";
import type { Cascade } from "#platform/database";
import { createGrpcServer } from "#platform/grpc";
import { apiPages, createHttpApp, hostOf, isLoopbackHost } from "#platform/http";
import { createTranslator } from "#platform/i18n";
import { limitsWith } from "#platform/limits";
import type { Limits } from "#platform/limits";
import { createListener, DEFAULT_LIMITS } from "#platform/listener";
import type { ListenerLimits } from "#platform/listener";
import { createLog } from "#platform/log";
import { createPages, listTemplates } from "#platform/pages";
import { createPasswords } from "#platform/password";
import { documentFolders } from "./folders.ts";
import { NEZHA_VERSION, VERSION } from "./version.ts";

export interface DashboardOptions {
  readonly flags: Flags;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly output: { write(line: string): unknown };
}

/** The whole program, put together and not yet listening. */
export interface Dashboard {
  /** @throws when a port cannot be bound or a certificate cannot be used */
  start(): Promise<void>;
  /** Closes everything in reverse order; `false` when something failed or was late. */
  stop(deadlineMs: number): Promise<boolean>;
}

type Foundation = Awaited<ReturnType<typeof layFoundation>>;

/** Opens what everything stands on: configuration, log, database, users (spec 41 section 2.1). */
async function layFoundation({ flags, env, clock, output }: DashboardOptions) {
  const random = (size: number): Uint8Array => randomBytes(size);
  const config = await loadConfig({ path: flags.configPath, env, randomText: (length) => randomText(random, length), version: NEZHA_VERSION });
  const log = createLog({ clock, destination: output, debug: config.current.debug });
  const limits = limitsWith(config.current.limits);
  const { t: translate } = createTranslator({ language: () => config.current.language });
  const facts = createFactBus({ onListenerError: (name, error) => log.error("a listener of a fact failed", { name, error }) });
  const database = await openDatabase({ path: flags.databasePath, clock, log: log.child("database"), serviceHistories: config.current.tsdb.dataPath === "" });
  const now = (): number => clock.now();
  /** A member may have so many rows of one kind; administrators as many as they like (spec 60 section 5). */
  const requireRoom = (user: User, rows: number): void => {
    if (user.role !== 0 && rows >= limits.changeable.rowsPerMember) throw refuse("too many rows: at most %d of one kind", limits.changeable.rowsPerMember);
  };
  return { flags, env, clock, random, config, log, limits, translate, facts, database, now, requireRoom };
}

/** The rooms, from left to right; what one needs of a room to its right is handed over here. */
async function furnish(base: Foundation) {
  const { clock, config, database, facts, limits, log, now, translate } = base;
  const onError = (room: string) => (error: unknown) => log.child(room).error("failed", { error });
  const userCascades: UserCascade[] = [];
  const serverCascades: Cascade[] = [];
  const access: Access = await createAccess({
    ...base,
    passwords: createPasswords(),
    onError: onError("access"),
    fetch,
    adminPassword: base.env["NZ_ADMIN_PASSWORD"],
    showFirstPassword: ({ username, password }) => log.announce(`First start: sign in as ${username} with the password ${password}`),
    ownerOfServer: (id) => servers.directory.get(id)?.settings.ownerId,
    cascades: userCascades,
    limits: { pageSize: limits.lists.pageSize, rowsPerMember: limits.changeable.rowsPerMember },
  });
  const servers = await createServers({
    database,
    facts,
    now,
    random: Math.random,
    usernameOf: (id) => access.users.nameOf(id) || undefined,
    rowsPerMember: limits.changeable.rowsPerMember,
    serversPerMember: limits.changeable.serversPerMember,
    isMember: (id) => !access.users.ownsEverything(id),
    ddnsProfile: () => undefined,
    cascades: serverCascades,
  });
  const fleet = createFleet({
    clock,
    servers: servers.directory,
    limits: {
      agents: { textLength: limits.agent.textBytes, gpus: limits.agent.gpus, sensors: limits.agent.sensors },
      streams: {
        perUser: limits.changeable.streamsPerUser,
        perServer: limits.changeable.streamsPerServer,
        total: limits.changeable.streamsTotal,
        unattachedMs: limits.streams.unattachedMs,
        attachMs: limits.streams.attachMs,
        pauseBytes: limits.streams.pauseBytes,
        backlogBytes: limits.sockets.streamBacklogBytes,
      },
    },
    newStreamId: randomUUID,
    bootTime: Math.floor(now() / 1000),
    userOfSecret: access.agents.userOfSecret,
    strike: access.agents.strike,
    clearStrikes: access.agents.forgive,
    register: servers.commands.register,
    transfers: NO_TRANSFERS,
    saveTraffic: servers.commands.saveRestartTraffic,
    countryOf: () => "",
    record: () => undefined,
    onRestart: (serverId) => facts.publish("server.restarted", { serverId }),
    onAddress: (serverId, previous, current) => facts.publish("server.address-changed", { serverId, previous, current }),
    onOnline: () => undefined,
  });
  const agentConfig = createAgentConfig({ clock, dispatch: fleet.dispatch });
  fleet.onResult(TASK.reportConfig, agentConfig.onResult);
  const agents = { servers: servers.directory, streams: fleet.streams, isOnline: fleet.isOnline, dispatch: fleet.dispatch };
  const relay = { ...agents, clock, connections: access.liveConnections, unreadBytes: limits.sockets.streamBacklogBytes };
  const terminal = createTerminal({ ...relay, maxMessage: limits.sockets.terminalMessageBytes });
  const files = createFiles({ ...relay, maxMessage: limits.sockets.fileMessageBytes });
  const nat = await createNat({ ...agents, database, now, translate, blockPage, isReservedHost: (host) => config.isReservedHost(host), requireRoom: base.requireRoom });
  const settings = createSettings({
    config,
    facts,
    version: VERSION,
    nezhaVersion: NEZHA_VERSION,
    historyEnabled: config.current.history,
    templates: () => listTemplates(folders, VERSION),
    bodyLimit: limits.http.settingBodyBytes,
  });
  const liveFeed = createLiveFeed({
    clock,
    servers: () => servers.directory.list(),
    online: access.online,
    connections: access.liveConnections,
    maxMessage: limits.sockets.feedMessageBytes,
    onError: onError("live-feed"),
  });
  const maintenance = createMaintenance({ now, vacuum: () => database.vacuum(), flushHistory: async () => undefined, onError: onError("maintenance") });
  serverCascades.push(nat.cascades.servers);
  userCascades.push(nat.cascades.users);
  facts.subscribe("server.deleted", ({ serverIds }) => fleet.forget(serverIds));
  return {
    access,
    servers,
    fleet,
    liveFeed,
    nat,
    onError,
    routes: [...access.routes, ...settings.routes, ...servers.routes, ...fleetRoutes({ servers: servers.directory, fleet, config: agentConfig }), ...terminal.routes, ...files.routes, ...nat.routes, ...maintenance.routes],
    sockets: [...liveFeed.sockets, ...terminal.sockets, ...files.sockets],
  };
}

const NO_TRANSFERS: TransferSecrets = { judge: () => ({ outcome: "unknown" }), pending: () => undefined, rolledBackFrom: () => undefined };
const folders = documentFolders(process.cwd());

/** Builds the dashboard: foundation, rooms, the web application and the agents' service on one port. */
export async function composeDashboard(options: DashboardOptions): Promise<Dashboard> {
  const base = await layFoundation(options);
  const { clock, config, database, limits, log } = base;
  const rooms = await furnish(base);
  const { https, listenHost, listenPort, debug } = config.current;
  const pages = createPages({
    folders,
    appearance: (half) => {
      const { userTemplate, adminTemplate, customCode, customCodeDashboard } = config.current;
      return half === "public" ? { template: userTemplate, customCode: customCode !== "" } : { template: adminTemplate, customCode: customCodeDashboard !== "" };
    },
    embed: async () => undefined,
  });
  const web = await createHttpApp({
    gate: rooms.access.gate,
    routes: rooms.routes,
    sockets: rooms.sockets,
    translate: base.translate,
    limits: { jsonBodyBytes: limits.http.bodyBytes, jsonDepth: limits.http.bodyDepth, pageSize: limits.lists.pageSize },
    version: VERSION,
    pages,
    plugins: [apiPages(debug)],
    foreignOrigin: (visit) => debug && isLoopbackHost(hostOf(visit)),
    onError: (error, visit) => log.child("http").error("a request failed", { error, method: visit.method, path: visit.path }),
    onAnswer: (visit, status, milliseconds) => log.debug("request", { method: visit.method, path: visit.path, status, milliseconds }),
  });
  const service = createAgentService({
    fleet: rooms.fleet,
    isKnown: (id) => rooms.servers.directory.get(id) !== undefined,
    address: ({ peer, metadata }) => rooms.access.agents.address(peer, metadata),
  });
  const listener = createListener({
    clock,
    limits: listenerLimits(limits),
    host: listenHost,
    port: listenPort,
    ...(https.listenPort === 0
      ? {}
      : { tls: { port: https.listenPort, load: async () => ({ cert: await readFile(https.tlsCertPath), key: await readFile(https.tlsKeyPath) }) } }),
    web: { request: web.handle, upgrade: web.upgrade },
    calls: createGrpcServer({ clock, limits: limits.grpc, admit: service.admit, methods: service.methods, onError: rooms.onError("grpc") }),
    tunnel: rooms.nat.tunnel,
    onError: rooms.onError("listener"),
  });
  const lifecycle = createLifecycle({ clock });
  return {
    start: () =>
      lifecycle.start([
        { name: "database", stop: () => database.close() },
        { name: "traffic", stop: () => rooms.servers.commands.saveTraffic(rooms.servers.directory.list(), clock.now()) },
        { name: "access", start: () => rooms.access.start(), stop: () => rooms.access.stop() },
        { name: "fleet", start: () => rooms.fleet.start(), stop: () => rooms.fleet.stop() },
        { name: "live feed", start: () => rooms.liveFeed.start(), stop: () => rooms.liveFeed.stop() },
        { name: "web", stop: () => web.close() },
        {
          name: "listener",
          start: async () => {
            const { port, tlsPort } = await listener.listen();
            log.announce(`Dashboard::START ON ${listenHost}:${port}`);
            if (tlsPort !== undefined) log.announce(`Dashboard::START ON ${listenHost}:${tlsPort}`);
            if (debug) log.announce(`Swagger(1.0) UI available at http://localhost:${port}/swagger/index.html`);
          },
          stop: () => listener.stop(LISTENER_STOP_MS),
        },
      ]),
    stop: async (deadlineMs) => {
      log.announce("Graceful::START");
      const { failed, late } = await lifecycle.stop(deadlineMs);
      for (const { name, error } of failed) log.error("could not be stopped in order", { name, error });
      if (late.length > 0) log.error("stopping took too long", { late });
      log.announce("Graceful::END");
      return failed.length === 0 && late.length === 0;
    },
  };
}

/** What of the time to stop goes to requests and streams that are under way. */
const LISTENER_STOP_MS = 2000;

function listenerLimits({ http, connections, changeable }: Limits): ListenerLimits {
  return {
    ...DEFAULT_LIMITS,
    headerBytes: http.headerBytes,
    headerMs: http.headerMs,
    requestMs: http.requestMs,
    unknownPerPeer: changeable.connectionsPerAddress,
    unknownTotal: changeable.connectionsTotal,
    silentMs: connections.silentMs,
  };
}
