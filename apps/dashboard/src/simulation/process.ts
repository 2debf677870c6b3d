import { reasonOf } from "@windfire/kit";
import type { FakeClock } from "@windfire/testkit";
import { createAlerts } from "#features/alerts";
import type { Alerts } from "#features/alerts";
import type { CronRoom } from "#features/cron";
import type { Ddns } from "#features/ddns";
import { createHistory } from "#features/history";
import { createIncidents } from "#features/incidents";
import type { Incidents } from "#features/incidents";
import { createNotifications } from "#features/notifications";
import type { Notifications } from "#features/notifications";
import { createTraffic } from "#features/traffic";
import { createServerDirectory } from "#features/servers";
import type { WritableDirectory } from "#features/servers";
import type { Services } from "#features/services";
import { createFactBus } from "#kernel";
import type { Agents, FactBus } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { openDatabase } from "#platform/database";
import type { Database } from "#platform/database";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import type { Outbound } from "#platform/outbound";
import { createOutbox } from "#platform/outbox";
import type { Outbox } from "#platform/outbox";
import { createScheduler } from "#platform/scheduler";
import { createSealing } from "#platform/sealing";
import { groupOwnerOf } from "../compose/reach.ts";
import { ownsEverything, serverAsStored } from "./cast.ts";
import type { Cast } from "./cast.ts";
import type { Engines } from "./engines.ts";
import { createLifeClock } from "./life-clock.ts";
import { openCron, openDdns, openServices } from "./more-rooms.ts";
import type { Ground } from "./more-rooms.ts";

/** One process on the database of a run. */
export interface Process {
  readonly database: Database;
  /** The same without what fails on purpose: for looking at what is stored. */
  readonly stored: Database;
  readonly outbox: Outbox;
  readonly alerts: Alerts;
  readonly servers: WritableDirectory;
  readonly facts: FactBus;
  readonly services: Services | undefined;
  readonly cron: CronRoom | undefined;
  readonly ddns: Ddns | undefined;
  readonly call: RouteCaller;
  /** Ends it in order, or lets go of what a killed one left. */
  stop(isKilled: boolean): Promise<void>;
}

/** What is outside of the processes of a run, and stays when they end. */
export interface Outside {
  readonly clock: FakeClock;
  readonly cast: Cast;
  readonly engines: Engines;
  readonly send: Outbound["send"];
  readonly agents: Pick<Agents, "dispatch" | "where">;
  /** What a process said it could not do. */
  readonly troubles: string[];
  /** Wraps the database of each process, for what fails. */
  readonly wrap: (database: Database) => Database;
}

/** Starts the rooms on the database that lies at `path`. */
export async function startProcess(outside: Outside, path: string): Promise<Process> {
  const { engines } = outside;
  const clock = createLifeClock(outside.clock);
  const ground = await layGround(outside, clock, path);
  const { database, outbox } = ground;
  const notifications = await openNotifications(outside, ground);
  const more = { ...ground, agents: outside.agents, notifications, groupOwner: groupOwnerOf(notifications) };
  const cron = engines.crons || engines.services ? await openCron(more) : undefined;
  const services: Services | undefined = engines.services ? await openServices({ ...more, cron, incidents: () => incidents }) : undefined;
  const incidents = await openIncidents(ground, notifications, { services, alerts: () => alerts });
  const alerts: Alerts = await openAlerts(outside, more, { cron, incidents });
  const ddns = engines.names ? await openDdns(more, outside.send) : undefined;
  await outbox.start();
  cron?.start();
  await cron?.judged.start();
  services?.start();
  await services?.judged.start();
  incidents.start();
  await alerts.start();
  const rooms = [alerts, incidents, ...[services, cron, ddns].filter((room) => room !== undefined)];
  return {
    ...ground,
    services,
    cron,
    ddns,
    alerts,
    call: createRouteCaller(rooms.flatMap(({ routes }) => routes)),
    async stop(isKilled) {
      if (!isKilled) for (const room of [alerts, services, services?.judged, cron, cron?.judged, ground.scheduler]) await room?.stop();
      await outbox.stop();
      await database.close();
      clock.end();
    },
  };
}

async function layGround({ cast, troubles, wrap }: Outside, clock: ReturnType<typeof createLifeClock>, path: string): Promise<Ground> {
  const warn = (text: string, details: { error?: unknown } = {}): void =>
    void troubles.push(details.error === undefined ? text : `${text} ${reasonOf(details.error)}`);
  const onError = (error: unknown): void => warn("failed", { error });
  const log = { info: () => undefined, warn, error: warn };
  const stored = await openDatabase({ path, clock, log, serviceHistories: true });
  const database = wrap(stored);
  const rows = await stored.kysely.selectFrom("servers").select(["id", "name", "user_id"]).orderBy("id").execute();
  const servers = createServerDirectory(rows.map((row) => serverAsStored(cast, row)));
  return {
    clock,
    log,
    onError,
    stored,
    database,
    servers,
    now: clock.now,
    outbox: createOutbox({ clock, database, onError }),
    audit: createAuditLog({ database, now: clock.now }),
    scheduler: createScheduler({ clock, location: "UTC", log }),
    facts: createFactBus({ onListenerError: (_, error) => onError(error) }),
    history: createHistory({
      clock,
      log,
      directory: "",
      enabled: false,
      limits: { retentionDays: 1, minFreeDiskBytes: 0, sizeBudgetBytes: 0 },
    }),
    reach: {
      server: (id) => servers.get(id)?.settings,
      isOwner: () => true,
      reachOf: (ownerId) =>
        servers
          .list()
          .filter(({ settings }) => ownsEverything(ownerId) || settings.ownerId === ownerId)
          .map(({ id }) => id),
    },
    requireRoom: () => undefined,
    translate: (id, ...args) => [id, ...args].join("|"),
  };
}

function openNotifications({ send }: Outside, ground: Ground): Promise<Notifications> {
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
  { agents }: Outside,
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
