import { fleetRoutes } from "#features/fleet";
import { historyRoutes } from "#features/history";
import { logRoutes } from "#features/operation";
import { createCalendar } from "#features/services";
import { trafficBarRoutes } from "#features/traffic";
import type { AnyRoute, AnySocketRoute } from "#platform/http";
import type { Foundation } from "./foundation.ts";
import type { Rooms } from "./rooms.ts";

/** Everything that can be called, in the order in which the API page lists it. */
export function routesOf({ audit, database, history, location, log, now }: Foundation, rooms: Rooms): readonly AnyRoute[] {
  const { identity, protection, settings, notifications, servers, corrections, fleet, agentConfig, auditRoom, maintenance, ...others } =
    rooms;
  const agents = { routes: fleetRoutes({ servers: servers.directory, agents: fleet.agents, config: agentConfig }) };
  const { readHours, readFleetHours, startOfHour } = rooms.traffic;
  const traffic = {
    routes: trafficBarRoutes({
      readHours,
      readFleetHours,
      startOfHour,
      corrections,
      servers: servers.directory,
      calendar: createCalendar(location),
      zone: location,
      now,
    }),
  };
  const metrics = { routes: historyRoutes({ history, servers: servers.directory, now, lateFrom: fleet.lateFrom }) };
  const {
    agentChanges,
    availability,
    backup,
    cron,
    enrolment,
    terminal,
    files,
    nat,
    services,
    shareLinks,
    incidents,
    alerts,
    ddns,
    transfers,
    reports,
    statusPages,
  } = others;
  const working = [
    availability,
    agentChanges,
    agents,
    enrolment,
    cron,
    terminal,
    files,
    nat,
    services,
    shareLinks,
    incidents,
    alerts,
    ddns,
    transfers,
    reports,
    statusPages,
  ];
  const ownLog = { routes: logRoutes({ log, database, audit }) };
  return [
    identity,
    protection,
    settings,
    notifications,
    servers,
    corrections,
    metrics,
    traffic,
    ...working,
    maintenance,
    ownLog,
    auditRoom,
    backup,
    rooms.takeover,
  ].flatMap((room) => room.routes);
}

/** Every WebSocket that can be opened. */
export function socketsOf({ files, liveFeed, terminal, transfers }: Rooms): readonly AnySocketRoute[] {
  return [liveFeed, terminal, files, transfers].flatMap((room) => room.sockets);
}
