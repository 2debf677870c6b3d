import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServicesOverview } from "@windfire/api";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createHistory } from "#features/history";
import type { History } from "#features/history";
import { LiveServer } from "#features/servers";
import { stateWith } from "#features/servers/testing";
import type { HostState, ServerDirectory } from "#features/servers";
import { GUEST, refuse, ROLE } from "#kernel";
import type { Caller, User } from "#kernel";
import { DatabaseError, writeTime } from "#platform/database";
import { createAuditLog } from "#platform/audit";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createOutbox } from "#platform/outbox";
import { createScheduler } from "#platform/scheduler";
import { createServices } from "./index.ts";
import type { Services } from "./index.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 0, 10, 12);

const admin: User = { id: 1, username: "admin", role: ROLE.admin };
const alice: User = { id: 2, username: "alice", role: ROLE.member };
const bob: User = { id: 3, username: "bob", role: ROLE.member };
const session = (user: User): Caller => ({ kind: "session", user, sessionKey: "k", via: "cookie" });
const token = (user: User, scopes: readonly string[], ...serverIds: number[]): Caller => ({
  kind: "token",
  user,
  tokenId: 1,
  scopes,
  serverIds: new Set(serverIds),
});

/** Crons and groups: 10 is Alice's, 11 Bob's. */
const ownerOf = new Map([
  [10, alice.id],
  [11, bob.id],
]);

let isPlanned = false;
let clock: FakeClock;
let temporary: TemporaryDatabase;
let servers: Map<number, LiveServer>;
let room: Services;
let call: RouteCaller;
let historyFolder: string;
let samples: History;

/** Servers 1 and 2 are Alice's, 3 is Bob's; 2 is hidden from guests. */
function makeServers(): Map<number, LiveServer> {
  const make = (id: number, ownerId: number, hideForGuest: boolean, displayIndex: number): [number, LiveServer] => [
    id,
    new LiveServer({
      id,
      uuid: `u${id}`,
      ownerId,
      name: `s${id}`,
      note: "",
      publicNote: "",
      displayIndex,
      hideForGuest,
      enableDdns: false,
      ddnsProfiles: [],
      overrideDdnsDomains: {},
      tags: [],
      createdAt: "",
      updatedAt: "",
    }),
  ];
  return new Map([make(3, bob.id, false, 9), make(1, alice.id, false, 0), make(2, alice.id, true, 0)]);
}

const IDLE: HostState = stateWith({ cpu: 0 });

const form = (over: object = {}) => ({
  name: "n",
  type: 2,
  target: "192.0.2.1",
  duration: 60,
  cover: 1,
  skip_servers: { "1": true },
  ...over,
});

/** Tasks given to agents, and messages for groups. */
const sent: { serverId: number; id: number; type: number; data: string }[] = [];
/** What was booked of services' health, and whether people may be told. */
const booked: string[] = [];
let mayTell = true;
/** Thrown by the next bookings. */
const failures: Error[] = [];
const tellFailures: Error[] = [];
let onError: (error: unknown) => void;
const told: { groupId: number; text: string; severity?: string; ends?: boolean }[] = [];
const dropped: string[] = [];
const unmuted: string[] = [];

async function open(options: { history?: boolean } = {}): Promise<void> {
  await samples?.close();
  samples = createHistory({
    clock,
    log: { error: (text) => expect.unreachable(text) },
    directory: historyFolder,
    limits: { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 },
    enabled: options.history ?? false,
  });
  const directory: Pick<ServerDirectory, "get" | "list"> = { get: (id) => servers.get(id), list: () => [...servers.values()] };
  room = await createServices({
    database: temporary.database,
    clock,
    now: clock.now,
    location: "Asia/Shanghai",
    history: samples,
    servers: directory,
    reach: {
      server: (id) => servers.get(id)?.settings,
      isOwner: (ownerId) => ownerId < 90,
      reachOf: (ownerId) =>
        [...servers.values()].filter(({ settings }) => ownerId <= 1 || settings.ownerId === ownerId).map(({ id }) => id),
    },
    ownsEverything: (userId) => userId <= 1,
    requirePath: async () => undefined,
    requireRoom: (user, rows) => {
      if (user.role !== ROLE.admin && rows >= 5) throw refuse("too many rows: at most %d of one kind", 5);
    },
    crons: { get: (id) => (ownerOf.has(id) ? { ownerId: ownerOf.get(id) ?? 0 } : undefined) },
    notificationGroupOwner: async (id) => ownerOf.get(id),
    cycleTransferStats: () => ({}),
    cascades: [],
    scheduler: createScheduler({
      clock,
      location: "Asia/Shanghai",
      log: { warn: () => undefined, error: (text) => expect.unreachable(text) },
    }),
    agents: {
      dispatch: async (serverId, task) => {
        sent.push({ serverId, ...task });
        return "sent";
      },
      where: async () => "here",
    },
    pingCount: 2,
    notify: (groupId, { text, mute }) => void told.push({ groupId, text, ...(mute === undefined ? {} : { mute }) }),
    deliveries: {
      tell: async (_tx, _changes, groupId, notice) => {
        const failure = tellFailures.shift();
        if (failure) throw failure;
        told.push({ groupId, ...notice });
      },
      tellState: async (_tx, _changes, groupId, _subject, notice) => void told.push({ groupId, ...notice }),
      dropEvents: async (_tx, _changes, events, reason) => void dropped.push(...events.map((event) => `${event}: ${reason}`)),
    },
    isPlanned: () => isPlanned,
    bookHealth: async (_tx, _changes, service) => {
      const failure = failures.shift();
      if (failure) throw failure;
      booked.push(`${service.name} ${service.health} ${service.severity}: ${service.text}`);
      return { mayTell, incident: { id: 5, openedAt: clock.now() } };
    },
    audit: createAuditLog({ database: temporary.database, now: clock.now }),
    unmute: (_groupId, label) => void unmuted.push(label),
    trigger: () => Promise.resolve(),
    outbox: createOutbox({ clock, database: temporary.database, onError: (error) => onError(error) }),
    log: { warn: (text) => expect.unreachable(text) },
    translate: (id, ...args) => [id, ...args].join("|"),
    onError: (error) => onError(error),
  });
  call = createRouteCaller(room.routes);
}

async function create(user: User, over: object = {}): Promise<number> {
  const answer = await call(session(user), "POST /service", form(over));
  if ("error" in answer) throw new Error(answer.error);
  return answer.data as number;
}

/** A row of table `service_histories`; `server` 0: a window of the service as a whole. */
async function store(row: { service: number; server: number; at: number; delay: number; up?: number; down?: number }): Promise<void> {
  const time = writeTime(row.at);
  await temporary.database.kysely
    .insertInto("service_histories")
    .values({
      created_at: time,
      updated_at: time,
      service_id: row.service,
      server_id: row.server,
      avg_delay: row.delay,
      up: row.up ?? 0,
      down: row.down ?? 0,
      data: "",
    })
    .execute();
}

beforeEach(async () => {
  clock = createFakeClock(START);
  temporary = await openTemporaryDatabase({ clock });
  historyFolder = await mkdtemp(join(tmpdir(), "windfire-services-"));
  servers = makeServers();
  onError = (error) => expect.unreachable(String(error));
  await open();
});
afterEach(async () => {
  await samples.close();
  await temporary.remove();
  await rm(historyFolder, { recursive: true, force: true });
});

/** Spec 11 section 4.3, in the order of the checks. */
test.each<[string, object, string]>([
  ["type 0", { type: 0 }, "invalid service monitor type 0: allowed types are 1 (HTTP GET), 2 (ICMP ping), and 3 (TCP ping)"],
  [
    "a command as type",
    { type: 4, cover: 9 },
    "invalid service monitor type 4: allowed types are 1 (HTTP GET), 2 (ICMP ping), and 3 (TCP ping)",
  ],
  ["cover 2", { cover: 2 }, "permission denied"],
  ["another cover", { cover: 9 }, "cover: must be 0 or 1"],
  [
    "limits the wrong way round",
    { min_latency: 50.5, max_latency: 50 },
    "min_latency: must be at most the max_latency, 50, unless one of them is 0, which is none",
  ],
  ["an endless interval", { duration: 1e12 }, "duration: must be at most 9223372036"],
  ["except a foreign server", { cover: 0, skip_servers: { "3": true } }, "permission denied"],
  ["except an unknown server", { cover: 0, skip_servers: { "9": true } }, "server id 9 does not exist"],
  ["only a foreign server", { skip_servers: { "3": true } }, "permission denied"],
  ["only an unknown server", { skip_servers: { "9": true } }, "server id 9 does not exist"],
  ["a foreign trigger task", { fail_trigger_tasks: [11] }, "permission denied"],
  ["an unknown trigger task", { recover_trigger_tasks: [99] }, "task id 99 does not exist"],
  ["an unknown group", { notification_group_id: 99 }, "notification group id 99 does not exist"],
  ["a foreign group", { notification_group_id: 11 }, "permission denied"],
])("refused: %s", async (_label, over, error) => {
  expect(await call(session(alice), "POST /service", form(over))).toEqual({ error });
  expect(room.services.list()).toEqual([]);
});

test("GHSA-rxf6-wjh4-jfj6: a token that names trigger tasks needs the right to run them", async () => {
  const tasks = form({ fail_trigger_tasks: [10] });
  expect(await call(token(alice, ["nezha:service:*"]), "POST /service", tasks)).toEqual({ error: "permission denied" });
  expect(await call(token(alice, ["nezha:service:*", "nezha:cron:exec"]), "POST /service", tasks)).toEqual({ data: 1 });
  expect(await call(token(alice, ["nezha:service:*"]), "POST /service", form())).toEqual({ data: 2 });
});

test("what was sent comes back: trimmed, with defaults shown, false flags left out, floats short", async () => {
  await create(alice, {
    target: " host:443\n",
    duration: 0,
    max_latency: 33.333333,
    skip_servers: { "1": true, "3": false },
    hide_for_guest: true,
  });
  const answer = await call(session(alice), "GET /service/list");
  expect(answer).toMatchObject({
    data: [
      {
        id: 1,
        target: "host:443",
        duration: 30,
        min_latency: 0,
        max_latency: 33.333332,
        skip_servers: { "1": true, "3": false },
        hide_for_guest: true,
      },
    ],
  });
  expect(answer).toHaveProperty("data.0.fail_trigger_tasks", null);
  expect(answer).not.toHaveProperty("data.0.notify");
  const row = await temporary.database.kysely.selectFrom("services").selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ duration: 0, fail_trigger_tasks_raw: "null", user_id: alice.id });
});

test("lists are in display order and show what the caller may manage", async () => {
  const first = await create(alice, { name: "a" });
  const second = await create(alice, { name: "b", display_index: 7 });
  await create(bob, { name: "c", skip_servers: { "3": true } });
  const names = async (caller: Caller, query = "") =>
    ((await call(caller, `GET /service/list${query}`)) as { data: { name: string }[] }).data.map(({ name }) => name);
  expect(await names(session(alice))).toEqual(["b", "a"]);
  expect(await names(session(admin))).toEqual(["b", "a", "c"]);
  expect(await names(session(alice), `?id=${first},${second}`)).toEqual(["a", "b"]);
  expect(await names(token(alice, ["nezha:*"], 2))).toEqual([]);
});

test("an edit is checked against the row's owner and keeps what was collected", async () => {
  const id = await create(alice);
  room.statistics.count(id, { successful: true, delay: 5 });
  expect(await call(session(bob), `PATCH /service/${id}`, form({ skip_servers: {} }))).toEqual({ error: "permission denied" });
  expect(await call(session(alice), "PATCH /service/9", form())).toEqual({ error: "service id 9 does not exist" });
  expect(await call(session(alice), "PATCH /service/9", form({ type: 9 }))).toHaveProperty("error", expect.stringContaining("type 9"));
  expect(await call(session(admin), `PATCH /service/${id}`, form({ cover: 0, skip_servers: { "3": true } }))).toEqual({
    error: "permission denied",
  });
  expect(await call(session(admin), `PATCH /service/${id}`, { type: 3, target: "x:1" })).toEqual({ data: null });
  expect(room.services.get(id)).toMatchObject({ ownerId: alice.id, type: 3, name: "", skipServers: null });
  expect(room.statistics.of(id).days.at(-1)?.up).toBe(1);
});

test("a row of a type that is none is invisible, and only its owner deletes it", async () => {
  const id = await create(alice);
  await temporary.database.kysely.updateTable("services").set({ type: 4 }).execute();
  await open();
  expect(room.services.list()).toEqual([]);
  expect(room.coverage.reaches(id, 1)).toBe(false);
  expect(await call(session(bob), "POST /batch-delete/service", [id])).toEqual({ error: "permission denied" });
  expect(await call(session(alice), "POST /batch-delete/service", [id, 99])).toEqual({ data: null });
  expect(await temporary.database.kysely.selectFrom("services").selectAll().execute()).toEqual([]);
});

describe("GHSA-4g6j-g789-rghm: who probes and who may report", () => {
  test.each<[string, User, object, number[]]>([
    ["a member's service, all but none", alice, { cover: 0, skip_servers: {} }, [1, 2]],
    ["a member's service, all but one", alice, { cover: 0, skip_servers: { "1": true, "2": false } }, [2]],
    ["a member's service, only one", alice, { skip_servers: { "2": true, "1": false } }, [2]],
    ["an administrator's service, all but none", admin, { cover: 0, skip_servers: null }, [1, 2, 3]],
    ["nobody", alice, { skip_servers: {} }, []],
  ])("%s", async (_label, owner, over, expected) => {
    const id = await create(owner, over);
    expect(new Set(room.coverage.targets(id))).toEqual(new Set(expected));
    expect([1, 2, 3, 9].filter((serverId) => room.coverage.reaches(id, serverId))).toEqual(expected);
  });
});

test("a deleted service takes its figures with it, and today's windows: the reference would not start with them", async () => {
  const id = await create(alice);
  const other = await create(alice);
  for (const service of [id, other]) await store({ service, server: 0, at: START - HOUR_MS, delay: 1, up: 1 });
  await store({ service: id, server: 0, at: START - 20 * DAY_MS, delay: 1, up: 1 });
  await call(session(alice), "POST /batch-delete/service", [id]);
  const rows = await temporary.database.kysely.selectFrom("service_histories").select(["service_id", "created_at"]).orderBy("id").execute();
  expect(rows.map((row) => row.service_id)).toEqual([other, id]);
  await open();
  expect(room.statistics.of(id).days.every((day) => day.up === 0)).toBe(true);
});

test("GET /service/server names covered servers that the caller may see", async () => {
  expect(await call(GUEST, "GET /service/server")).toEqual({ data: [] });
  await create(alice, { cover: 0, skip_servers: {} });
  expect(await call(GUEST, "GET /service/server")).toEqual({ data: [1, 3] });
  expect(await call(session(alice), "GET /service/server")).toEqual({ data: [1, 2, 3] });
  expect(await call(session(bob), "GET /service/server")).toEqual({ data: [1, 3] });
});

describe("the overview", () => {
  const overview = async (caller: Caller): Promise<ServicesOverview> =>
    ((await call(caller, "GET /service")) as { data: ServicesOverview }).data;

  test("is an empty object without services", async () => {
    expect(await overview(GUEST)).toEqual({});
  });

  test("shows hidden services to those who may manage them", async () => {
    const id = await create(alice, { hide_for_guest: true });
    expect(await overview(GUEST)).toEqual({});
    expect(await overview(session(bob))).toEqual({});
    expect(Object.keys((await overview(session(alice))).services ?? {})).toEqual([String(id)]);
    expect(await overview(token(alice, ["nezha:*"], 2))).toEqual({});
  });

  test("rebuilds thirty days from the stored windows, in the dashboard's zone", async () => {
    const id = await create(alice);
    const midnight = Date.UTC(2026, 0, 9, 16);
    await store({ service: id, server: 0, at: midnight, delay: 10, up: 9, down: 1 });
    await store({ service: id, server: 0, at: midnight + HOUR_MS, delay: 30, up: 1, down: 0 });
    await store({ service: id, server: 0, at: midnight - 1, delay: 7, up: 2, down: 3 });
    await store({ service: id, server: 0, at: midnight - 29 * DAY_MS, delay: 5, up: 4, down: 0 });
    await store({ service: id, server: 0, at: midnight - 29 * DAY_MS - 1, delay: 5, up: 100, down: 0 });
    await store({ service: id, server: 1, at: midnight, delay: 99, up: 100, down: 0 });
    await store({ service: 99, server: 0, at: midnight, delay: 99, up: 100, down: 0 });
    await temporary.database.kysely
      .updateTable("service_histories")
      .set({ created_at: "2026-01-09T15:59:59Z" })
      .where("up", "=", 2)
      .execute();
    await open();
    room.statistics.setCurrent(id, { up: 3, down: 2 });
    const shown = (await overview(GUEST)).services?.[id];
    expect(shown).toMatchObject({ service_name: "n", current_up: 3, current_down: 2, total_up: 16, total_down: 4 });
    expect([shown?.up.length, shown?.up[0], shown?.up[28], shown?.up[29]]).toEqual([30, 4, 2, 10]);
    expect([shown?.down[28], shown?.down[29], shown?.delay[28], shown?.delay[29]]).toEqual([3, 1, 7, 20]);
    expect(Object.keys((await overview(GUEST)).services ?? {})).toEqual([String(id)]);
  });
});

describe("histories without the history store", () => {
  test("a point for each row, by server; HTTP services and hidden servers have none", async () => {
    const id = await create(alice, { cover: 0, skip_servers: {} });
    const at = START - HOUR_MS + 500;
    await store({ service: id, server: 2, at, delay: 8 });
    await store({ service: id, server: 1, at, delay: 10 });
    await store({ service: id, server: 1, at: at + 4000, delay: 20 });
    await store({ service: id, server: 1, at: START - 2 * DAY_MS, delay: 60 });
    await store({ service: id, server: 9, at, delay: 1 });
    const stats = { up_percent: 0, total_up: 0, total_down: 0 };
    const ts = START - HOUR_MS;
    const points = [
      { ts, delay: 10, status: 1 },
      { ts: ts + 4000, delay: 20, status: 1 },
    ];
    const first = { server_id: 1, server_name: "s1", stats: { ...stats, avg_delay: 15, data_points: points } };
    expect(await call(GUEST, `GET /service/${id}/history`)).toEqual({ data: { service_id: id, service_name: "n", servers: [first] } });
    const week = await call(session(alice), `GET /service/${id}/history?period=7d`);
    expect(week).toMatchObject({
      data: {
        servers: [
          { server_id: 1, stats: { avg_delay: 30 } },
          { server_id: 2, stats: { avg_delay: 8 } },
        ],
      },
    });
  });

  test("what its servers saw between two moments, put together by half minutes", async () => {
    const id = await create(alice, { cover: 0, skip_servers: {} });
    await store({ service: id, server: 1, at: START, delay: 10, up: 2, down: 0 });
    await store({ service: id, server: 2, at: START + 20_000, delay: 40, up: 1, down: 1 });
    await store({ service: id, server: 1, at: START + 30_000, delay: 0, up: 0, down: 2 });
    await store({ service: id, server: 9, at: START, delay: 500, up: 2, down: 0 });
    await store({ service: id, server: 1, at: START + 90_000, delay: 1, up: 2, down: 0 });
    const { starts, delays, losses } = await room.series(id, START, START + 60_000);
    expect([[...starts], [...delays], [...losses]]).toEqual([
      [START, START + 30_000],
      [25, Number.NaN],
      [0.25, 1],
    ]);
  });

  test("rows that count failures are failures, and do not drag the delay down", async () => {
    const id = await create(alice);
    await store({ service: id, server: 1, at: START - 60_000, delay: 0, up: 0, down: 2 });
    await store({ service: id, server: 1, at: START - 30_000, delay: 12.5, up: 1, down: 1 });
    const stats = { avg_delay: 12.5, up_percent: 25, total_up: 1, total_down: 3 };
    expect(await call(GUEST, `GET /service/${id}/history`)).toMatchObject({
      data: {
        servers: [
          {
            stats: {
              ...stats,
              data_points: [
                { delay: 0, status: 0 },
                { delay: 12.5, status: 1 },
              ],
            },
          },
        ],
      },
    });
  });

  test("a server's services: times cut to the minute, in display order, null when there are none", async () => {
    const id = await create(alice);
    const above = await create(alice, { name: "above", display_index: 1, hide_for_guest: true });
    const uncovered = await create(alice, { skip_servers: { "2": true } });
    expect(await call(GUEST, "GET /server/1/service")).toEqual({ data: null });
    for (const service of [id, above, uncovered]) await store({ service, server: 1, at: START - 30_000, delay: 3 });
    const points = { created_at: [START - 60_000], avg_delay: [3], server_id: 1, server_name: "s1" };
    const own = { monitor_id: id, monitor_name: "n", display_index: 0, ...points };
    expect(await call(GUEST, "GET /server/1/service")).toEqual({ data: [own] });
    expect(await call(session(alice), "GET /server/1/service?period=30d")).toEqual({
      data: [{ ...own, monitor_id: above, monitor_name: "above", display_index: 1 }, own],
    });
  });

  test("very many rows are put together", async () => {
    const id = await create(alice);
    await temporary.database.transaction(async (tx) => {
      const rows = Array.from({ length: 20_001 }, (_, index) => ({ at: START - 1000 - index * 4000, delay: index % 2 === 0 ? 10 : 20 }));
      for (let from = 0; from < rows.length; from += 500) {
        const values = rows.slice(from, from + 500).map(({ at, delay }) => ({
          created_at: writeTime(at),
          updated_at: writeTime(at),
          service_id: id,
          server_id: 1,
          avg_delay: delay,
          up: 1,
          down: 0,
          data: "",
        }));
        await tx.insertInto("service_histories").values(values).execute();
      }
    });
    const answer = await call(GUEST, `GET /service/${id}/history`);
    const [server] = (answer as { data: { servers: { stats: { total_up: number; data_points: { ts: number; delay: number }[] } }[] } }).data
      .servers;
    expect(server?.stats.total_up).toBe(20_001);
    expect(server?.stats.data_points.length).toBeLessThan(2_700);
    expect(server?.stats.data_points.every(({ ts, delay }) => ts % 30_000 === 0 && delay >= 10 && delay <= 20)).toBe(true);
  });
});

describe("options of ours", () => {
  afterEach(() => stopped(room));
  const answer = (id: number, server: number, successful: boolean, over: object = {}): void =>
    room.onResult(server, { id, type: 2, delay: successful ? 5 : 0, data: "", successful, ...over });
  const stateOf = async (id: number): Promise<unknown> => {
    const listed = await call(session(admin), `GET /service/list?id=${id}`);
    return "data" in listed ? (listed.data as { state?: string }[])[0]?.state : listed;
  };
  const everywhere = { cover: 0, skip_servers: {}, notify: true, notification_group_id: 10, duration: 30 };

  test("are shown, stay when a form does not name them, and go with null", async () => {
    const id = await create(admin, { quorum: { percent: 50 }, retries: 2 });
    const shown = async () => call(session(admin), "GET /service/list");
    expect(await shown()).toMatchObject({ data: [{ quorum: { percent: 50 }, retries: 2 }] });
    await call(session(admin), `PATCH /service/${id}`, form({ name: "x" }));
    expect(await shown()).toMatchObject({ data: [{ name: "x", quorum: { percent: 50 }, retries: 2 }] });
    await call(session(admin), `PATCH /service/${id}`, form({ quorum: null, retries: 0 }));
    expect(await shown()).toMatchObject({ data: [{ quorum: null, retries: 0 }] });
    await expect(call(session(admin), `PATCH /service/${id}`, form({ quorum: { count: 1, percent: 2 } }))).resolves.toHaveProperty("error");
  });

  test("down when so many agree; one that fails alone is no news", async () => {
    const id = await create(admin, { ...everywhere, quorum: { count: 2 } });
    for (const server of [1, 2, 3]) answer(id, server, true);
    clock.advance(60_000);
    for (const server of [1, 2, 3]) answer(id, server, server !== 1);
    expect(await stateOf(id)).toBe("good");
    answer(id, 2, false);
    expect(await stateOf(id)).toBe("down");
    answer(id, 1, true);
    expect(await stateOf(id)).toBe("good");
  });

  test("a restart in the middle of an outage neither heals nor repeats it", async () => {
    const id = await create(admin, { ...everywhere, quorum: { percent: 50 } });
    for (const server of [1, 2, 3]) answer(id, server, false);
    expect(await stateOf(id)).toBe("down");
    await stopped(room);
    await open();
    answer(id, 3, true);
    expect(await stateOf(id)).toBe("down");
    clock.advance(60_000);
    for (const server of [1, 2, 3]) answer(id, server, true);
    expect(await stateOf(id)).toBe("good");
  });

  test("so many failures in a row are let pass, and the server is asked again soon", async () => {
    const id = await create(admin, { ...everywhere, cover: 1, skip_servers: { "1": true }, retries: 2 });
    room.start();
    await room.judged.start();
    answer(id, 1, true);
    sent.length = 0;
    answer(id, 1, false);
    clock.advance(10_000);
    expect(sent).toMatchObject([{ serverId: 1, id }]);
    answer(id, 1, false);
    expect(await stateOf(id)).toBe("good");
    answer(id, 1, false);
    expect(await stateOf(id)).toBe("down");
    const overview = await call(session(admin), "GET /service");
    expect(overview).toMatchObject({ data: { services: { [id]: { state: "down", current_up: 1, current_down: 1 } } } });
  });

  test("the days that a certificate is good are a value", async () => {
    const id = await create(admin, { ...everywhere, type: 1, target: "https://example.com" });
    const expires = new Date(clock.now() + 40.5 * 86_400_000).toISOString().slice(0, 19).replace("T", " ");
    answer(id, 1, true, { type: 1, data: `CA|${expires} +0000 UTC` });
    expect(await call(session(admin), "GET /service/list")).toMatchObject({ data: [{ certificate: { issuer: "CA", days_left: 40 } }] });
    expect(await call(GUEST, "GET /service")).toMatchObject({ data: { services: { [id]: { certificate_days_left: 40 } } } });
  });
});

describe("histories of the history store", () => {
  beforeEach(() => open({ history: true }));

  test("node by node, in the order of the servers, also before the first result", async () => {
    const id = await create(admin, { cover: 0, skip_servers: {} });
    for (const [ago, delay, up] of [
      [61_000, 10, true],
      [31_000, 0, false],
      [1_000, 20, true],
    ] as const)
      samples.recordProbe(id, 1, START - ago, delay, up);
    servers.get(1)?.applyState(servers.get(1)?.openStream() ?? 0, IDLE, START);
    const nodes = await call(GUEST, `GET /service/${id}/server`);
    expect(nodes).toMatchObject({
      data: [
        { id: 3, name: "s3", server_id: 3, server_name: "s3", online: false, up: 0, down: 0, up_percent: 0, avg_delay: 0 },
        { id: 1, online: true, up: 2, down: 1, up_percent: 66.67, avg_delay: 15, last_delay: 20, last_status: 1 },
      ],
    });
    expect(nodes).not.toHaveProperty("data.0.last_checked_at");
    expect(nodes).toHaveProperty("data.1.last_checked_at");
    expect(await call(session(alice), `GET /service/${id}/server`)).toMatchObject({ data: [{ id: 3 }, { id: 1 }, { id: 2 }] });
  });

  test("loss, jitter and percentiles of results that agents sent; a failed one has no delay", async () => {
    const id = await create(admin, { cover: 0, skip_servers: {}, type: 1, target: "https://example.com" });
    for (const [delay, successful] of [
      [10, true],
      [25, true],
      [0, false],
      [20, true],
    ] as const) {
      room.onResult(1, { id, type: 1, delay, data: "", successful });
      await samples.flush();
      clock.advance(30_000);
    }
    expect(await call(GUEST, `GET /service/${id}/server`)).toMatchObject({
      data: [{ id: 3 }, { id: 1, up: 3, down: 1, loss: 25, jitter: 10, p50_delay: 20, p95_delay: 25 }],
    });
    const detail = await call(GUEST, `GET /service/${id}/history?detail=true`);
    expect(detail).toMatchObject({
      data: {
        servers: [
          {
            stats: {
              loss: 25,
              jitter: 10,
              points: [
                { loss: 0, delay: 10 },
                { delay: 25, jitter: 15 },
                { status: 0, loss: 100 },
                { delay: 20, jitter: 5 },
              ],
            },
          },
        ],
      },
    });
    expect(detail).not.toHaveProperty("data.servers.0.stats.points.2.delay");
    expect(detail).not.toHaveProperty("data.servers.0.stats.data_points");
  });

  test("the detail goes back for years, for people alone; the compatible answer for 30 days", async () => {
    const id = await create(admin, { cover: 0, skip_servers: {} });
    samples.recordProbe(id, 1, START - 40_000, 10, true, { loss: 0, jitter: undefined });
    samples.recordProbe(id, 1, START - 1000, 30, true, { loss: 0.5, jitter: 20 });
    for (const period of ["90d", "1y", "10y"]) {
      expect(await call(session(alice), `GET /service/${id}/history?detail=true&period=${period}`)).toMatchObject({
        data: { servers: [{ stats: { loss: 25, jitter: 20, p95_delay: 30, points: [{ loss: 25, jitter: 20, p95: 30, delay: 20 }] } }] },
      });
      expect(await call(GUEST, `GET /service/${id}/history?detail=true&period=${period}`)).toEqual({
        error: "unauthorized: only 1d data available for guests",
      });
      expect(await call(session(alice), `GET /service/${id}/history?period=${period}`)).toEqual({
        error: `invalid period: ${period}, expected 1d, 7d, or 30d`,
      });
    }
    expect(await call(session(alice), `GET /service/${id}/history?detail=true&period=2y`)).toEqual({
      error: "invalid period: 2y, expected 1d, 7d, 30d, 90d, 1y, or 10y",
    });
  });

  test("a service and a server, as they are seen", async () => {
    const id = await create(alice, { cover: 0, skip_servers: {} });
    samples.recordProbe(id, 1, START - 1000, 12.5, true);
    samples.recordProbe(id, 2, START - 1000, 1, true);
    const points = [{ ts: START - 30_000, delay: 12.5, status: 1 }];
    expect(await call(GUEST, `GET /service/${id}/history?period=1d`)).toEqual({
      data: {
        service_id: id,
        service_name: "n",
        servers: [
          { server_id: 1, server_name: "s1", stats: { avg_delay: 12.5, up_percent: 100, total_up: 1, total_down: 0, data_points: points } },
        ],
      },
    });
    expect(await call(GUEST, "GET /server/1/service")).toMatchObject({
      data: [{ monitor_id: id, created_at: [START - 30_000], avg_delay: [12.5] }],
    });
    expect(await call(GUEST, "GET /server/3/service")).toEqual({ data: null });
  });
});

test("GHSA-vrmh-5mmx-hjwx: hidden and missing answer alike", async () => {
  const hidden = await create(alice, { hide_for_guest: true });
  for (const path of ["history", "server"]) {
    const missing = await call(GUEST, `GET /service/99/${path}`);
    expect(missing).toEqual({ error: "service not found" });
    for (const caller of [GUEST, session(bob), token(alice, ["nezha:*"], 2)])
      expect(await call(caller, `GET /service/${hidden}/${path}`)).toEqual(missing);
  }
  expect(await call(GUEST, "GET /server/99/service")).toEqual({ error: "server not found" });
  expect(await call(GUEST, "GET /server/2/service")).toEqual({ error: "server not found" });
  expect(await call(GUEST, "GET /server/99/service?period=x")).toEqual({ error: "server not found" });
});

test("periods are looked at after the row; guests see one day", async () => {
  const id = await create(alice);
  for (const path of [`/service/${id}/history`, "/server/1/service"]) {
    expect(await call(GUEST, `GET ${path}?period=2d`)).toEqual({ error: "invalid period: 2d, expected 1d, 7d, or 30d" });
    expect(await call(GUEST, `GET ${path}?period=7d`)).toEqual({ error: "unauthorized: only 1d data available for guests" });
    expect(await call(session(bob), `GET ${path}?period=7d`)).toHaveProperty("data");
  }
});

test("what a service refers to disappears from it, in memory and in the file", async () => {
  const id = await create(alice, {
    skip_servers: { "1": true, "2": true },
    notification_group_id: 10,
    fail_trigger_tasks: [10],
    recover_trigger_tasks: [10],
  });
  const untouched = await create(alice);
  const before = room.services.get(untouched);
  await temporary.database.change(async (tx, changes) => {
    await room.cascades.servers(tx, [2], changes);
    await room.cascades.crons(tx, [10], changes);
    await room.cascades.notificationGroups(tx, [10], changes);
  });
  const expected = { skipServers: { "1": true }, notificationGroupId: 0, failTriggerTasks: [], recoverTriggerTasks: [] };
  expect(room.services.get(id)).toMatchObject(expected);
  expect(room.services.get(untouched)).toBe(before);
  await open();
  expect(room.services.get(id)).toMatchObject(expected);
});

test("services of an administrator who is none any more tell no group of others, nor what waits", async () => {
  const time = "2025-01-01 00:00:00+00:00";
  const group = { created_at: time, updated_at: time, name: "g" };
  await temporary.database.kysely
    .insertInto("notification_groups")
    .values([
      { ...group, id: 10, user_id: alice.id },
      { ...group, id: 11, user_id: admin.id },
    ])
    .execute();
  const [lost, own] = [await create(admin, { notification_group_id: 10 }), await create(admin)];
  await temporary.database.kysely.updateTable("services").set({ notification_group_id: 11 }).where("id", "=", own).execute();
  const others = await create(alice, { notification_group_id: 10 });
  await open();
  dropped.length = 0;
  await temporary.database.change((tx, changes) => room.cascades.demotedUsers(tx, [admin.id], changes));
  const groupsOf = (): unknown[] => [lost, own, others].map((id) => room.services.get(id)?.notificationGroupId);
  expect(groupsOf()).toEqual([0, 11, 10]);
  expect(dropped).toEqual([`service ${lost}: its owner may not tell the group any more`]);
  await open();
  expect(groupsOf()).toEqual([0, 11, 10]);
});

test("a deletion that is rolled back changes nothing", async () => {
  const id = await create(alice);
  const failing = temporary.database.change(async (tx, changes) => {
    await room.cascades.servers(tx, [1], changes);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(room.services.get(id)?.skipServers).toEqual({ "1": true });
  await open();
  expect(room.services.get(id)?.skipServers).toEqual({ "1": true });
});

test("a deleted user's services go", async () => {
  await create(alice);
  const stays = await create(bob, { skip_servers: { "3": true } });
  await temporary.database.change((tx, changes) => room.cascades.users(tx, [alice.id], changes));
  expect(room.services.list().map((service) => service.id)).toEqual([stays]);
});

describe("today's counters", () => {
  const report = (id: number, successful: boolean, delay = 10) =>
    room.onResult(1, { id, type: 2, delay: successful ? delay : 0, data: "", successful });
  const today = (id: number) => room.statistics.of(id).days.at(-1);

  test.each([{ history: true }, { history: false }])("survive an orderly restart: %j", async (options) => {
    await open(options);
    const id = await create(admin);
    for (const delay of [10, 20, 60]) report(id, true, delay);
    report(id, false);
    await stopped(room);
    await open(options);
    expect(today(id)).toEqual({ up: 3, down: 1, delay: 30 });
    report(id, true, 30);
    expect(today(id)).toEqual({ up: 4, down: 1, delay: 30 });
    await stopped(room);
  });

  test("are stored every five seconds, those of half hours every half minute, so that a crash costs no more", async () => {
    const { kysely } = temporary.database;
    const id = await create(admin);
    report(id, true);
    await clock.advanceAsync(5_000);
    await expect
      .poll(() => kysely.selectFrom("wf_service_days").selectAll().execute())
      .toMatchObject([{ service_id: id, up: 1, delay: 10 }]);
    expect(await kysely.selectFrom("wf_service_halves").selectAll().execute()).toEqual([]);
    await clock.advanceAsync(25_000);
    await expect.poll(() => kysely.selectFrom("wf_service_halves").selectAll().execute()).toHaveLength(1);
  });

  test("of yesterday are stored although it is today, and those that nobody is shown any more go", async () => {
    const id = await create(admin);
    report(id, true);
    clock.jump(DAY_MS);
    report(id, false);
    await stopped(room);
    await open();
    expect(room.statistics.of(id).days.slice(-2)).toEqual([
      { up: 1, down: 0, delay: 10 },
      { up: 0, down: 1, delay: 0 },
    ]);
    clock.jump(99 * DAY_MS);
    await stopped(room);
    expect(await temporary.database.kysely.selectFrom("wf_service_days").select("up").execute()).toEqual([{ up: 0 }]);
  });

  test("give way to stored windows that know more: the reference ran meanwhile", async () => {
    const id = await create(admin);
    report(id, true);
    await store({ service: id, server: 0, at: START, delay: 5, up: 30 });
    await stopped(room);
    await open();
    expect(today(id)).toEqual({ up: 30, down: 0, delay: 5 });
  });

  test("go with their service, also those that are on their way", async () => {
    const id = await create(admin);
    report(id, true);
    await clock.advanceAsync(30_000);
    report(id, true);
    await call(session(admin), "POST /batch-delete/service", [id]);
    await stopped(room);
    expect(await temporary.database.kysely.selectFrom("wf_service_days").selectAll().execute()).toEqual([]);
  });
});

describe("probing", () => {
  const report = (serverId: number, id: number, over: object = {}) =>
    room.onResult(serverId, { id, type: 2, delay: 12.5, data: "", successful: true, ...over });

  test("each service is sent at its interval to the servers it covers, and no more once it is gone", async () => {
    const id = await create(admin);
    sent.length = 0;
    room.start();
    await room.judged.start();
    await clock.advanceAsync(60_000);
    expect(sent).toEqual([{ serverId: 1, id, type: 2, data: "192.0.2.1" }]);
    await call(session(admin), "POST /batch-delete/service", [id]);
    await clock.advanceAsync(120_000);
    expect(sent).toHaveLength(1);
    await stopped(room);
  });

  test("two pings make one point of their mean; the day's counters count each", async () => {
    const id = await create(admin);
    report(1, id);
    report(1, id, { delay: 13.5 });
    await stopped(room);
    clock.advance(1_000);
    const history = await call(session(admin), `GET /service/${id}/history`);
    expect(JSON.stringify(history)).toContain('"delay":13');
    const overview = await call(session(admin), "GET /service");
    expect(JSON.stringify(overview)).toContain('"total_up":2');
  });

  test("what comes during planned work counts for nobody: not here, not on pages, not in reports", async () => {
    const id = await create(admin);
    report(1, id);
    isPlanned = true;
    report(1, id, { successful: false });
    isPlanned = false;
    const overview = (await call(session(admin), "GET /service")) as { data: { services: Record<number, object> } };
    expect(overview.data.services[id]).toMatchObject({ total_up: 1, total_down: 0, delay: expect.any(Array) as unknown });
    await stopped(room);
    expect(await room.results([id], { from: clock.now() - DAY_MS, to: clock.now() + DAY_MS })).toMatchObject(
      new Map([[id, { up: 1, down: 0, plannedDown: 1 }]]),
    );
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 3.4e38, 3_600_001])("a delay of %d is none", async (delay) => {
    const id = await create(admin);
    report(1, id, { delay });
    expect(room.statistics.of(id).days.at(-1)).toEqual({ up: 1, down: 0, delay: 0 });
    report(1, id, { delay: 20 });
    expect(room.statistics.of(id).days.at(-1)).toEqual({ up: 2, down: 0, delay: 10 });
  });

  test("GHSA-4g6j-g789-rghm: a server that does not probe the service cannot report on it", async () => {
    const id = await create(admin);
    report(2, id);
    report(1, id, { type: 3 });
    report(1, id + 1);
    expect(JSON.stringify(await call(session(admin), "GET /service"))).toContain('"total_up":0');
  });

  test("a delete during traffic leaves nothing behind: GHSA-jx78-55p5-rwv5", async () => {
    const id = await create(admin);
    report(1, id);
    const deleted = call(session(admin), "POST /batch-delete/service", [id]);
    report(1, id);
    await deleted;
    expect(() => report(1, id)).not.toThrow();
    expect(JSON.stringify(await call(session(admin), "GET /service"))).not.toContain(`"${id}"`);
  });

  test("an agent that floods results moves no figures: past a spare, one for each probe it was given", async () => {
    const id = await create(admin, { type: 2 });
    const other = await create(admin, { type: 2, skip_servers: { "2": true } });
    for (let count = 0; count < 1_000; count++) report(1, id);
    report(2, other);
    const upOf = (service: number) => room.statistics.of(service).days.at(-1)?.up ?? 0;
    expect([upOf(id), upOf(other)]).toEqual([240, 1]);
    room.start();
    await room.judged.start();
    await clock.advanceAsync(180_000);
    for (let count = 0; count < 1_000; count++) report(1, id);
    expect(upOf(id)).toBe(243);
    await stopped(room);
  });

  test("a service that goes down is told to its group", async () => {
    ownerOf.set(900, admin.id);
    const id = await create(admin, { notify: true, notification_group_id: 900 });
    told.length = 0;
    report(1, id, { successful: false, delay: 0, data: "no route" });
    await vi.waitFor(() => expect(told).toMatchObject([{ groupId: 900, text: "[%s] %s Reporter: %s, Error: %s|Down|n|s1|no route" }]));
  });

  test("a change of state outlives a database that fails, and one that waits does not hold up a stop", async () => {
    ownerOf.set(900, admin.id);
    const id = await create(admin, { notify: true, notification_group_id: 900 });
    const down = (): void => report(1, id, { successful: false, delay: 0, data: "no route" });
    const stored = async (): Promise<unknown> => (await temporary.database.kysely.selectFrom("wf_service_states").selectAll().execute())[0];
    const errors: unknown[] = [];
    onError = (error) => void errors.push(error);
    told.length = 0;
    failures.push(new DatabaseError("full", "no space"), new DatabaseError("io", "no disk"));
    report(1, id);
    await vi.waitFor(() => expect(errors).toHaveLength(1));
    await clock.advanceAsync(500);
    await vi.waitFor(() => expect(errors).toHaveLength(2));
    await clock.advanceAsync(1_000);
    await vi.waitFor(async () => expect(await stored()).toBeDefined());
    const before = await stored();
    failures.push(...Array.from({ length: 9 }, () => new DatabaseError("full", "no space")));
    down();
    await vi.waitFor(() => expect(errors).toHaveLength(3));
    await stopped(room);
    expect(await stored()).toEqual(before);
    failures.length = 0;
    await open();
    down();
    await vi.waitFor(() => expect(told).toMatchObject([{ groupId: 900, severity: "critical" }]));
    expect(errors).toHaveLength(3);
  });

  test("that a certificate changed is told once, also by a database that fails at first", async () => {
    ownerOf.set(900, admin.id);
    const id = await create(admin, { type: 1, target: "https://h/", notify: true, notification_group_id: 900 });
    const seen = (issuer: string): void => report(1, id, { type: 1, data: `${issuer}|2027-03-01 12:00:00 +0000 UTC` });
    seen("A");
    const errors: unknown[] = [];
    onError = (error) => void errors.push(error);
    told.length = 0;
    tellFailures.push(new DatabaseError("full", "no space"));
    seen("B");
    await vi.waitFor(() => expect(errors).toHaveLength(1));
    expect(told).toEqual([]);
    await clock.advanceAsync(500);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(told[0]?.text).toContain("TLS certificate changed");
    seen("B");
    await stopped(room);
    await open();
    seen("B");
    await stopped(room);
    expect(told).toHaveLength(1);
  });

  test("what is held is booked and not told", async () => {
    ownerOf.set(900, admin.id);
    const id = await create(admin, { notify: true, notification_group_id: 900 });
    told.length = 0;
    booked.length = 0;
    mayTell = false;
    report(1, id, { successful: false, delay: 0, data: "no route" });
    await vi.waitFor(() => expect(booked).toContain("n failing critical: [%s] %s Reporter: %s, Error: %s|Down|n|s1|no route"));
    mayTell = true;
    expect(told).toEqual([]);
    // Once nothing holds it any more, as it is then, and under the label of its repetitions.
    const { database } = temporary;
    await database.change((tx, changes) => room.tellHeld(tx, changes, id, { text: "it is down", incident: { id: 5, openedAt: 7 } }));
    expect(told).toMatchObject([
      {
        groupId: 900,
        text: "it is down",
        severity: "critical",
        mute: `bf::ssc-${id}:4:1`,
        incident: 5,
        facts: { subject: "n", since: 7, path: "/dashboard/incident/5" },
      },
    ]);
    await database.change((tx, changes) => room.tellHeld(tx, changes, 77, { text: "nobody", incident: { id: 5, openedAt: 7 } }));
    expect(told).toHaveLength(1);
  });

  test("a restart knows what a service was and what its window held: nothing is told again, and the recovery is", async () => {
    ownerOf.set(900, admin.id);
    const id = await create(admin, { notify: true, notification_group_id: 900 });
    told.length = 0;
    for (let index = 0; index < 10; index++) {
      report(1, id, { successful: false, delay: 0, data: "no route" });
      clock.advance(30_000);
    }
    await vi.waitFor(() => expect(told.length).toBeGreaterThan(0));
    const [first] = told;
    await stopped(room);
    told.length = 0;
    await open();
    report(1, id, { successful: true, delay: 1, data: "" });
    // Handed over once more under the same label, which is muted: it is the same outage.
    await vi.waitFor(() => expect(told).toEqual([{ ...first, text: expect.stringContaining("|Down|") as string }]));
    for (let index = 0; index < 40; index++) {
      report(1, id, { successful: true, delay: 1, data: "" });
      clock.advance(30_000);
    }
    await vi.waitFor(() => expect(told.at(-1)?.text).toContain("|Good|"));
    expect(first).toMatchObject({ severity: "critical", ends: false });
    expect(told.at(-1)).toMatchObject({ severity: "info", ends: true });
  });

  test("a server within the limits takes back what is muted only when no other is outside of them, or was lately", async () => {
    ownerOf.set(900, admin.id);
    const id = await create(admin, {
      latency_notify: true,
      max_latency: 100,
      min_latency: 5,
      notification_group_id: 900,
      cover: 0,
      skip_servers: {},
      duration: 30,
    });
    unmuted.length = 0;
    const measure = (serverId: number, delay: number): readonly string[] => {
      unmuted.length = 0;
      report(serverId, id, { successful: true, delay, data: "" });
      return [...unmuted];
    };
    const [above, below] = [`bf::sln-${id}`, `bf::slm-${id}`];
    expect(measure(1, 50)).toEqual([above, below]);
    measure(2, 150);
    expect(measure(1, 50)).toEqual([below]);
    expect(measure(2, 50)).toEqual([above, below]);
    measure(2, 3);
    expect(measure(1, 50)).toEqual([above]);
    await clock.advanceAsync(91_000);
    expect(measure(1, 50)).toEqual([above, below]);
  });

  test("what waits of a service is not told once it was saved or is gone", async () => {
    const id = await create(admin);
    dropped.length = 0;
    await call(session(admin), `PATCH /service/${id}`, form());
    await call(session(admin), "POST /batch-delete/service", [id]);
    expect(dropped).toEqual([`service ${id}: the service was saved`, `service ${id}: the service is gone`]);
  });

  test("of what an agent says about a probe no more is kept than fits a message", async () => {
    ownerOf.set(900, admin.id);
    const id = await create(admin, { notify: true, notification_group_id: 900 });
    told.length = 0;
    report(1, id, { successful: false, delay: 0, data: "x".repeat(4_000_000) });
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(JSON.stringify(told).length).toBeLessThan(2_000);
  });
});

async function stopped(one: Services): Promise<void> {
  await one.stop();
  await one.judged.stop();
}
