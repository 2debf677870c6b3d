import { createLifecycle } from "@windfire/kit";
import type { Component } from "@windfire/kit";
import { FEATURES, FEATURES_HEADER } from "@windfire/protocol";
import { installPages } from "#features/enrolment";
import { createAgentService } from "#features/fleet";
import { createCompressor } from "#platform/compression";
import { createPrometheus } from "#features/prometheus";
import { createGrpcServer } from "#platform/grpc";
import { apiPages, createHttpApp, hostOf, isLoopbackHost } from "#platform/http";
import type { AnyRoute, AnySocketRoute, HttpApp } from "#platform/http";
import { createListener } from "#platform/listener";
import type { Listener, ListeningOn } from "#platform/listener";
import { createPages } from "#platform/pages";
import { readCertificate } from "./compose/certificate.ts";
import { listenerLimits } from "./compose/figures.ts";
import { firstPaint } from "./compose/first-paint.ts";
import { layFoundation } from "./compose/foundation.ts";
import type { DashboardOptions, Foundation } from "./compose/foundation.ts";
import { scheduleJobs } from "./compose/jobs.ts";
import { namingPort, shownAddress } from "./compose/ports.ts";
import { programFigures } from "./compose/program-figures.ts";
import { folders, furnish } from "./compose/rooms.ts";
import type { Rooms } from "./compose/rooms.ts";
import { installSources } from "./folders.ts";
import { VERSION } from "./version.ts";

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

/** What of the time to stop goes to requests and streams that are under way. */
const LISTENER_STOP_MS = 2000;

/** Builds the dashboard: foundation, rooms, the web application and the agents' service on one port. */
export async function composeDashboard(options: DashboardOptions): Promise<Dashboard> {
  const base = await layFoundation(options);
  try {
    return await build(base);
  } catch (error) {
    await base.history.close();
    await base.database.close();
    throw error;
  }
}

async function build(base: Foundation): Promise<Dashboard> {
  const { clock, log } = base;
  const rooms = await furnish(base);
  const web = await buildWeb(base, rooms, () => listener.counters);
  const listener = buildListener(base, rooms, web);
  const lifecycle = createLifecycle({ clock });
  return {
    web,
    routes: rooms.routes,
    sockets: rooms.sockets,
    start: () => lifecycle.start(components(base, rooms, web, listener)),
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

async function buildWeb(base: Foundation, rooms: Rooms, counters: () => Listener["counters"]): Promise<HttpApp> {
  const { config, limits, log, translate } = base;
  const { debug } = config.current;
  const compressor = createCompressor({ cacheBytes: limits.http.compressedBytes, waitingBytes: limits.http.compressingBytes });
  const pages = createPages({
    compressor,
    folders,
    appearance: (half) => {
      const { userTemplate, adminTemplate, customCode, customCodeDashboard } = config.current;
      return half === "public"
        ? { template: userTemplate, customCode: customCode !== "" }
        : { template: adminTemplate, customCode: customCodeDashboard !== "" };
    },
    embed: firstPaint(base, rooms),
  });
  const prometheus = createPrometheus({
    gate: rooms.identity.gate,
    servers: () => rooms.servers.directory.list(),
    isUp: (server) => !["waiting", "offline"].includes(rooms.servers.conditions.of(server)),
    own: () => programFigures(base, rooms, counters()),
  });
  return createHttpApp({
    gate: rooms.identity.gate,
    routes: rooms.routes,
    sockets: rooms.sockets,
    translate,
    limits: { ...limits.http, openSockets: limits.sockets.open, pageSize: limits.lists.pageSize },
    budgets: base.budgets,
    compressor,
    version: VERSION,
    pages,
    plugins: [apiPages(debug), installPages(installSources), rooms.mcp.plugin, prometheus.plugin],
    foreignOrigin: (visit) => debug && isLoopbackHost(hostOf(visit)),
    onError: (error, visit) => log.child("http").error("a request failed", { error, method: visit.method, path: visit.path }),
    onAnswer: (visit, status, milliseconds) => log.debug("request", { method: visit.method, path: visit.path, status, milliseconds }),
  });
}

function buildListener(
  { budgets, clock, config, limits, onError, ports }: Foundation,
  { identity, fleet, mcp, nat, servers }: Rooms,
  web: HttpApp,
): Listener {
  const { https } = config.current;
  const service = createAgentService({
    fleet,
    isKnown: (id) => servers.directory.get(id) !== undefined,
    onAgent: nat.seenHosts.noteAgent,
    address: ({ peer, metadata }) => identity.agents.address(peer, metadata),
  });
  return createListener({
    clock,
    limits: listenerLimits(limits),
    host: ports.host,
    port: ports.port,
    ...(ports.tlsPort === 0 ? {} : { tls: { port: ports.tlsPort, load: () => readCertificate(https) } }),
    web: { request: web.handle, upgrade: web.upgrade, isPatient: mcp.isPatient },
    calls: createGrpcServer({
      clock,
      limits: limits.grpc,
      headers: { [FEATURES_HEADER]: FEATURES.join(", ") },
      budget: budgets.known,
      admit: service.admit,
      methods: service.methods,
      onError: onError("grpc"),
    }),
    tunnel: nat.tunnel,
    onError: onError("listener"),
  });
}

/** In the order of starting; stopping goes the other way round, so that nothing said during the stop is lost (spec 10 section 20). */
function components(base: Foundation, rooms: Rooms, web: HttpApp, listener: Listener): Component[] {
  const { clock, config, database, geoIp, history, log, outbox, ports, scheduler } = base;
  let bound: ListeningOn | undefined;
  const { alerts, cron, fleet, identity, incidents, liveFeed, mcp, nat, oauth2, protection, relay, servers, services, traffic, transfers } =
    rooms;
  return [
    { name: "database", stop: () => database.close() },
    { name: "history", stop: () => history.close() },
    { name: "traffic", stop: () => traffic.bookHour(servers.directory.list(), clock.now()) },
    { name: "geoip", stop: () => geoIp.stop() },
    { name: "identity", start: () => identity.start(), stop: () => identity.stop() },
    { name: "provider sign-in", start: () => oauth2.start() },
    { name: "protection", start: () => protection.start(), stop: () => protection.stop() },
    { name: "tunnels", stop: () => nat.seenHosts.settled() },
    { name: "outbox", start: () => outbox.start(), stop: () => outbox.stop() },
    { name: "jobs", start: () => scheduleJobs(base, rooms), stop: () => scheduler.stop() },
    { name: "cron", start: () => cron.start(), stop: () => cron.stop() },
    { name: "services", start: () => services.start(), stop: () => services.stop() },
    { name: "incidents", start: () => incidents.start() },
    { name: "alerts", start: () => alerts.start(), stop: () => alerts.stop() },
    { name: "transfers", start: () => transfers.start(), stop: () => transfers.stop() },
    { name: "mcp", start: () => mcp.start(), stop: () => mcp.stop() },
    { name: "relay", stop: () => relay.stop() },
    { name: "fleet", start: () => fleet.start(), stop: () => fleet.stop() },
    { name: "live feed", start: () => liveFeed.start(), stop: () => liveFeed.stop() },
    { name: "web", stop: () => web.close() },
    {
      name: "listener",
      start: async () => {
        bound = await namingPort(ports, () => listener.listen());
      },
      stop: () => {
        web.sendAway();
        return listener.stop(LISTENER_STOP_MS);
      },
    },
    {
      // A start that did not get this far has written no configuration and shown no password.
      name: "configuration",
      start: async () => {
        await config.settle();
        await identity.tellFirstPassword();
        const { host } = ports;
        const { port = ports.port, tlsPort } = bound ?? {};
        log.announce(`Dashboard::START ON ${shownAddress(host, port)}`);
        if (tlsPort !== undefined) log.announce(`Dashboard::START ON ${shownAddress(host, tlsPort)}`);
        if (config.current.debug) log.announce(`Swagger(1.0) UI available at http://localhost:${port}/swagger/index.html`);
      },
    },
  ];
}
