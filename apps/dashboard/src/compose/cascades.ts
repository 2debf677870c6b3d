import type { Alerts } from "#features/alerts";
import type { CronRoom } from "#features/cron";
import type { Ddns } from "#features/ddns";
import type { Enrolment } from "#features/enrolment";
import type { Incidents } from "#features/incidents";
import type { Nat } from "#features/nat";
import type { Notifications } from "#features/notifications";
import type { Servers } from "#features/servers";
import type { Services } from "#features/services";
import type { Transfers } from "#features/transfers";
import type { Cascade } from "#platform/database";

/** What goes when a row of a kind goes; filled once all rooms are there. */
export type Cascades = Record<"users" | "servers" | "groups" | "crons" | "profiles", Cascade[]>;

/** Rooms whose rows refer to others'. */
interface Referring {
  readonly alerts: Pick<Alerts, "cascades">;
  readonly corrections: { readonly cascades: { readonly servers: Cascade } };
  readonly cron: Pick<CronRoom, "cascades">;
  readonly ddns: Pick<Ddns, "cascades">;
  readonly enrolment: Pick<Enrolment, "cascades">;
  readonly incidents: Pick<Incidents, "cascades">;
  readonly nat: Pick<Nat, "cascades">;
  readonly notifications: Pick<Notifications, "cascades">;
  readonly servers: Pick<Servers, "cascades">;
  readonly services: Pick<Services, "cascades">;
  readonly transfers: Pick<Transfers, "cascades">;
}

/** References go with the rows they point to, owners' rows with their owners; what ends by itself comes first. */
export function connectCascades(
  cascades: Cascades,
  { alerts, corrections, cron, ddns, enrolment, incidents, nat, notifications, servers, services, transfers }: Referring,
): void {
  const users = [transfers, enrolment, incidents, alerts, services, cron, ddns, nat, notifications, servers];
  cascades.users.push(...users.map((room) => room.cascades.users));
  cascades.servers.push(
    ...[transfers, enrolment, corrections, cron, services, incidents, alerts, ddns, nat].map((room) => room.cascades.servers),
  );
  cascades.groups.push(...[cron, services, alerts].map((room) => room.cascades.notificationGroups));
  cascades.crons.push(services.cascades.crons, alerts.cascades.crons);
  cascades.profiles.push(servers.cascades.ddnsProfiles);
}
