import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { TASK } from "@windfire/protocol";
import { blockPage } from "#access/protection";
import { randomText } from "@windfire/kit";
import { createAlerts } from "#features/alerts";
import { createCron } from "#features/cron";
import { createDdns, createZoneFinder } from "#features/ddns";
import { createFiles } from "#features/files";
import { createAgentConfig, createFleet, fleetRoutes } from "#features/fleet";
import { historyRoutes } from "#features/history";
import { createIncidents } from "#features/incidents";
import { createLiveFeed } from "#features/live-feed";
import { createMaintenance } from "#features/maintenance";
import { createMcp } from "#features/mcp";
import { createNat } from "#features/nat";
import { createDateTimeFormat, createNotifications, maskAddresses } from "#features/notifications";
import { createRelay } from "#features/relay";
import { createServers, serverStore } from "#features/servers";
import { createServices } from "#features/services";
import { createSettings } from "#features/settings";
import { createTerminal } from "#features/terminal";
import { createTraffic, createTrafficCorrections } from "#features/traffic";
import { createTransfers } from "#features/transfers";
import { listTemplates } from "#platform/pages";
import { documentFolders } from "../folders.ts";
import { NEZHA_VERSION, VERSION } from "../version.ts";
import { composeAccess } from "./access.ts";
import { tellAddressChanges } from "./address-changes.ts";
import { connectCascades } from "./cascades.ts";
import type { Cascades } from "./cascades.ts";
import { composeEnrolment } from "./enrolment.ts";
import { agentLimits, streamLimits } from "./figures.ts";
import type { Foundation } from "./foundation.ts";
import { isUserRow, reachOf } from "./reach.ts";
import { siteOf } from "./site.ts";

export const folders = documentFolders(process.cwd());

export type Rooms = Awaited<ReturnType<typeof furnish>>;

/** The rooms, from left to right; what one needs of a room to its right is handed over as a function that is called later. */
export async function furnish(base: Foundation) {
  const cascades: Cascades = { users: [], servers: [], groups: [], crons: [], profiles: [] };
  const people = await furnishPeople(base, cascades, {
    ddnsProfile: (id) => watching.ddns.profiles.get(id),
    onSave: (tx, changes, server) => watching.ddns.onSave(tx, changes, server),
    onSession: (host, userId) => streams.nat.seenHosts.noteSession(host, userId),
  });
  const fleet = furnishFleet(base, people, {
    transfers: {
      judge: (secret, serverId) => watching.transfers.secrets.judge(secret, serverId),
      pending: (serverId) => watching.transfers.secrets.pending(serverId),
      rolledBackFrom: (serverId) => watching.transfers.secrets.rolledBackFrom(serverId),
    },
    credentials: { find: (secret) => watching.enrolment.credential(secret), sharedAreOff: () => base.config.current.enrolmentOnly },
    onOnline: (serverId) => {
      streams.mcp.onStreamGone(serverId);
      watching.transfers.onOnline(serverId);
    },
    onOffline: (serverId) => streams.mcp.onStreamGone(serverId),
    onState: (server) => watching.alerts.onReport(server),
  });
  const watching = await furnishWatching(base, people, fleet, cascades);
  const streams = await furnishStreams(base, people, fleet);
  const views = furnishViews(base, people, streams);
  connectCascades(cascades, { ...people, ...watching, ...streams });
  connectResults(base, people, fleet, watching, streams);
  tellAddressChanges(base, people.notifications, people.servers.directory);
  const rooms = { ...people, ...fleet, ...watching, ...streams, ...views };
  return {
    ...rooms,
    routes: routesOf(base, rooms),
    sockets: [views.liveFeed, streams.terminal, streams.files, watching.transfers].flatMap((room) => room.sockets),
  };
}

type People = Awaited<ReturnType<typeof furnishPeople>>;
type FleetRooms = ReturnType<typeof furnishFleet>;
type Watching = Awaited<ReturnType<typeof furnishWatching>>;
type Streams = Awaited<ReturnType<typeof furnishStreams>>;

/** Who may come in, who is told, and the servers they own. */
async function furnishPeople(
  base: Foundation,
  cascades: Cascades,
  later: Pick<Parameters<typeof createServers>[0], "ddnsProfile" | "onSave"> & { onSession: (host: string, userId: number) => void },
) {
  const { limits, log, location } = base;
  const notifications = await createNotifications({
    ...base,
    server: (id) => servers.directory.get(id),
    formatDateTime: createDateTimeFormat(location),
    groupCascades: cascades.groups,
    ownsEverything: (id) => identity.users.ownsEverything(id),
    site: () => siteOf(base.config.current.dashboardHost),
    log: log.child("notifications"),
  });
  const { protection, oauth2, identity } = await composeAccess(base, {
    ownerOfServer: (id) => servers.directory.get(id)?.settings.ownerId,
    onSession: later.onSession,
    cascades: cascades.users,
  });
  const traffic = createTraffic(base.database, base.location);
  const corrections = await createTrafficCorrections({ ...base, findServer: serverStore.find });
  const servers = await createServers({
    ...base,
    random: Math.random,
    usernameOf: (id) => identity.users.nameOf(id) || undefined,
    monotonic: () => base.clock.monotonic(),
    lastSeen: (id) => base.history.lastSeen(id),
    rowsPerMember: limits.changeable.rowsPerMember,
    serversPerMember: limits.changeable.serversPerMember,
    isMember: (id) => !identity.users.ownsEverything(id),
    isOwner: isUserRow,
    ddnsProfile: later.ddnsProfile,
    onSave: later.onSave,
    trafficRecords: traffic.records,
    onError: base.onError("servers"),
    cascades: cascades.servers,
  });
  return { notifications, protection, oauth2, identity, traffic, corrections, servers, reach: reachOf(servers.directory, identity.users) };
}

type FleetHooks = Pick<Parameters<typeof createFleet>[0], "transfers" | "credentials" | "onOnline" | "onOffline" | "onState">;

/** All agents, and what can be asked of them at once. */
function furnishFleet(base: Foundation, { identity, servers, traffic }: People, hooks: FleetHooks) {
  const { clock, facts, history, geoIp, limits } = base;
  const relay = createRelay({ clock, limits: streamLimits(limits), newId: randomUUID, servers: servers.directory });
  const fleet = createFleet({
    clock,
    servers: servers.directory,
    limits: agentLimits(limits),
    streams: relay.streams,
    bootTime: Math.floor(base.now() / 1000),
    userOfSecret: identity.agents.userOfSecret,
    strike: identity.agents.strike,
    clearStrikes: identity.agents.forgive,
    register: servers.register,
    bookTraffic: (server) => traffic.book([server], base.now()),
    countryOf: (ip) => geoIp.countryOf(ip),
    record: history.recordServer,
    onRestart: (serverId) => facts.publish("server.restarted", { serverId }),
    onAddress: (serverId, previous, current) => facts.publish("server.address-changed", { serverId, previous, current }),
    ...hooks,
  });
  const agentConfig = createAgentConfig({ clock, dispatch: fleet.dispatch });
  fleet.onResult(TASK.reportConfig, agentConfig.onResult);
  return { relay, fleet, agentConfig };
}

/** What watches servers, acts on them and moves them. */
async function furnishWatching(
  base: Foundation,
  { identity, protection, notifications, servers, traffic, corrections, reach }: People,
  { fleet }: FleetRooms,
  cascades: Cascades,
) {
  const shared = {
    ...base,
    servers: servers.directory,
    traffic,
    corrections,
    reach,
    ownsEverything: identity.users.ownsEverything,
    dispatch: fleet.dispatch,
    notify: notifications.notify,
    unmute: notifications.unmute,
    deliveries: notifications.deliveries,
    notificationGroupOwner: async (id: number) => notifications.group(id)?.ownerId,
  };
  const cron = await createCron({ ...shared, cascades: cascades.crons });
  const withCrons = { ...shared, crons: cron.crons };
  const services = await createServices({
    ...withCrons,
    cascades: [(tx, ids, changes) => incidents.cascades.services(tx, ids, changes)],
    bookHealth: (...change) => incidents.bookHealth(...change),
    cycleTransferStats: (caller) => alerts.cycleTransferStats(caller),
    pingCount: base.config.current.avgPingCount,
    trigger: cron.runs.trigger,
    onError: base.onError("services"),
  });
  const incidents = await createIncidents({
    ...shared,
    deliveries: notifications.deliveries,
    messagesOf: notifications.messagesOf,
    serversOf: (groupId) => servers.groups.get(groupId)?.memberIds ?? [],
    ownerOf: (subject, id) => {
      if (subject === "server") return servers.directory.get(id)?.settings.ownerId;
      if (subject === "group") return servers.groups.get(id)?.ownerId;
      return subject === "rule" ? alerts.directory.get(id)?.ownerId : services.services.get(id)?.ownerId;
    },
  });
  const alerts = await createAlerts({
    ...withCrons,
    incidents,
    trigger: cron.runs.trigger,
    isOnline: fleet.isOnline,
    shownAddress: (address) => (base.config.current.enablePlainIpInNotification ? address : maskAddresses(address)),
    log: base.log.child("alerts"),
  });
  const ddns = await createDdns({
    ...shared,
    cascades: cascades.profiles,
    isAdmin: (id) => id !== 0 && identity.users.ownsEverything(id),
    findZone: createZoneFinder({ servers: () => base.config.current.dnsServers }),
    log: base.log.child("ddns"),
    onError: base.onError("ddns"),
  });
  const transfers = await createTransfers({
    ...shared,
    newSecret: () => randomText(base.random, 32),
    findServer: serverStore.find,
    isOwner: isUserRow,
    setOwner: servers.commands.setOwner,
    userExists: (id) => identity.users.get(id) !== undefined,
    connections: protection.liveConnections,
    maxMessage: base.limits.sockets.feedMessageBytes,
    onError: base.onError("transfers"),
  });
  const enrolment = await composeEnrolment(base, servers, fleet);
  return { cron, services, incidents, alerts, ddns, transfers, enrolment };
}

/** What relays bytes between people and agents. */
async function furnishStreams(base: Foundation, { identity, protection, servers }: People, { fleet, relay: { streams } }: FleetRooms) {
  const { config, limits } = base;
  const agents = { ...base, servers: servers.directory, streams, isOnline: fleet.isOnline, dispatch: fleet.dispatch };
  const relay = { ...agents, connections: protection.liveConnections, unreadBytes: limits.sockets.streamBacklogBytes };
  return {
    terminal: createTerminal({ ...relay, maxMessage: limits.sockets.terminalMessageBytes }),
    files: createFiles({ ...relay, maxMessage: limits.sockets.fileMessageBytes }),
    nat: await createNat({
      ...agents,
      blockPage,
      ownCredentials: identity.ownCredentials,
      after: (ms, run) => base.clock.setTimeout(run, ms),
      ownsEverything: identity.users.ownsEverything,
      isReservedHost: (host) => config.isReservedHost(host),
      dashboardHost: () => config.current.dashboardHost,
      onError: base.onError("nat"),
    }),
    mcp: createMcp({
      ...agents,
      tokens: identity.tokens,
      users: identity.users,
      waf: protection.waf,
      connections: protection.liveConnections,
      version: VERSION,
      spoolDirectory: tmpdir(),
      log: base.log.child("mcp"),
      onError: base.onError("mcp"),
    }),
  };
}

/** What shows and keeps the whole. */
function furnishViews(base: Foundation, { protection, servers }: People, { nat }: Streams) {
  const { config, database, history, limits } = base;
  return {
    settings: createSettings({
      ...base,
      version: VERSION,
      nezhaVersion: NEZHA_VERSION,
      historyEnabled: config.current.history,
      templates: () => listTemplates(folders, VERSION),
      seenHosts: nat.shownHosts,
      bodyLimit: limits.http.settingBodyBytes,
    }),
    liveFeed: createLiveFeed({
      clock: base.clock,
      servers: () => servers.directory.list(),
      conditions: servers.conditions,
      online: protection.online,
      connections: protection.liveConnections,
      maxMessage: limits.sockets.feedMessageBytes,
      classes: limits.sockets.feedClasses,
      onError: base.onError("live-feed"),
    }),
    maintenance: createMaintenance({
      ...base,
      vacuum: () => database.vacuum(),
      flushHistory: history.flush,
      onError: base.onError("maintenance"),
    }),
  };
}

/** Who takes what agents answer, and what follows when a server is gone. */
function connectResults(
  { history, onError }: Foundation,
  { servers }: People,
  { fleet }: FleetRooms,
  { cron, services, transfers }: Watching,
  { mcp, nat }: Streams,
): void {
  fleet.onResult(TASK.command, (serverId, result) => void cron.results.onResult(serverId, result).catch(onError("cron")));
  for (const type of [TASK.httpGet, TASK.icmpPing, TASK.tcpPing]) fleet.onResult(type, services.onResult);
  fleet.onResult(TASK.keepalive, nat.tunnel.onKeepalive);
  fleet.onResult(TASK.serverTransfer, transfers.onResult);
  for (const type of mcp.taskTypes) fleet.onResult(type, mcp.onResult);
  servers.directory.subscribe(({ id, after }) => {
    if (!after) history.dropServer(id);
  });
}

type AllRooms = People & FleetRooms & Watching & Streams & ReturnType<typeof furnishViews>;

function routesOf({ history, now }: Foundation, rooms: AllRooms) {
  const { identity, protection, settings, notifications, servers, corrections, fleet, agentConfig, maintenance, ...others } = rooms;
  const agents = { routes: fleetRoutes({ servers: servers.directory, fleet, config: agentConfig }) };
  const metrics = { routes: historyRoutes({ history, servers: servers.directory, now }) };
  const { cron, enrolment, terminal, files, nat, services, incidents, alerts, ddns, transfers } = others;
  const working = [agents, enrolment, cron, terminal, files, nat, services, incidents, alerts, ddns, transfers];
  return [identity, protection, settings, notifications, servers, corrections, metrics, ...working, maintenance].flatMap(
    (room) => room.routes,
  );
}
