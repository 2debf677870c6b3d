import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { createLifecycle } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import { TASK } from "@windfire/protocol";
import { blockPage, createAccess, randomText } from "#access";
import type { Access, ServerReach, Users } from "#access";
import { createCron } from "#features/cron";
import { createDdns } from "#features/ddns";
import { createFiles } from "#features/files";
import { createAgentConfig, createAgentService, createFleet, fleetRoutes } from "#features/fleet";
import { createHistory, historyRoutes } from "#features/history";
import { createLiveFeed } from "#features/live-feed";
import { createMaintenance } from "#features/maintenance";
import { createNat } from "#features/nat";
import { createDateTimeFormat, createNotifications } from "#features/notifications";
import { createServers } from "#features/servers";
import { createServices } from "#features/services";
import type { ServerDirectory } from "#features/servers";
import { createSettings } from "#features/settings";
import { createTerminal } from "#features/terminal";
import { createTransfers } from "#features/transfers";
import { createFactBus, refuse } from "#kernel";
import type { User } from "#kernel";
import { loadConfig } from "#platform/config";
import type { Config, ConfigStore, Flags } from "#platform/config";
import { backUpBeforeFirstWrite, databaseFile, openDatabase } from "#platform/database";
import type { Cascade } from "#platform/database";
import { createGeoIp } from "#platform/geoip";
import { createGrpcServer } from "#platform/grpc";
import { apiPages, createHttpApp, hostOf, isLoopbackHost } from "#platform/http";
import type { AnyRoute, AnySocketRoute, HttpApp } from "#platform/http";
import { createTranslator } from "#platform/i18n";
import { limitsWith } from "#platform/limits";
import type { Limits } from "#platform/limits";
import { createListener, DEFAULT_LIMITS } from "#platform/listener";
import type { ListenerLimits } from "#platform/listener";
import { createLog } from "#platform/log";
import { createPages, listTemplates } from "#platform/pages";
import type { PagesDeps } from "#platform/pages";
import { createOutbound } from "#platform/outbound";
import { createPasswords } from "#platform/password";
import { createScheduler } from "#platform/scheduler";
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
  /** Everything that can be called, and the application that answers, without a listener. */
  readonly web: HttpApp;
  readonly routes: readonly AnyRoute[];
  readonly sockets: readonly AnySocketRoute[];
  /** @throws when a port cannot be bound or a certificate cannot be used */
  start(): Promise<void>;
  /** Closes everything in reverse order; `false` when something failed or was late. */
  stop(deadlineMs: number): Promise<boolean>;
}

type Rooms = Awaited<ReturnType<typeof furnish>>;
type Foundation = Awaited<ReturnType<typeof layFoundation>>;

/** Opens what everything stands on: configuration, log, database, users (spec 41 section 2.1). */
async function layFoundation({ flags, env, clock, output }: DashboardOptions) {
  const random = (size: number): Uint8Array => randomBytes(size);
  const copies = await backUpBeforeFirstWrite(databaseFile(flags.databasePath), [flags.configPath]);
  const config = await loadConfig({ path: flags.configPath, env, randomText: (length) => randomText(random, length), version: NEZHA_VERSION });
  const log = createLog({ clock, destination: output, debug: config.current.debug });
  for (const copy of copies) log.info(`kept a copy of what was there: ${copy}`);
  const limits = limitsWith(config.current.limits);
  const { t: translate } = createTranslator({ language: () => config.current.language });
  const facts = createFactBus({ onListenerError: (name, error) => log.error("a listener of a fact failed", { name, error }) });
  const database = await openDatabase({ path: flags.databasePath, clock, log: log.child("database"), serviceHistories: config.current.tsdb.dataPath === "" });
  const now = (): number => clock.now();
  /** A member may have so many rows of one kind; administrators as many as they like (spec 60 section 5). */
  const requireRoom = (user: User, rows: number): void => {
    if (user.role !== 0 && rows >= limits.changeable.rowsPerMember) throw refuse("too many rows: at most %d of one kind", limits.changeable.rowsPerMember);
  };
  const outbound = createOutbound({ clock, limits: limits.outbound });
  const scheduler = createScheduler({ clock, location: config.current.location, log: log.child("scheduler") });
  const geoIp = createGeoIp({ ownFile: join(dirname(databaseFile(flags.databasePath)), "geoip.mmdb"), clock, log: log.child("geoip") });
  const history = createHistory({
    clock,
    log: log.child("history"),
    directory: resolve(dirname(databaseFile(flags.databasePath)), "history"),
    limits: historyLimits(config.current.tsdb),
    enabled: config.current.history,
  });
  return { flags, env, clock, random, config, log, limits, translate, facts, database, now, requireRoom, outbound, scheduler, geoIp, history };
}

/** The rooms, from left to right; what one needs of a room to its right is handed over here. */
async function furnish(base: Foundation) {
  const { clock, config, database, facts, limits, log, now, translate } = base;
  const onError = (room: string) => (error: unknown) => log.child(room).error("failed", { error });
  const cascades: Record<"user" | "server" | "group" | "cron" | "profile", Cascade[]> = { user: [], server: [], group: [], cron: [], profile: [] };
  const notifications = createNotifications({
    ...base,
    server: (id) => servers.directory.get(id),
    formatDateTime: createDateTimeFormat(config.current.location),
    groupCascades: cascades.group,
    log: log.child("notifications"),
  });
  const access: Access = await createAccess({
    ...base,
    passwords: createPasswords(),
    onError: onError("access"),
    fetch,
    adminPassword: base.env["NZ_ADMIN_PASSWORD"],
    showFirstPassword: ({ username, password }) => log.announce(`First start: sign in as ${username} with the password ${password}`),
    ownerOfServer: (id) => servers.directory.get(id)?.settings.ownerId,
    cascades: cascades.user,
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
    ddnsProfile: (id) => ddns.profiles.get(id),
    cascades: cascades.server,
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
    transfers: {
      judge: (secret, serverId) => transfers.secrets.judge(secret, serverId),
      pending: (serverId) => transfers.secrets.pending(serverId),
      rolledBackFrom: (serverId) => transfers.secrets.rolledBackFrom(serverId),
    },
    saveTraffic: servers.commands.saveRestartTraffic,
    countryOf: (ip) => base.geoIp.countryOf(ip),
    record: base.history.recordServer,
    onRestart: (serverId) => facts.publish("server.restarted", { serverId }),
    onAddress: (serverId, previous, current) => facts.publish("server.address-changed", { serverId, previous, current }),
    onOnline: (serverId) => transfers.onOnline(serverId),
  });
  const agentConfig = createAgentConfig({ clock, dispatch: fleet.dispatch });
  fleet.onResult(TASK.reportConfig, agentConfig.onResult);
  const agents = { servers: servers.directory, streams: fleet.streams, isOnline: fleet.isOnline, dispatch: fleet.dispatch };
  const relay = { ...agents, clock, connections: access.liveConnections, unreadBytes: limits.sockets.streamBacklogBytes };
  const cron = await createCron({
    ...base,
    servers: servers.directory,
    reach: reachOf(servers.directory, access.users),
    ownsEverything: access.users.ownsEverything,
    dispatch: fleet.dispatch,
    notify: notifications.notify,
    notificationGroupOwner: notifications.groupOwner,
    cascades: cascades.cron,
    location: config.current.location,
  });
  const references = {
    ...base,
    reach: reachOf(servers.directory, access.users),
    ownsEverything: access.users.ownsEverything,
    crons: cron.directory,
    notificationGroupOwner: notifications.groupOwner,
  };
  const services = await createServices({
    ...references,
    servers: servers.directory,
    cascades: [],
    cycleTransferStats: () => ({}),
    location: config.current.location,
    dispatch: fleet.dispatch,
    pingCount: config.current.avgPingCount,
    notify: notifications.notify,
    unmute: notifications.unmute,
    trigger: cron.runs.trigger,
    onError: onError("services"),
  });
  const ddns = await createDdns({ ...base, cascades: cascades.profile });
  const transfers = await createTransfers({
    ...base,
    servers: servers.directory,
    newSecret: () => randomText(base.random, 32),
    setOwner: servers.commands.setOwner,
    dispatch: fleet.dispatch,
    closeStreams: (serverId) => fleet.streams.closeWhere((stream) => stream.serverId === serverId, "revoked"),
    userExists: (id) => access.users.get(id) !== undefined,
    connections: access.liveConnections,
    maxMessage: limits.sockets.feedMessageBytes,
    onError: onError("transfers"),
  });
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
  const maintenance = createMaintenance({ now, vacuum: () => database.vacuum(), flushHistory: base.history.flush, onError: onError("maintenance") });
  cascades.user.push(transfers.cascades.users, services.cascades.users, cron.cascades.users, ddns.cascades.users, nat.cascades.users, notifications.cascades.users, servers.cascades.users);
  cascades.server.push(transfers.cascades.servers, cron.cascades.servers, services.cascades.servers, nat.cascades.servers);
  cascades.group.push(cron.cascades.notificationGroups, services.cascades.notificationGroups);
  cascades.cron.push(services.cascades.crons);
  cascades.profile.push(servers.cascades.ddnsProfiles);
  fleet.onResult(TASK.command, (serverId, result) => void cron.results.onResult(serverId, result).catch(onError("cron")));
  for (const type of [TASK.httpGet, TASK.icmpPing, TASK.tcpPing]) fleet.onResult(type, services.onResult);
  fleet.onResult(TASK.serverTransfer, transfers.onResult);
  facts.subscribe("server.deleted", ({ serverIds }) => {
    fleet.forget(serverIds);
    for (const id of serverIds) base.history.dropServer(id);
  });
  return {
    access,
    servers,
    fleet,
    liveFeed,
    settings,
    nat,
    cron,
    services,
    transfers,
    notifications,
    maintenance,
    onError,
    routes: [
      access,
      settings,
      notifications,
      servers,
      { routes: fleetRoutes({ servers: servers.directory, fleet, config: agentConfig }) },
      { routes: historyRoutes({ history: base.history, servers: servers.directory, now }) },
      cron,
      terminal,
      files,
      nat,
      services,
      ddns,
      transfers,
      maintenance,
    ].flatMap((room) => room.routes),
    sockets: [liveFeed, terminal, files, transfers].flatMap((room) => room.sockets),
  };
}

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
    embed: firstPaint(config, rooms),
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
    web,
    routes: rooms.routes,
    sockets: rooms.sockets,
    start: () =>
      lifecycle.start([
        { name: "database", stop: () => database.close() },
        { name: "history", stop: () => base.history.close() },
        { name: "traffic", stop: () => rooms.servers.commands.saveTraffic(rooms.servers.directory.list(), clock.now()) },
        { name: "access", start: () => rooms.access.start(), stop: () => rooms.access.stop() },
        { name: "notifications", stop: () => rooms.notifications.stop() },
        { name: "jobs", start: () => scheduleJobs(base, rooms), stop: () => base.scheduler.stop() },
        { name: "cron", start: () => rooms.cron.start(), stop: () => rooms.cron.stop() },
        { name: "services", start: () => rooms.services.start(), stop: () => rooms.services.stop() },
        { name: "transfers", start: () => rooms.transfers.start(), stop: () => rooms.transfers.stop() },
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

/** With more servers the page is faster without them. */
const MOST_EMBEDDED_SERVERS = 200;

/** What the public start page holds for somebody not signed in, so that it shows something before its first call. */
function firstPaint(config: ConfigStore, { settings, liveFeed, servers }: Rooms): PagesDeps["embed"] {
  return async (half, request) => {
    if (half !== "public" || config.current.forceAuth || request.visit.cookies["nz-jwt"]) return undefined;
    const frame = servers.directory.size <= MOST_EMBEDDED_SERVERS ? `,"frame":${liveFeed.guestFrame()}` : "";
    return `{"setting":${JSON.stringify(settings.guestView())},"profile":null${frame}}`;
  };
}

/** Our own timers, in the zone of the configuration (spec 41 section 2.3). */
function scheduleJobs({ scheduler, clock }: Foundation, { servers, maintenance }: Rooms): void {
  scheduler.at("0 0 * * * *", "traffic", () => servers.commands.saveTraffic(servers.directory.list(), startOfHour(clock.now())));
  scheduler.at("0 0 4 * * 0", "maintenance", async () => void (await maintenance.run()));
}

const HOUR_MS = 3_600_000;

function startOfHour(ms: number): number {
  return ms - (ms % HOUR_MS);
}

/** Servers as the coverage rules ask for them. */
function reachOf(directory: ServerDirectory, users: Users): ServerReach {
  return {
    server: (id) => directory.get(id)?.settings,
    reachOf: (ownerId) => {
      const all = users.ownsEverything(ownerId);
      return directory.list().filter((server) => all || server.settings.ownerId === ownerId).map((server) => server.id);
    },
  };
}

/** What of the time to stop goes to requests and streams that are under way. */
const LISTENER_STOP_MS = 2000;

/** Bytes that the whole history may take; the oldest points go first. */
const HISTORY_BUDGET_BYTES = 20 * 2 ** 30;

/** The reference's limits of its time-series store hold for ours (design decision 4). */
function historyLimits(tsdb: Config["tsdb"]) {
  return { retentionDays: tsdb.retentionDays, minFreeDiskBytes: tsdb.minFreeDiskSpaceGb * 2 ** 30, sizeBudgetBytes: HISTORY_BUDGET_BYTES };
}

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
