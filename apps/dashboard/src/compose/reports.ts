import { setImmediate as yieldToOthers } from "node:timers/promises";
import { incidentStore } from "#features/incidents";
import type { Incident } from "#features/incidents";
import { createReports } from "#features/reports";
import type { ReportsDeps, ReportsRoom } from "#features/reports";
import { totalTraffic } from "#features/traffic";
import type { Foundation } from "./foundation.ts";
import { groupOwnerOf } from "./reach.ts";
import type { Some } from "./rooms.ts";

/** What is told of the fleet at times. */
export function composeReports(
  base: Foundation,
  rooms: Some<"availability" | "corrections" | "identity" | "notifications" | "reach" | "servers" | "services" | "traffic">,
): Promise<ReportsRoom> {
  const { audit, database, judge, location, now, onError, requireRoom, scheduler, translate } = base;
  const { availability, corrections, identity, notifications, reach, servers, services, traffic } = rooms;
  return createReports({
    database,
    audit,
    deliveries: notifications.deliveries,
    scheduler,
    judge,
    location,
    now,
    translate,
    requireRoom,
    notificationGroupOwner: groupOwnerOf(notifications),
    ownerOf: (subject, id) => {
      if (subject === "server") return servers.directory.get(id)?.settings.ownerId;
      return (subject === "group" ? servers.groups.get(id) : services.services.get(id))?.ownerId;
    },
    serversOf: (ownerId) =>
      Array.from(reach.reachOf(ownerId), (id) => servers.directory.get(id)?.settings).filter((settings) => settings !== undefined),
    servicesOf: (ownerId) =>
      services.services
        .list()
        .filter((service) => identity.users.ownsEverything(ownerId) || service.ownerId === ownerId)
        .map(({ id, name }) => ({ id, name, certificateEnds: services.stateOf(id)?.certificate?.expires })),
    membersOf: (groupId) => servers.groups.get(groupId)?.memberIds ?? [],
    availability: availability.of,
    serviceResults: services.results,
    incidents: incidentsOf(base, (ownerId) => identity.users.ownsEverything(ownerId)),
    async traffic(serverId, { from, to }) {
      const span = { serverId, from, until: to - 1 };
      const { in: received, out: sent } = totalTraffic(await traffic.sums(span), { in: 0, out: 0 }, corrections.within(span));
      return { in: Number(received), out: Number(sent) };
    },
    onError: onError("reports"),
  });
}

/** Incidents that are looked at for one report, and how long before the period they may have begun. */
const MOST = 5_000;
const PAGE = 500;
const LONGEST_MS = 31 * 86_400_000;

function incidentsOf({ database }: Foundation, ownsEverything: (ownerId: number) => boolean): ReportsDeps["incidents"] {
  return async (ownerId, { from, to }) => {
    const found: Incident[] = [];
    const owner = ownsEverything(ownerId) ? {} : { ownerId };
    for (let beforeId: number | undefined, seen = 0; seen < MOST; seen += PAGE) {
      const page = await incidentStore.list(database.kysely, { ...owner, ...(beforeId === undefined ? {} : { beforeId }) }, PAGE);
      found.push(...page.filter(({ openedAt, endedAt }) => openedAt < to && (endedAt === 0 || endedAt >= from)));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE || last.openedAt < from - LONGEST_MS) break;
      beforeId = last.id;
      await yieldToOthers();
    }
    return found;
  };
}
