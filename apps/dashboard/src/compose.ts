import { createLifecycle } from "@windfire/kit";
import type { AnyRoute, AnySocketRoute, HttpApp } from "#platform/http";
import type { Scheduler } from "#platform/scheduler";
import { composeAccess } from "./compose/access.ts";
import { composeCron, composeDdns, composeTransfers } from "./compose/actions.ts";
import { composeAgents } from "./compose/agents.ts";
import { connectCascades, noCascades } from "./compose/cascades.ts";
import { componentsOf } from "./compose/components.ts";
import { composeEnrolment } from "./compose/enrolment.ts";
import { layFoundation } from "./compose/foundation.ts";
import type { DashboardOptions, Foundation } from "./compose/foundation.ts";
import { letGoOfDeleted } from "./compose/deleted-history.ts";
import { createHandOver } from "./compose/hand-over.ts";
import { composeListener } from "./compose/listener.ts";
import { composeAgentChanges, composeAlerts, composeAvailability, composeIncidents, composeServices } from "./compose/monitoring.ts";
import { composeNotifications } from "./compose/notifications.ts";
import { composeAudit, composeBackup, composeImport, composeLiveFeed, composeMaintenance, composeSettings } from "./compose/operation.ts";
import { composeMcp, composeNat, composeSessions } from "./compose/remote-access.ts";
import { connectResults } from "./compose/results.ts";
import { composeReports } from "./compose/reports.ts";
import { composeStatusPages } from "./compose/status-pages.ts";
import type { Rooms } from "./compose/rooms.ts";
import { routesOf, socketsOf } from "./compose/routes.ts";
import { composeReload } from "./compose/running.ts";
import { tellAddressChanges } from "./compose/server-events.ts";
import { composeServers } from "./compose/servers.ts";
import { composeShareLinks } from "./compose/share-links.ts";
import { composeWeb } from "./compose/web.ts";

/** The whole program, put together and not yet listening. */
export interface Dashboard {
  /** Everything that can be called, and the application that answers, without a listener. */
  readonly web: HttpApp;
  readonly routes: readonly AnyRoute[];
  readonly sockets: readonly AnySocketRoute[];
  /** Our own timers that are set now, and where they run. */
  jobs(): ReturnType<Scheduler["jobs"]>;
  /** @throws when a port cannot be bound or a certificate cannot be used */
  start(): Promise<void>;
  /** Reads certificate and the harmless part of the configuration again; says in the log what came of it. */
  reload(): Promise<void>;
  /** Lets the other dashboards of the installation take over what is here, before `stop`; nothing where it is the only one. */
  handOver(): Promise<void>;
  /** Closes everything in reverse order; `false` when something failed or was late. */
  stop(deadlineMs: number): Promise<boolean>;
}

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
  const rooms = await buildRooms(base);
  const routes = routesOf(base, rooms);
  const sockets = socketsOf(rooms);
  const handOver = createHandOver(base, rooms);
  const web = await composeWeb(base, rooms, { routes, sockets }, { listener: () => listener, stopping: () => handOver.hasBegun });
  const listener = composeListener(base, rooms, web);
  const lifecycle = createLifecycle({ clock });
  return {
    web,
    routes,
    sockets,
    jobs: base.scheduler.jobs,
    reload: composeReload(base, listener),
    start: () => lifecycle.start(componentsOf(base, rooms, web, listener)),
    handOver: () => handOver.run(),
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

/** From left to right, as the import table has them; what a room needs of one to its right it asks for `later`. */
async function buildRooms(base: Foundation): Promise<Rooms> {
  const later = (): Rooms => rooms;
  const cascades = noCascades();
  const notifications = await composeNotifications(base, cascades, later);
  const access = await composeAccess(base, cascades, later);
  const owned = await composeServers(base, access, cascades, later);
  const agents = composeAgents(base, { ...access, ...owned }, later);
  const ground = { notifications, ...access, ...owned, ...agents };
  const enrolment = await composeEnrolment(base, ground, later);
  const cron = await composeCron(base, ground, cascades);
  const sessions = composeSessions(base, ground);
  const nat = await composeNat(base, ground, later);
  const availability = await composeAvailability(base, ground, later);
  const agentChanges = await composeAgentChanges(base, ground);
  const services = await composeServices(base, { ...ground, cron }, later);
  const shareLinks = await composeShareLinks(base, ground, later);
  const incidents = await composeIncidents(base, { ...ground, availability, services }, later);
  const alerts = await composeAlerts(base, { ...ground, availability, cron, incidents }, later);
  const ddns = await composeDdns(base, ground, cascades);
  const transfers = await composeTransfers(base, ground);
  const reports = await composeReports(base, { ...ground, availability, services });
  const statusPages = await composeStatusPages(base, { ...ground, availability, incidents, nat, services, shareLinks });
  const liveFeed = composeLiveFeed(base, ground);
  const mcp = await composeMcp(base, ground);
  const settings = composeSettings(base, { ...ground, nat, statusPages });
  const maintenance = composeMaintenance(base);
  const auditRoom = composeAudit(base);
  const backup = composeBackup(base, ground);
  const takeover = composeImport(base, { ...ground, services });
  const watching = { availability, agentChanges, services, shareLinks, incidents, alerts, reports, statusPages };
  const working = { enrolment, cron, ...sessions, nat, ddns, transfers, ...watching };
  const rooms: Rooms = { ...ground, ...working, liveFeed, mcp, settings, maintenance, auditRoom, backup, takeover };
  connectCascades(cascades, rooms, base.forgetting);
  connectResults(base, rooms);
  tellAddressChanges(base, rooms);
  letGoOfDeleted(base, rooms);
  return rooms;
}
