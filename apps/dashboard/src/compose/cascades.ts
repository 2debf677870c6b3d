import type { Forgetting } from "#features/history";
import type { Cascade } from "#platform/database";
import type { Rooms } from "./rooms.ts";

/** What goes when a row of a kind goes; filled once all rooms are there. */
export type Cascades = Record<"users" | "servers" | "groups" | "crons" | "profiles", Cascade[]>;

export function noCascades(): Cascades {
  return { users: [], servers: [], groups: [], crons: [], profiles: [] };
}

/** References go with the rows they point to, owners' rows with their owners; what ends by itself comes first. */
export function connectCascades(
  cascades: Cascades,
  {
    agentChanges,
    alerts,
    availability,
    corrections,
    cron,
    ddns,
    enrolment,
    identity,
    incidents,
    nat,
    notifications,
    reports,
    servers,
    services,
    shareLinks,
    statusPages,
    transfers,
  }: Rooms,
  forgetting: Forgetting,
): void {
  const users = [
    identity,
    statusPages,
    reports,
    transfers,
    enrolment,
    incidents,
    alerts,
    services,
    cron,
    ddns,
    nat,
    notifications,
    servers,
    shareLinks,
  ];
  cascades.users.push(...users.map((room) => room.cascades.users));
  cascades.servers.push(
    ...[identity, reports, transfers, enrolment, availability, agentChanges, corrections, cron, services, incidents, alerts, ddns, nat].map(
      (room) => room.cascades.servers,
    ),
    shareLinks.cascades.rows("server"),
    forgetting.servers,
  );
  cascades.groups.push(...[identity, reports, cron, services, alerts].map((room) => room.cascades.notificationGroups));
  cascades.crons.push(services.cascades.crons, alerts.cascades.crons);
  cascades.profiles.push(servers.cascades.ddnsProfiles);
}
