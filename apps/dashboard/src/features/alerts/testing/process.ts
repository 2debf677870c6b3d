import type { FakeClock } from "@windfire/testkit";
import { createIncidents } from "#features/incidents";
import type { Incidents } from "#features/incidents";
import { createNotifications } from "#features/notifications";
import type { Notifications } from "#features/notifications";
import { createTraffic } from "#features/traffic";
import { createServerDirectory } from "#features/servers";
import type { Server, ServerDirectory, WritableDirectory } from "#features/servers";
import { testSettings } from "#features/servers/testing";
import { ROLE } from "#kernel";
import type { Caller, User } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { openDatabase } from "#platform/database";
import type { Database } from "#platform/database";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createOutbox } from "#platform/outbox";
import type { Outbox } from "#platform/outbox";
import { createScheduler } from "#platform/scheduler";
import { createSealing } from "#platform/sealing";
import { createAlerts } from "../index.ts";
import type { Alerts, AlertsDeps } from "../index.ts";

export const admin: User = { id: 1, username: "admin", role: ROLE.admin };
export const alice: User = { id: 2, username: "alice", role: ROLE.member };
export const session = (user: User): Caller => ({ kind: "session", user, sessionKey: "k", via: "cookie" });

const serverOf = (id: number, ownerId: number, through: number | undefined): Server => ({
  ...testSettings,
  ...(through === undefined ? {} : { reachedThrough: { kind: "server", id: through } }),
  id,
  uuid: `u${id}`,
  ownerId,
  name: `s${id}`,
});

const NO_HISTORY: AlertsDeps["history"] = {
  enabled: false,
  serverSeries: async () => ({ starts: new Float64Array(), columns: [] }),
};

/** One process on the database of the scene. */
export interface Process {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly incidents: Incidents;
  readonly alerts: Alerts;
  readonly servers: WritableDirectory;
  readonly call: RouteCaller;
}

/** The world around the processes of a scene. */
export interface World {
  readonly clock: FakeClock;
  /** What servers are reached through: another server. */
  readonly through: ReadonlyMap<number, number>;
  /** The status that the receiver answers. */
  receiver: number;
  /** Users whose rules speak of all servers. */
  readonly ownersOfAll: Set<number>;
  /** Those of the process that runs. */
  servers?: ServerDirectory;
  /** Stored points, where a test has some. */
  history?: AlertsDeps["history"];
  /** Server groups. */
  readonly groups: Map<number, readonly number[]>;
  /** Servers that another process has and judges. */
  readonly elsewhere: Set<number>;
  /** Servers whose agents take commands. */
  readonly online: Set<number>;
  /** What the receiver took, what was started, what was logged. */
  readonly taken: string[];
  readonly triggered: string[];
  readonly warnings: string[];
  readonly seconds: () => number;
}

/** Starts the rooms on the database that lies at `path`. */
export async function startProcess(world: World, path: string): Promise<Process> {
  const { clock } = world;
  const warn = (text: string): void => void world.warnings.push(text);
  const log = { info: () => undefined, warn, error: warn };
  const database = await openDatabase({ path, clock, log, serviceHistories: true });
  const shared = {
    clock,
    log,
    database,
    now: clock.now,
    outbox: createOutbox({ clock, database, onError: () => undefined }),
    audit: createAuditLog({ database, now: clock.now }),
    scheduler: createScheduler({ clock, location: "UTC", log }),
    requireRoom: () => undefined,
    translate: (id: string) => id,
  };
  const rows = await database.kysely.selectFrom("servers").select(["id", "user_id"]).orderBy("id").execute();
  const servers = createServerDirectory(rows.map((row) => serverOf(row.id, row.user_id ?? 0, world.through.get(row.id))));
  world.servers = servers;
  const { deliveries, messagesOf } = await tellers(world, shared);
  const ownsEverything = (userId: number): boolean => world.ownersOfAll.has(userId);
  const incidents = await createIncidents({
    ...shared,
    deliveries,
    messagesOf,
    ownsEverything,
    location: "UTC",
    servers,
    services: { get: () => undefined, list: () => [] },
    judgedAt: () => undefined,
    pathsIn: async () => ({ server: new Map(), service: new Map() }),
    tellHeldService: async () => undefined,
    serviceSeries: async () => ({ starts: new Float64Array(), delays: new Float64Array(), losses: new Float64Array() }),
    history: world.history ?? NO_HISTORY,
    availability: { server: async () => ({ onlineMs: 0, offlineMs: 0, unknownMs: 0, plannedMs: 0, offline: [], work: [], byDay: [] }) },
    figuresOf: (ruleId) => alerts.figuresOf(ruleId),
    serversOf: (groupId) => world.groups.get(groupId) ?? [],
    ownerOf: (subject, id) => {
      if (subject === "rule") return alerts.directory.get(id)?.ownerId;
      return subject === "server" ? servers.get(id)?.settings.ownerId : alice.id;
    },
  });
  const alerts = await createAlerts({
    ...shared,
    incidents,
    servers,
    isJudgedElsewhere: (id) => world.elsewhere.has(id),
    reach: reachOf(world, servers),
    ownsEverything,
    ownsEverythingIn: async (_tx, userId) => ownsEverything(userId),
    crons: { get: () => ({ ownerId: alice.id }) },
    notificationGroupOwner: async () => alice.id,
    trigger: async (ids, { serverId }) => void world.triggered.push(`${ids.join()} on ${serverId}`),
    agents: { where: async (id) => (world.online.has(id) ? "here" : "offline") },
    shownAddress: (address) => `masked ${address}`,
    traffic: createTraffic(database),
    corrections: { within: () => ({ in: 0n, out: 0n }), onChange: () => undefined },
    trafficNeededSince: () => undefined,
    history: world.history ?? NO_HISTORY,
    known: async (whole) => [whole],
    takenOver: false,
  });
  await shared.outbox.start();
  incidents.start();
  await alerts.start();
  return {
    database,
    outbox: shared.outbox,
    incidents,
    alerts,
    servers,
    call: createRouteCaller([...alerts.routes, ...incidents.routes]),
  };
}

function tellers(
  world: World,
  shared: Pick<
    Parameters<typeof createNotifications>[0],
    "clock" | "database" | "audit" | "outbox" | "now" | "requireRoom" | "translate" | "log"
  >,
): Promise<Notifications> {
  return createNotifications({
    ...shared,
    outbound: {
      send: async ({ body = "" }) => {
        const { receiver } = world;
        if (receiver === 200) world.taken.push(`${world.seconds()} ${String(body)}`);
        return { status: receiver, reason: "", body: "" };
      },
      connect: () => Promise.reject(new Error("not in this scene")),
    },
    server: (id) => world.servers?.get(id),
    sealing: createSealing(new Uint8Array(32)),
    ownsEverything: (userId) => world.ownersOfAll.has(userId),
    site: () => "",
    formatDateTime: String,
    groupCascades: [],
  });
}

function reachOf({ ownersOfAll }: World, servers: ServerDirectory) {
  return {
    server: (id: number) => servers.get(id)?.settings,
    isOwner: () => true,
    reachOf: (ownerId: number) =>
      servers
        .list()
        .filter(({ settings }) => ownersOfAll.has(ownerId) || settings.ownerId === ownerId)
        .map(({ id }) => id),
  };
}
