import { createAgentChanges } from "#features/agent-changes";
import type { AgentChanges } from "#features/agent-changes";
import { createAlerts } from "#features/alerts";
import type { Alerts } from "#features/alerts";
import { createAvailability } from "#features/availability";
import type { Availability } from "#features/availability";
import { createIncidents } from "#features/incidents";
import type { Incidents } from "#features/incidents";
import { maskAddresses } from "#features/notifications";
import { serverOptionsStore } from "#features/servers";
import { createCalendar, createServices, serviceStore } from "#features/services";
import type { Services } from "#features/services";
import type { Foundation } from "./foundation.ts";
import { groupOwnerOf } from "./reach.ts";
import type { Later, Some } from "./rooms.ts";
import { shareResults } from "./shared-results.ts";

/** When servers were there. */
export function composeAvailability(
  { clock, database, judge, location, scheduler }: Foundation,
  { replicas, servers }: Some<"replicas" | "servers">,
  later: Later<"incidents">,
): Promise<Availability> {
  return createAvailability({
    clock,
    database,
    scheduler,
    judge,
    hearsAll: replicas.hearsAll,
    servers: servers.directory,
    calendar: createCalendar(location),
    planned: (...asked) => later().incidents.planned.ofServers(...asked),
  });
}

/** Which agents servers had, and where they were. */
export function composeAgentChanges(
  { clock, database, judge, scheduler }: Foundation,
  { servers }: Some<"servers">,
): Promise<AgentChanges> {
  return createAgentChanges({ clock, database, scheduler, judge, servers: servers.directory });
}

/** What is probed from servers. */
export function composeServices(
  base: Foundation,
  {
    cron,
    fleet,
    identity,
    notifications,
    reach,
    replicas,
    servers,
  }: Some<"cron" | "fleet" | "identity" | "notifications" | "reach" | "replicas" | "servers">,
  later: Later<"alerts" | "incidents" | "reports" | "shareLinks">,
): Promise<Services> {
  const { audit, bus, clock, config, database, history, judge, location, log, now, onError, outbox, requireRoom, scheduler, translate } =
    base;
  return createServices({
    clock,
    database,
    audit,
    now,
    scheduler,
    judge,
    ...(bus.state === "off" ? {} : { share: shareResults(bus), isAskedHere: replicas.isAskedHere }),
    history,
    servers: servers.directory,
    reach,
    ownsEverything: identity.users.ownsEverything,
    crons: cron.crons,
    notificationGroupOwner: groupOwnerOf(notifications),
    requireRoom,
    requirePath: (...path) => later().incidents.requirePath(...path),
    cascades: [
      (tx, ids, changes) => later().incidents.cascades.services(tx, ids, changes),
      servers.cascades.services,
      (tx, ids, changes) => later().reports.cascades.services(tx, ids, changes),
      (tx, ids, changes) => later().shareLinks.cascades.rows("service")(tx, ids, changes),
      base.forgetting.services,
    ],
    cycleTransferStats: (caller) => later().alerts.cycleTransferStats(caller),
    agents: fleet.agents,
    pingCount: config.current.avgPingCount,
    notify: notifications.notify,
    unmute: notifications.unmute,
    deliveries: notifications.deliveries,
    bookHealth: (...change) => later().incidents.bookHealth(...change),
    isPlanned: (id) => later().incidents.planned.isServicePlanned(id),
    trigger: cron.runs.trigger,
    outbox,
    log: log.child("services"),
    translate,
    location,
    onError: onError("services"),
  });
}

/** What has gone wrong, and when nobody wants to hear of it. */
export function composeIncidents(
  base: Foundation,
  {
    availability,
    identity,
    notifications,
    servers,
    services,
  }: Some<"availability" | "identity" | "notifications" | "servers" | "services">,
  later: Later<"alerts">,
): Promise<Incidents> {
  const { audit, clock, database, history, judge, location, now, requireRoom, scheduler } = base;
  return createIncidents({
    clock,
    database,
    audit,
    deliveries: notifications.deliveries,
    messagesOf: notifications.messagesOf,
    scheduler,
    judge,
    location,
    now,
    requireRoom,
    ownerOf: (subject, id) => {
      if (subject === "server") return servers.directory.get(id)?.settings.ownerId;
      if (subject === "group") return servers.groups.get(id)?.ownerId;
      return subject === "rule" ? later().alerts.directory.get(id)?.ownerId : services.services.get(id)?.ownerId;
    },
    serversOf: (groupId) => servers.groups.get(groupId)?.memberIds ?? [],
    ownsEverything: identity.users.ownsEverything,
    servers: servers.directory,
    services: services.services,
    judgedAt: services.judgedAt,
    pathsIn: async (tx) => ({ server: await serverOptionsStore.paths(tx), service: await serviceStore.paths(tx) }),
    tellHeldService: services.tellHeld,
    serviceSeries: services.series,
    history,
    availability,
    figuresOf: (ruleId) => later().alerts.figuresOf(ruleId),
  });
}

/** Rules over the states of servers. */
export function composeAlerts(
  base: Foundation,
  rooms: Some<
    | "availability"
    | "corrections"
    | "cron"
    | "fleet"
    | "identity"
    | "incidents"
    | "notifications"
    | "reach"
    | "replicas"
    | "servers"
    | "traffic"
  >,
  later: Later<"reports">,
): Promise<Alerts> {
  const { audit, clock, config, database, history, judge, log, now, outbox, requireRoom, scheduler, takenOver, translate } = base;
  const { availability, corrections, cron, fleet, identity, incidents, notifications, reach, replicas, servers, traffic } = rooms;
  return createAlerts({
    clock,
    now,
    database,
    audit,
    outbox,
    scheduler,
    judge,
    log: log.child("alerts"),
    incidents,
    servers: servers.directory,
    ...(base.bus.state === "off" ? {} : { isJudgedHere: replicas.isJudgedHere, isJudgedElsewhere: replicas.isKeptElsewhere }),
    reach,
    ownsEverything: identity.users.ownsEverything,
    ownsEverythingIn: identity.users.ownsEverythingIn,
    crons: cron.crons,
    notificationGroupOwner: groupOwnerOf(notifications),
    requireRoom,
    translate,
    shownAddress: (address) => (config.current.enablePlainIpInNotification ? address : maskAddresses(address)),
    trigger: cron.runs.trigger,
    agents: fleet.agents,
    traffic,
    corrections,
    trafficNeededSince: () => later().reports.trafficNeededSince(),
    history,
    known: availability.known,
    takenOver,
  });
}
