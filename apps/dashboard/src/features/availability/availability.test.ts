import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createServerDirectory } from "#features/servers";
import type { WritableDirectory } from "#features/servers";
import { stateWith, testSettings } from "#features/servers/testing";
import type { Caller } from "#kernel";
import { ROLE } from "#kernel";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createScheduler } from "#platform/scheduler";
import type { Scheduler } from "#platform/scheduler";
import { createAvailability } from "./index.ts";
import type { Availability } from "./index.ts";

const ALICE: Caller = { kind: "session", user: { id: 2, username: "alice", role: ROLE.member }, sessionKey: "k", via: "cookie" };
const GUEST: Caller = { kind: "guest" };
const DAY_MS = 86_400_000;

let clock: FakeClock;
let temporary: TemporaryDatabase;
let servers: WritableDirectory;
let room: Availability;
let call: RouteCaller;
let scheduler: Scheduler | undefined;
/** The other processes are heard. */
let hearsAll: boolean;

const calendar = { dayOf: (at: number) => Math.floor(at / DAY_MS), startOf: (day: number) => day * DAY_MS };

/** A process starts; an earlier one does nothing any more. Servers 1 and 2 are alice's; guests see 1 alone. */
let planned: ReadonlyMap<number, { from: number; to: number }[]> = new Map();

async function start(): Promise<void> {
  const { database } = temporary;
  servers = createServerDirectory([
    { ...testSettings, id: 1, uuid: "u1", ownerId: 2, hideForGuest: false },
    { ...testSettings, id: 2, uuid: "u2", ownerId: 2, hideForGuest: true },
  ]);
  await scheduler?.stop();
  scheduler = createScheduler({ clock, location: "UTC", log: { warn: () => undefined, error: (text) => expect.unreachable(text) } });
  room = await createAvailability({
    clock,
    database,
    scheduler,
    servers,
    calendar,
    hearsAll: () => hearsAll,
    planned: async () => planned,
  });
  call = createRouteCaller(room.routes);
  await room.start();
}

beforeEach(async () => {
  scheduler = undefined;
  hearsAll = true;
  planned = new Map();
  clock = createFakeClock(Date.parse("2026-03-10T10:00:00Z"));
  temporary = await openTemporaryDatabase({ clock });
  await start();
});
afterEach(() => temporary.remove());

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
};
/** For so many seconds these report every 3 s. */
async function play(seconds: number, ...ids: number[]): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 3) {
    for (const id of ids) servers.get(id)?.applyState(0, stateWith({ cpu: 1 }), clock.now());
    await clock.advanceAsync(3000);
    await settle();
  }
}
async function shares(id: number, days = 1): Promise<number[]> {
  const answer = await call(ALICE, `GET /server/${id}/availability?days=${days}`);
  const data = "data" in answer ? (answer.data as Record<string, number>) : {};
  return [data["online_seconds"] ?? -1, data["offline_seconds"] ?? -1, data["unknown_seconds"] ?? -1];
}

test("a server is offline from its last report to the next one, when that takes more than 30 s", async () => {
  await play(120, 1);
  await play(24, 2);
  await play(60, 1);
  expect(await shares(1)).toEqual([144, 0, 86_400 - 144]);
  await play(300);
  await play(30, 1);
  const [online, offline] = await shares(1);
  expect(offline).toBeGreaterThanOrEqual(300);
  expect(offline).toBeLessThanOrEqual(306);
  expect((online ?? 0) + (offline ?? 0)).toBe(534 - 60);
  expect(await call(ALICE, "GET /server/1/availability?days=1")).toMatchObject({
    data: { server_id: 1, days: 1, offline: [{ from: "2026-03-10T10:03:24Z" }], by_day: [{ day: "2026-03-09" }, { day: "2026-03-10" }] },
  });
});

test("one that does not come back is offline until now", async () => {
  await play(120, 1, 2);
  await play(120, 2);
  const answer = await call(ALICE, "GET /server/1/availability?days=7");
  const [away] = (answer as { data: { offline: { from: string; to?: string }[] } }).data.offline;
  expect(away?.from).toBe("2026-03-10T10:02:00Z");
  expect(away).not.toHaveProperty("to");
});

test("times of planned work are told beside, newest first, the one that lasts without an end", async () => {
  const at = clock.now();
  planned = new Map([
    [
      1,
      [
        { from: at - 9 * DAY_MS, to: at - 8 * DAY_MS },
        { from: at - 7_200_000, to: at - 3_600_000 },
        { from: at - 60_000, to: at + 3_600_000 },
      ],
    ],
  ]);
  expect(await call(ALICE, "GET /server/1/availability?days=1")).toMatchObject({
    data: { planned: [{ from: "2026-03-10T09:59:00Z" }, { from: "2026-03-10T08:00:00Z", to: "2026-03-10T09:00:00Z" }], offline: [] },
  });
  expect(await call(ALICE, "GET /server/2/availability?days=1")).toMatchObject({ data: { planned: [] } });
});

test.each([true, false])("while the dashboard is down nothing is known (killed: %s)", async (killed) => {
  await play(120, 1, 2);
  if (!killed) await room.stop();
  clock.advance(3_600_000);
  await start();
  await play(120, 2);
  const [, offline, unknown] = await shares(1);
  // From a minute after the start on.
  expect(offline).toBe(60);
  expect(unknown).toBeGreaterThanOrEqual(86_400 - 60 - 60 - (killed ? 30 : 0));
  expect(await shares(2)).toEqual([expect.any(Number), 0, expect.any(Number)]);
});

test.each([
  { away: "for a while", seconds: 60, online: { least: 240, most: 240 } },
  // From the last note before to a minute after the first look again nothing is known.
  { away: "for long", seconds: 3_600, online: { least: 90, most: 120 } },
])("of servers at processes that are not heard $away nobody says that they are away", async ({ seconds, online: { least, most } }) => {
  await play(120, 1, 2);
  hearsAll = false;
  await play(seconds, 1);
  // Nor that they are there.
  expect((await shares(2))[0]).toBeLessThanOrEqual(120);
  hearsAll = true;
  await play(120, 1, 2);
  for (const id of [1, 2]) {
    const [online, offline] = await shares(id);
    expect(offline).toBe(0);
    expect(online).toBeGreaterThanOrEqual(least);
    expect(online).toBeLessThanOrEqual(most);
  }
  await play(120, 1);
  expect((await shares(2))[1]).toBeGreaterThanOrEqual(114);
});

test("a process that stops while the others are not heard knows nothing of that time", async () => {
  await play(120, 1, 2);
  hearsAll = false;
  await play(3_600, 1);
  await room.stop();
  for (const id of [1, 2]) {
    const [online, offline] = await shares(id);
    expect([online, offline]).toEqual([60, 0]);
  }
});

test("where another process is the judge, what lasts there lasts here, as long as that one may be alive", async () => {
  const { database } = temporary;
  const judge = { database, held: false, isShared: true, maySend: false };
  const jobs = scheduler ?? expect.fail("no scheduler");
  const other = await createAvailability({ clock, database, scheduler: jobs, judge, servers, calendar, planned: async () => planned });
  const there = createRouteCaller(other.routes);
  await play(120, 1, 2);
  await play(130, 2);
  const question = "GET /server/1/availability?days=1";
  expect(await there(ALICE, question)).toEqual(await call(ALICE, question));
  expect(await there(ALICE, question)).toHaveProperty("data.offline", [{ from: "2026-03-10T10:02:00Z" }]);
  await scheduler?.stop();
  clock.advance(61_000);
  expect(await there(ALICE, question)).toHaveProperty("data.offline.0.to");
});

test("a clock that is set is no outage", async () => {
  await play(120, 1);
  clock.jump(3_600_000);
  await play(120, 1);
  expect((await shares(1))[1]).toBe(0);
  clock.jump(-7_200_000);
  await play(120, 1);
  expect((await shares(1))[1]).toBe(0);
});

test("guests see what is shown to them; unknown and hidden servers answer alike", async () => {
  await play(120, 1, 2);
  const ids = async (caller: Caller): Promise<unknown> => {
    const answer = await call(caller, "GET /availability?days=30");
    return "data" in answer
      ? (answer.data as { server_id: number; percent: number }[]).map(({ server_id, percent }) => [server_id, percent])
      : answer;
  };
  expect(await ids(ALICE)).toEqual([
    [1, 100],
    [2, 100],
  ]);
  expect(await ids(GUEST)).toEqual([[1, 100]]);
  expect(await call(GUEST, "GET /server/2/availability")).toEqual({ error: "server not found" });
  expect(await call(GUEST, "GET /server/9/availability")).toEqual({ error: "server not found" });
  expect(await call(GUEST, "GET /server/1/availability?days=90")).toMatchObject({ data: { percent: 100 } });
});

test("what was never seen is neither there nor away, and what is deleted leaves nothing", async () => {
  await play(120, 1);
  expect(await shares(2)).toEqual([0, 0, 86_400]);
  expect(await room.of([1, 2], clock.now() - 60_000, clock.now())).toEqual(
    new Map([
      [1, { onlineMs: 60_000, offlineMs: 0, unknownMs: 0, plannedMs: 0 }],
      [2, { onlineMs: 0, offlineMs: 0, unknownMs: 60_000, plannedMs: 0 }],
    ]),
  );
  await temporary.database.change((tx, changes) => room.cascades.servers(tx, [1], changes));
  expect(await temporary.database.kysely.selectFrom("wf_presence").selectAll().execute()).toEqual([]);
});

test("what is old goes, and what it was like then stays known", async () => {
  await play(120, 1);
  await play(60);
  await play(60, 1);
  clock.advance(150 * DAY_MS);
  await start();
  await play(120, 1);
  await room.prune();
  const { kysely } = temporary.database;
  expect(await kysely.selectFrom("wf_presence").selectAll().execute()).toHaveLength(1);
  expect(await kysely.selectFrom("wf_runs").selectAll().execute()).toHaveLength(1);
  expect((await shares(1))[1]).toBe(0);
});

test("what was written of a server while it was deleted goes with what is old, also after a restart", async () => {
  const { kysely } = temporary.database;
  await play(120, 1, 2);
  await kysely.insertInto("wf_presence").values({ server_id: 9, at: clock.now(), online: 1 }).execute();
  await start();
  await play(120, 2);
  servers.remove([1]);
  await room.prune();
  const left = await kysely.selectFrom("wf_presence").select("server_id").distinct().execute();
  expect(left).toEqual([{ server_id: 2 }]);
});
