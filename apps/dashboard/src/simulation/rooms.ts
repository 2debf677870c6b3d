import { createAlerts } from "#features/alerts";
import type { Alerts } from "#features/alerts";
import type { CronRoom } from "#features/cron";
import type { Ddns } from "#features/ddns";
import { createIncidents } from "#features/incidents";
import type { Incidents } from "#features/incidents";
import { createNotifications } from "#features/notifications";
import type { Notifications } from "#features/notifications";
import type { Services } from "#features/services";
import { createTraffic } from "#features/traffic";
import type { Agents } from "#kernel";
import type { AnyRoute } from "#platform/http";
import type { Outbound } from "#platform/outbound";
import { createSealing } from "#platform/sealing";
import { groupOwnerOf } from "../compose/reach.ts";
import { ownsEverything } from "./cast.ts";
import type { Engines } from "./engines.ts";
import type { Ground } from "./ground.ts";
import { openCron, openDdns, openServices } from "./more-rooms.ts";

/** What takes part in a run, in one process. */
export interface Rooms {
  readonly alerts: Alerts;
  readonly incidents: Incidents;
  readonly services: Services | undefined;
  readonly cron: CronRoom | undefined;
  readonly ddns: Ddns | undefined;
  readonly routes: readonly AnyRoute[];
}

export interface RoomsDeps {
  readonly engines: Engines;
  readonly send: Outbound["send"];
  readonly agents: Pick<Agents, "dispatch" | "where">;
}

/** Puts the rooms on their ground; nothing is started. */
export async function openRooms(deps: RoomsDeps, ground: Ground): Promise<Rooms> {
  const { agents, engines, send } = deps;
  const notifications = await openNotifications(deps, ground);
  const more = { ...ground, agents, notifications, groupOwner: groupOwnerOf(notifications) };
  const cron = engines.crons || engines.services ? await openCron(more) : undefined;
  const services: Services | undefined = engines.services ? await openServices({ ...more, cron, incidents: () => incidents }) : undefined;
  const incidents = await openIncidents(ground, notifications, { services, alerts: () => alerts });
  const alerts: Alerts = await openAlerts(deps, more, { cron, incidents });
  const ddns = engines.names ? await openDdns(more, send) : undefined;
  const rooms = [alerts, incidents, ...[services, cron, ddns].filter((room) => room !== undefined)];
  return { alerts, incidents, services, cron, ddns, routes: rooms.flatMap(({ routes }) => routes) };
}

function openNotifications({ send }: RoomsDeps, ground: Ground): Promise<Notifications> {
  return createNotifications({
    ...ground,
    log: { info: () => undefined, warn: () => undefined },
    outbound: { send, connect: () => Promise.reject(new Error("not in this run")) },
    server: (id) => ground.servers.get(id),
    sealing: createSealing(new Uint8Array(32)),
    ownsEverything,
    site: () => "",
    formatDateTime: String,
    groupCascades: [],
  });
}

function openIncidents(
  ground: Ground,
  { deliveries, messagesOf }: Notifications,
  { services, alerts }: { readonly services: Services | undefined; readonly alerts: () => Alerts },
): Promise<Incidents> {
  const { servers } = ground;
  return createIncidents({
    ...ground,
    deliveries,
    messagesOf,
    ownsEverything,
    location: "UTC",
    services: services?.services ?? { get: () => undefined, list: () => [] },
    judgedAt: (id) => services?.judgedAt(id),
    pathsIn: async () => ({ server: new Map(), service: new Map() }),
    serviceSeries: (...question) => services?.series(...question) ?? Promise.reject(new Error("there are no services")),
    tellHeldService: async (...state) => services?.tellHeld(...state),
    availability: { server: async () => ({ onlineMs: 0, offlineMs: 0, unknownMs: 0, plannedMs: 0, offline: [], work: [], byDay: [] }) },
    figuresOf: (ruleId) => alerts().figuresOf(ruleId),
    serversOf: () => [],
    ownerOf: (subject, id) => {
      if (subject === "rule") return alerts().directory.get(id)?.ownerId;
      return subject === "server" ? servers.get(id)?.settings.ownerId : services?.services.get(id)?.ownerId;
    },
  });
}

function openAlerts(
  { agents }: RoomsDeps,
  ground: Ground & { readonly groupOwner: (id: number) => Promise<number | undefined> },
  { cron, incidents }: { readonly cron: CronRoom | undefined; readonly incidents: Incidents },
): Promise<Alerts> {
  return createAlerts({
    ...ground,
    agents,
    incidents,
    ownsEverything,
    ownsEverythingIn: async (_tx, userId) => ownsEverything(userId),
    crons: cron?.crons ?? { get: () => undefined },
    notificationGroupOwner: ground.groupOwner,
    trigger: async (...event) => cron?.runs.trigger(...event),
    shownAddress: (address) => address,
    traffic: createTraffic(ground.database),
    corrections: { within: () => ({ in: 0n, out: 0n }), onChange: () => undefined },
    trafficNeededSince: () => undefined,
    known: async (whole) => [whole],
    takenOver: false,
  });
}
