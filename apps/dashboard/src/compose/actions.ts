import { randomText } from "@windfire/kit";
import { createCron } from "#features/cron";
import type { CronRoom } from "#features/cron";
import { createDdns, createZoneFinder } from "#features/ddns";
import type { Ddns } from "#features/ddns";
import { serverStore } from "#features/servers";
import { createTransfers } from "#features/transfers";
import type { Transfers } from "#features/transfers";
import type { Cascades } from "./cascades.ts";
import type { Foundation } from "./foundation.ts";
import { groupOwnerOf, isUserRow } from "./reach.ts";
import type { Some } from "./rooms.ts";

/** Commands that run on servers by schedule or by an event. */
export function composeCron(
  base: Foundation,
  { fleet, identity, notifications, reach, servers }: Some<"fleet" | "identity" | "notifications" | "reach" | "servers">,
  cascades: Cascades,
): Promise<CronRoom> {
  const { audit, database, judge, location, now, onError, outbox, requireRoom, scheduler, translate } = base;
  return createCron({
    database,
    audit,
    now,
    reach,
    notificationGroupOwner: groupOwnerOf(notifications),
    requireRoom,
    cascades: cascades.crons,
    servers: servers.directory,
    ownsEverything: identity.users.ownsEverything,
    agents: fleet.agents,
    deliveries: notifications.deliveries,
    outbox,
    translate,
    scheduler,
    judge,
    location,
    onError: onError("cron"),
  });
}

/** Names that follow the addresses of servers. */
export function composeDdns(base: Foundation, { identity, servers }: Some<"identity" | "servers">, cascades: Cascades): Promise<Ddns> {
  const { audit, clock, config, database, facts, judge, log, now, onError, outbound, outbox, requireRoom } = base;
  return createDdns({
    clock,
    database,
    judged: judge.database,
    audit,
    outbox,
    outbound,
    facts,
    servers: servers.directory,
    now,
    requireRoom,
    cascades: cascades.profiles,
    isAdmin: (id) => id !== 0 && identity.users.ownsEverything(id),
    findZone: createZoneFinder({ servers: () => config.current.dnsServers }),
    log: log.child("ddns"),
    onError: onError("ddns"),
  });
}

/** Servers that change hands. */
export function composeTransfers(
  base: Foundation,
  { fleet, identity, protection, servers }: Some<"fleet" | "identity" | "protection" | "servers">,
): Promise<Transfers> {
  const { audit, clock, database, limits, now, onError, random } = base;
  return createTransfers({
    clock,
    now,
    database,
    audit,
    servers: servers.directory,
    newSecret: () => randomText(random, 32),
    findServer: serverStore.find,
    isOwner: isUserRow,
    setOwner: servers.commands.setOwner,
    agents: fleet.agents,
    userExists: (id) => identity.users.get(id) !== undefined,
    connections: protection.liveConnections,
    maxMessage: limits.sockets.feedMessageBytes,
    onError: onError("transfers"),
  });
}
