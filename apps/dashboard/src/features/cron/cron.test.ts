import { TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatInstant, refuse, ROLE } from "#kernel";
import type { Caller, DispatchOutcome, User } from "#kernel";
import type { Database } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createAuditLog } from "#platform/audit";
import { createOutbox } from "#platform/outbox";
import { createScheduler } from "#platform/scheduler";
import { createCron } from "./index.ts";
import type { Notice } from "#features/notifications";
import { byTeller } from "./model.ts";
import type { CronRoom } from "./index.ts";

const admin: User = { id: 1, username: "admin", role: ROLE.admin };
const alice: User = { id: 2, username: "alice", role: ROLE.member };
const bob: User = { id: 3, username: "bob", role: ROLE.member };
const session = (user: User): Caller => ({ kind: "session", user, sessionKey: "k", via: "cookie" });
const token = (user: User, ...serverIds: number[]): Caller => ({
  kind: "token",
  user,
  tokenId: 1,
  scopes: ["nezha:*"],
  serverIds: new Set(serverIds),
});

/** Servers 1 and 2 are Alice's, 3 is Bob's, 4 came with the global secret. */
const owners = new Map([
  [1, alice.id],
  [2, alice.id],
  [3, bob.id],
  [4, 0],
]);
const GROUP_OF_ALICE = 10;
const GROUP_OF_BOB = 11;

let temporary: TemporaryDatabase;
let database: Database;
let clock: ReturnType<typeof createFakeClock>;
let room: CronRoom;
let call: RouteCaller;
let sent: [number, Task][];
let notices: [number, Notice][];
let outcomes: Map<number, DispatchOutcome>;
let cascaded: number[][];

const form = (over: object = {}) => ({ task_type: 0, name: "c", scheduler: "@hourly", command: "true", servers: [1], cover: 0, ...over });
const triggered = (over: object = {}) => form({ task_type: 1, scheduler: "", ...over });
const result = (id: number, over: object = {}) => ({ id, type: TASK.command, delay: 2, data: "out", successful: true, ...over });

async function open(): Promise<void> {
  room = await createCron({
    database,
    audit: createAuditLog({ database, now: clock.now }),
    now: clock.now,
    location: "UTC",
    scheduler: createScheduler({ clock, location: "UTC", log: { warn: () => undefined, error: () => undefined } }),
    reach: {
      server: (id) => (owners.has(id) ? { id, ownerId: owners.get(id) ?? 0 } : undefined),
      isOwner: (ownerId) => ownerId < 90,
      reachOf: (ownerId) => [...owners].filter(([, owner]) => ownerId <= 1 || owner === ownerId).map(([id]) => id),
    },
    servers: { get: () => undefined },
    ownsEverything: (userId) => userId <= 1,
    requireRoom: (user, rows) => {
      if (user.role !== ROLE.admin && rows >= 3) throw refuse("too many rows: at most %d of one kind", 3);
    },
    notificationGroupOwner: async (id) =>
      new Map([
        [GROUP_OF_ALICE, alice.id],
        [GROUP_OF_BOB, bob.id],
      ]).get(id),
    agents: {
      where: async () => "here",
      dispatch: async (serverId, task) => {
        const outcome = outcomes.get(serverId) ?? "sent";
        if (outcome === "sent") sent.push([serverId, task]);
        return outcome;
      },
    },
    deliveries: { tell: async (_tx, _changes, groupId, notice) => void notices.push([groupId, notice]) },
    onError: (error) => expect.unreachable(String(error)),
    translate: (id, ...args) => [id, ...args].join("|"),
    outbox: createOutbox({ clock, database, onError: (error) => expect.unreachable(String(error)) }),
    cascades: [async (_tx, ids) => void cascaded.push([...ids])],
  });
  call = createRouteCaller(room.routes);
}

async function create(user: User, over: object = {}): Promise<number> {
  const answer = await call(session(user), "POST /cron", form(over));
  if ("error" in answer) throw new Error(answer.error);
  return answer.data as number;
}

beforeEach(async () => {
  clock = createFakeClock();
  temporary = await openTemporaryDatabase({ clock });
  database = temporary.database;
  sent = [];
  notices = [];
  outcomes = new Map();
  cascaded = [];
  await open();
});
afterEach(() => temporary.remove());

/** Spec 11 section 9.3, in the order of the checks. */
test.each<[string, object, string]>([
  ["cover 3", { cover: 3 }, "permission denied"],
  ["only an unknown server", { servers: [99] }, "server id 99 does not exist"],
  ["only a foreign server", { servers: [3] }, "permission denied"],
  ["except a foreign server", { cover: 1, servers: [3] }, "permission denied"],
  ["except an unknown server", { cover: 1, servers: [99] }, "server id 99 does not exist"],
  ["an unknown group", { notification_group_id: 99 }, "notification group id 99 does not exist"],
  ["a foreign group", { notification_group_id: GROUP_OF_BOB }, "permission denied"],
  ["alert cover on a schedule", { cover: 2, servers: [] }, "scheduled tasks cannot be triggered by alarms"],
  ["five fields", { scheduler: "0 3 * * *" }, "expected exactly 6 fields, found 5: [0 3 * * *]"],
  ["no schedule", { scheduler: "" }, "empty spec string"],
  ["servers are looked at before the schedule", { servers: [3], scheduler: "" }, "permission denied"],
])("refused: %s", async (_label, over, error) => {
  expect(await call(session(alice), "POST /cron", form(over))).toEqual({ error });
  expect(room.crons.list()).toEqual([]);
});

test("omitted members are zero values; the schedule of a triggered task is not looked at", async () => {
  await call(session(alice), "POST /cron", { name: "bare", task_type: 1, scheduler: "not checked" });
  expect(await call(session(alice), "GET /cron")).toEqual({
    data: [
      {
        id: 1,
        created_at: formatInstant(clock.now()),
        updated_at: formatInstant(clock.now()),
        name: "bare",
        task_type: 1,
        scheduler: "not checked",
        servers: null,
        cover: 0,
        notification_group_id: 0,
        last_executed_at: "0001-01-01T00:00:00Z",
        keep_runs: 100,
        keep_output: 16_384,
        tell_missed: true,
      },
    ],
  });
});

test("lists show own rows, in the order asked; administrators see all", async () => {
  await create(alice, { name: "a" });
  await create(bob, { name: "b", servers: [3] });
  await create(alice, { name: "c" });
  const names = async (caller: Caller, query = "") => {
    const answer = await call(caller, `GET /cron${query}`);
    return "data" in answer ? (answer.data as { name: string }[]).map((cron) => cron.name) : answer.error;
  };
  expect(await names(session(alice))).toEqual(["a", "c"]);
  expect(await names(session(admin), "?id=3,2,99")).toEqual(["c", "b"]);
  expect(await names(token(alice, 2))).toEqual([]);
});

test("one member may have so many rows, an administrator any number", async () => {
  for (const name of ["a", "b", "c"]) await create(alice, { name });
  expect(await call(session(alice), "POST /cron", form())).toEqual({ error: "too many rows: at most 3 of one kind" });
  for (const name of ["a", "b", "c", "d"]) await create(admin, { name });
});

test("an edit replaces everything and is checked against the row's owner", async () => {
  const id = await create(alice, { name: "a", command: "one", push_successful: true });
  expect(await call(session(bob), `PATCH /cron/${id}`, form())).toEqual({ error: "permission denied" });
  expect(await call(session(alice), "PATCH /cron/99", form())).toEqual({ error: "task id 99 does not exist" });
  expect(await call(session(alice), "PATCH /cron/99", form({ cover: 9 }))).toEqual({ error: "permission denied" });
  expect(await call(session(admin), `PATCH /cron/${id}`, form({ cover: 1, servers: [3] }))).toEqual({ error: "permission denied" });
  expect(await call(session(admin), `PATCH /cron/${id}`, { scheduler: "@daily" })).toEqual({ data: null });
  expect(room.crons.get(id)).toMatchObject({ ownerId: alice.id, name: "", command: "", pushSuccessful: false, serverIds: null });
  await open();
  expect(room.crons.get(id)).toMatchObject({ ownerId: alice.id, name: "", scheduler: "@daily" });
});

test("a scheduled task has an entry that runs it; an edit gives a new one", async () => {
  const id = await create(alice, { scheduler: "@every 30s" });
  const numberOf = async () => ((await call(session(alice), "GET /cron")) as { data: { cron_job_id?: number }[] }).data[0]?.cron_job_id;
  const first = await numberOf();
  expect(first).toBeGreaterThan(0);
  await clock.advanceAsync(60_000);
  await room.runs.settled();
  expect(sent).toEqual([
    [1, { id, type: TASK.command, data: "true" }],
    [1, { id, type: TASK.command, data: "true" }],
  ]);
  await call(session(alice), `PATCH /cron/${id}`, form({ scheduler: "@yearly" }));
  expect(await numberOf()).toBeGreaterThan(first ?? 0);
  await call(session(alice), `PATCH /cron/${id}`, triggered());
  expect(await numberOf()).toBeUndefined();
  await clock.advanceAsync(60_000);
  await room.runs.settled();
  expect(sent).toHaveLength(2);
});

test("a clock that jumps makes no task run more often: forward once for all that was missed, back not before its new time", async () => {
  const HOUR = 3_600_000;
  await create(alice, { scheduler: "0 0 * * * *" });
  const runsIn = async (ms: number): Promise<number> => {
    const before = sent.length;
    await clock.advanceAsync(ms);
    return sent.length - before;
  };
  expect(await runsIn(1.5 * HOUR)).toBe(1);
  clock.jump(100 * 24 * HOUR);
  expect(await runsIn(60_000)).toBe(1);
  expect(await runsIn(2 * HOUR)).toBe(2);
  clock.jump(-400 * 24 * HOUR);
  expect(await runsIn(60_000)).toBe(0);
  expect(await runsIn(2 * HOUR)).toBe(2);
});

test("a clock that jumps does not move a task that runs every so often", async () => {
  await create(alice, { scheduler: "@every 30m" });
  for (const jump of [0, 100 * 86_400_000, -400 * 86_400_000]) {
    clock.jump(jump);
    await clock.advanceAsync(60_000);
    sent = [];
    await clock.advanceAsync(2 * 3_600_000);
    expect(sent).toHaveLength(4);
  }
});

test("at start scheduled rows get their entries; where a schedule is damaged the group is told, and the row stays", async () => {
  const good = await create(alice);
  const damaged = await create(alice, { notification_group_id: GROUP_OF_ALICE });
  await database.kysely.updateTable("crons").set({ scheduler: "x" }).where("id", "=", damaged).execute();
  await open();
  room.start();
  await room.judged.start();
  expect(notices.map(([groupId, { text }]) => [groupId, text.replaceAll(/[^\d[\]]/g, "")])).toEqual([[GROUP_OF_ALICE, `[${damaged}]`]]);
  expect(await call(session(alice), "GET /cron")).toMatchObject({ data: [{ id: good, cron_job_id: 1 }, { id: damaged }] });
  expect(await call(session(alice), `POST /cron/${damaged}/manual`)).toHaveProperty("error");
  expect(await call(session(bob), "POST /batch-delete/cron", [damaged])).toEqual({ error: "permission denied" });
  expect(await call(session(alice), `PATCH /cron/${damaged}`, form())).toEqual({ data: null });
});

test("a manual run goes to every server covered, and says who is offline", async () => {
  const id = await create(alice, { name: "n", servers: [1, 2], notification_group_id: GROUP_OF_ALICE });
  outcomes.set(2, "offline");
  expect(await call(session(alice), `POST /cron/${id}/manual`)).toEqual({ data: null });
  expect(sent.map(([serverId]) => serverId)).toEqual([1]);
  expect(notices).toMatchObject([[GROUP_OF_ALICE, { serverId: 2, severity: "warning", facts: { rule: "n" } }]]);
  expect(notices[0]?.[1].text).toContain("offline");
  expect(await call(session(bob), `POST /cron/${id}/manual`)).toEqual({ error: "permission denied" });
  expect(await call(session(alice), "POST /cron/99/manual")).toEqual({ error: "task id 99 does not exist" });
});

test("an agent that takes nothing is counted", async () => {
  const id = await create(alice);
  outcomes.set(1, "queue-full");
  expect(await room.runs.run(id, { cause: "schedule" })).toEqual({ sent: [], offline: [], busy: [1] });
  expect(room.runs.busyCount).toBe(1);
});

test("GHSA-99gv-2m7h-3hh9: all servers but none means the owner's own", async () => {
  const id = await create(alice, { cover: 1, servers: [] });
  await call(session(admin), `POST /cron/${id}/manual`);
  expect(sent.map(([serverId]) => serverId)).toEqual([1, 2]);
  sent = [];
  await room.runs.run(await create(admin, { cover: 1, servers: [2] }), { cause: "schedule" });
  expect(sent.map(([serverId]) => serverId)).toEqual([1, 3, 4]);
});

test("a server that changed hands is not addressed any more", async () => {
  const id = await create(alice, { servers: [1, 2] });
  owners.set(2, bob.id);
  await room.runs.run(id, { cause: "schedule" });
  owners.set(2, alice.id);
  expect(sent.map(([serverId]) => serverId)).toEqual([1]);
});

test("GHSA-rxf6-wjh4-jfj6: only the owner's tasks, or an administrator's rule, start a task", async () => {
  const id = await create(alice, { servers: [1] });
  await room.runs.trigger([id, 99], { serverId: 3, ownerId: bob.id });
  expect(sent).toEqual([]);
  await room.runs.trigger([id, id], { serverId: 3, ownerId: admin.id });
  expect(sent).toHaveLength(1);
});

test("a result writes when the run began and how it ended", async () => {
  const id = await create(alice, { servers: [1], notification_group_id: GROUP_OF_ALICE });
  await room.results.onResult(1, result(id, { delay: 2.9 }));
  expect(room.crons.get(id)?.lastResult).toBe(true);
  expect(Date.parse(room.crons.get(id)?.lastExecutedAt ?? "")).toBe(clock.now() - 2000);
  expect(notices).toEqual([]);
  await room.results.onResult(1, result(id, { successful: false, data: "no" }));
  await open();
  expect(room.crons.get(id)?.lastResult).toBe(false);
  expect(notices.map(([, notice]) => notice.text)).toEqual(["[Scheduled Task Executed Failed] c, \nno"]);
  expect(notices[0]?.[1].severity).toBe("warning");
});

test("GHSA-4g6j-g789-rghm: results are taken from covered servers only", async () => {
  const listed = await create(alice, { servers: [1] });
  const others = await create(alice, { cover: 1, servers: [1] });
  const taken = async (serverId: number, id: number, over: object = {}) => room.results.onResult(serverId, result(id, over));
  expect(await taken(2, listed)).toBe(false);
  expect(await taken(1, others)).toBe(false);
  expect(await taken(3, others)).toBe(false);
  expect(await taken(1, 99)).toBe(false);
  expect(await taken(1, listed, { type: TASK.terminal })).toBe(false);
  expect(room.results.refusedCount).toBe(5);
  expect(await taken(2, others)).toBe(true);
});

test("a server that answers more often than it was asked is not heard: it would fill the channel and keep the database busy", async () => {
  const id = await create(alice, { push_successful: true, notification_group_id: GROUP_OF_ALICE });
  const answers = async (times: number): Promise<number> => {
    const taken = [];
    for (let count = 0; count < times; count++) taken.push(await room.results.onResult(1, result(id)));
    return taken.filter(Boolean).length;
  };
  expect(await answers(300)).toBe(240);
  expect(notices).toHaveLength(240);
  await room.runs.run(id, { cause: "schedule" });
  expect(await answers(3)).toBe(1);
});

test("the result of an alert's run is taken once, within a day, unless the task was edited", async () => {
  const id = await create(alice, { task_type: 1, cover: 2, servers: [] });
  const take = () => room.results.onResult(1, result(id));
  await room.runs.run(id, { cause: "schedule" });
  expect(sent).toEqual([]);
  expect(await take()).toBe(false);
  await room.runs.trigger([id], { serverId: 1, ownerId: alice.id });
  expect([await take(), await take()]).toEqual([true, false]);
  outcomes.set(1, "offline");
  await room.runs.trigger([id], { serverId: 1, ownerId: alice.id });
  expect(await take()).toBe(false);
  outcomes.clear();
  await room.runs.trigger([id], { serverId: 1, ownerId: alice.id });
  clock.advance(24 * 3_600_000);
  expect(await take()).toBe(false);
  await room.runs.trigger([id], { serverId: 1, ownerId: alice.id });
  await call(session(alice), `PATCH /cron/${id}`, triggered({ cover: 2, servers: [] }));
  expect(await take()).toBe(false);
});

test("the result of an alert's run is taken after a restart too, and takes nothing from the run after it", async () => {
  const id = await create(alice, { task_type: 1, cover: 2, servers: [] });
  await room.runs.trigger([id], { serverId: 1, ownerId: alice.id });
  await open();
  await room.runs.trigger([id], { serverId: 1, ownerId: alice.id });
  const take = () => room.results.onResult(1, result(id));
  expect([await take(), await take(), await take()]).toEqual([true, true, false]);
});

test("deleting is all or nothing; unknown ids are ignored", async () => {
  const own = await create(alice);
  const foreign = await create(bob, { servers: [3] });
  expect(await call(session(alice), "POST /batch-delete/cron", [own, foreign])).toEqual({ error: "permission denied" });
  expect(await call(session(alice), "POST /batch-delete/cron", null)).toEqual({ data: null });
  expect(await call(session(alice), "POST /batch-delete/cron", [own, own, 99])).toEqual({ data: null });
  expect(cascaded).toEqual([[own]]);
  await open();
  expect(room.crons.list().map((cron) => cron.id)).toEqual([foreign]);
});

test("what a task refers to disappears from it, in memory and in the file", async () => {
  const id = await create(alice, { servers: [1, 2], notification_group_id: GROUP_OF_ALICE });
  await database.change(async (tx, changes) => {
    await room.cascades.servers(tx, [2, 9], changes);
    await room.cascades.notificationGroups(tx, [GROUP_OF_ALICE], changes);
  });
  const expected = { serverIds: [1], notificationGroupId: 0 };
  expect(room.crons.get(id)).toMatchObject(expected);
  await open();
  expect(room.crons.get(id)).toMatchObject(expected);
});

test("tasks of an administrator who is none any more tell no group of others", async () => {
  const time = "2025-01-01 00:00:00+00:00";
  const group = { created_at: time, updated_at: time, name: "g" };
  await database.kysely
    .insertInto("notification_groups")
    .values([
      { ...group, id: 10, user_id: alice.id },
      { ...group, id: 11, user_id: bob.id },
    ])
    .execute();
  const lost = await create(admin, { notification_group_id: GROUP_OF_ALICE });
  const others = await create(alice, { notification_group_id: GROUP_OF_ALICE });
  await database.change((tx, changes) => room.cascades.demotedUsers(tx, [admin.id], changes));
  expect([lost, others].map((id) => room.crons.get(id)?.notificationGroupId)).toEqual([0, GROUP_OF_ALICE]);
  await open();
  expect([lost, others].map((id) => room.crons.get(id)?.notificationGroupId)).toEqual([0, GROUP_OF_ALICE]);
});

test("one message speaks of the tasks of one owner to one group", () => {
  const cron = (ownerId: number, notificationGroupId: number) => ({ ownerId, notificationGroupId });
  const rows = [cron(1, 10), cron(2, 10), cron(1, 11), cron(1, 10)];
  const told = byTeller(rows, (row) => row).map(({ ownerId, groupId, rows: { length } }) => [ownerId, groupId, length]);
  expect(told).toEqual([
    [1, 10, 2],
    [1, 11, 1],
    [2, 10, 1],
  ]);
});

test("a deleted user's tasks go, and with them the references of others", async () => {
  const gone = await create(alice);
  const stays = await create(bob, { servers: [3] });
  await database.change((tx, changes) => room.cascades.users(tx, [alice.id], changes));
  expect(room.crons.list().map((cron) => cron.id)).toEqual([stays]);
  expect(cascaded).toEqual([[gone]]);
});
