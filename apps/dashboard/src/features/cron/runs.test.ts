import type { CronRun, CronRunDetail } from "@windfire/api";
import { TASK } from "@windfire/protocol";
import { createFakeClock } from "@windfire/testkit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Notice } from "#features/notifications";
import type { LiveServer } from "#features/servers";
import { ROLE } from "#kernel";
import type { Caller, DispatchOutcome } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { DatabaseError } from "#platform/database";
import type { Database } from "#platform/database";
import { openTemporaryDatabase, statement } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createOutbox } from "#platform/outbox";
import { createScheduler } from "#platform/scheduler";
import { createCron } from "./index.ts";
import type { CronRoom } from "./index.ts";
import { createPendingResults } from "./pending-results.ts";
import { missedRuns } from "./run-model.ts";
import { createRunPruning } from "./run-pruning.ts";

const ALICE = { id: 2, username: "alice", role: ROLE.member } as const;
const alice: Caller = { kind: "session", user: ALICE, sessionKey: "k", via: "cookie" };
const bob: Caller = { ...alice, user: { ...ALICE, id: 3 } };
const tokenFor = (...serverIds: number[]): Caller => ({
  kind: "token",
  user: ALICE,
  tokenId: 1,
  scopes: ["nezha:*"],
  serverIds: new Set(serverIds),
});
const GROUP = 10;
const HOUR_MS = 3_600_000;

let temporary: TemporaryDatabase;
let clock: ReturnType<typeof createFakeClock>;
let room: CronRoom;
let call: RouteCaller;
/** The database refuses to write with this. */
let refusal: Error | undefined;
/** Commands that agents were sent. */
let commands: [server: number, cron: number][];
let notices: [number, Notice][];
let onError: (error: unknown) => void;
/** Thrown when somebody is to be told. */
let failure: Error | undefined;
let outcomes: Map<number, DispatchOutcome>;
/** Servers with an agent of ours, and who was told to stop which cron. */
let ours: Set<number>;
let stops: [number, number][];
/** Whether this process, one of several, may still be the judge. */
let maySend: boolean;
let isShared: boolean;
/** Whether it is. */
let isJudge: boolean;

/** The room as it is after a start of the program. */
async function open(): Promise<void> {
  const whole = temporary.database;
  const change: Database["change"] = async (verb) => {
    if (refusal) throw refusal;
    return whole.change(verb);
  };
  const database: Database = { ...whole, change };
  room = await createCron({
    database,
    audit: createAuditLog({ database, now: clock.now }),
    now: clock.now,
    location: "UTC",
    judge: {
      database,
      held: true,
      isShared,
      get maySend() {
        return maySend;
      },
    },
    scheduler: createScheduler({
      clock,
      location: "UTC",
      isJudge: () => isJudge,
      log: { warn: () => undefined, error: () => undefined },
    }),
    reach: { server: (id) => ({ id, ownerId: ALICE.id }), isOwner: () => true, reachOf: (owner) => (owner === ALICE.id ? [1, 2, 3] : []) },
    servers: {
      get: (id) => (ours.has(id) ? ({ host: { rights: [{}] }, settings: { name: "ours" } } as unknown as LiveServer) : undefined),
    },
    ownsEverything: () => false,
    requireRoom: () => undefined,
    notificationGroupOwner: async () => ALICE.id,
    agents: {
      dispatch: async (serverId, { type, id }) => {
        if (type === TASK.stopCommand) stops.push([serverId, id]);
        else commands.push([serverId, id]);
        return outcomes.get(serverId) ?? "sent";
      },
      where: async (serverId) => (outcomes.get(serverId) === "offline" ? "offline" : "here"),
    },
    deliveries: {
      tell: async (_tx, _changes, groupId, notice) => {
        if (failure) throw failure;
        notices.push([groupId, notice]);
      },
    },
    translate: (id, ...args) => [id, ...args].join("|"),
    outbox: createOutbox({ clock, database, onError: (error) => expect.unreachable(String(error)) }),
    cascades: [],
    onError: (error) => onError(error),
  });
  call = createRouteCaller(room.routes);
}

async function data<T>(caller: Caller, request: string, body?: unknown): Promise<T> {
  const answer = await call(caller, request, body);
  if ("error" in answer) throw new Error(answer.error);
  return answer.data as T;
}
const create = (over: object = {}): Promise<number> =>
  data(alice, "POST /cron", { name: "backup", scheduler: "@hourly", command: "x", servers: [1, 2], notification_group_id: GROUP, ...over });
const runs = (query = ""): Promise<CronRun[]> => data(alice, `GET /cron-run${query}`);
const detail = (id: number): Promise<CronRunDetail> => data(alice, `GET /cron-run/${id}`);
const answer = (cronId: number, serverId: number, over: object = {}): Promise<boolean> =>
  room.results.onResult(serverId, { id: cronId, type: TASK.command, delay: 0, data: "done", successful: true, ...over });
const states = async (id: number): Promise<string[]> => (await detail(id)).results.map(({ state }) => state);

beforeEach(async () => {
  [maySend, isJudge, isShared] = [true, true, false];
  clock = createFakeClock(Date.UTC(2026, 5, 1, 12));
  temporary = await openTemporaryDatabase({ clock });
  notices = [];
  failure = undefined;
  refusal = undefined;
  commands = [];
  onError = (error) => expect.unreachable(String(error));
  outcomes = new Map();
  ours = new Set();
  stops = [];
  await open();
});
afterEach(() => temporary.remove());

describe("a run", () => {
  test("goes from server to server until all have answered", async () => {
    const id = await create({ servers: [1, 2, 3] });
    outcomes.set(3, "offline");
    await data(alice, `POST /cron/${id}/manual`);
    expect(await runs()).toMatchObject([
      {
        id: 1,
        cron_id: id,
        cron_name: "backup",
        cause: "manual",
        by: "alice",
        state: "running",
        servers: { total: 3, running: 2, offline: 1 },
      },
    ]);
    clock.advance(5_000);
    await answer(id, 1, { delay: 4.5, data: "line" });
    expect(await states(1)).toEqual(["succeeded", "running", "offline"]);
    await answer(id, 2, { successful: false, data: "no" });
    const run = await detail(1);
    expect(run).toMatchObject({ state: "failed", ended_at: "2026-06-01T12:00:05Z", servers: { running: 0, failed: 1 } });
    expect(run.results[0]).toMatchObject({ seconds: 4.5, output_bytes: 4, excerpt: "line" });
    expect(await data(alice, "GET /cron-run/1/output?server=2")).toEqual({ server_id: 2, output: "no", output_bytes: 2, cut: false });
  });

  test("of nobody is empty, and one that all have done is a success", async () => {
    const id = await create();
    await data(alice, `POST /cron/${id}/manual`);
    await answer(id, 1);
    await answer(id, 2);
    const nobody = await create({ task_type: 1, cover: 2, servers: [] });
    await data(alice, `POST /cron/${nobody}/manual`);
    expect((await runs()).map(({ state }) => state)).toEqual(["empty", "succeeded"]);
  });

  test("keeps so much of what was printed, in whole characters", async () => {
    const id = await create({ keep_output: 5 });
    await data(alice, `POST /cron/${id}/manual`);
    await answer(id, 1, { data: "ää€ö" });
    expect(await data(alice, "GET /cron-run/1/output?server=1")).toEqual({ server_id: 1, output: "ää", output_bytes: 9, cut: true });
  });

  test("goes with others that are older than so many", async () => {
    const id = await create({ keep_runs: 2 });
    for (let count = 0; count < 4; count++) await data(alice, `POST /cron/${id}/manual`);
    expect((await runs()).map((run) => run.id)).toEqual([4, 3]);
    expect(await temporary.database.kysely.selectFrom("wf_cron_results").select("run_id").distinct().execute()).toHaveLength(2);
    await data(alice, "POST /batch-delete/cron", [id]);
    expect(await temporary.database.kysely.selectFrom("wf_cron_results").selectAll().execute()).toEqual([]);
  });

  test("an edit that does not name the options keeps them", async () => {
    const id = await create({ keep_runs: 7, tell_missed: false });
    await data(alice, `PATCH /cron/${id}`, { name: "b", scheduler: "@daily" });
    expect(await data(alice, "GET /cron")).toMatchObject([{ name: "b", keep_runs: 7, keep_output: 16_384, tell_missed: false }]);
  });

  test("an answer belongs to the run that began when its command did", async () => {
    const id = await create({ servers: [1] });
    await data(alice, `POST /cron/${id}/manual`);
    clock.advance(60_000);
    await data(alice, `POST /cron/${id}/manual`);
    clock.advance(10_000);
    await answer(id, 1, { delay: 10 });
    expect([await states(1), await states(2)]).toEqual([["running"], ["succeeded"]]);
    await answer(id, 1, { delay: 70 });
    expect(await states(1)).toEqual(["succeeded"]);
  });

  test("is waited for across a restart, and no longer than a day", async () => {
    const id = await create({ servers: [1, 2] });
    await data(alice, `POST /cron/${id}/manual`);
    await open();
    await answer(id, 1);
    clock.advance(25 * HOUR_MS);
    await room.prune();
    expect(await detail(1)).toMatchObject({ state: "failed", servers: { succeeded: 1, unknown: 1 } });
  });

  test("ends where the connection that its command went by does; an answer that comes all the same is believed, and of a newer run", async () => {
    const id = await create({ servers: [1, 2] });
    await data(alice, `POST /cron/${id}/manual`);
    await answer(id, 2);
    clock.advance(1_000);
    room.onConnectionGone(1);
    room.onConnectionGone(2);
    await vi.waitFor(async () => expect(await states(1)).toEqual(["unknown", "succeeded"]));
    expect(await detail(1)).toMatchObject({ state: "failed", ended_at: "2026-06-01T12:00:01Z" });
    await open();
    await data(alice, `POST /cron/${id}/manual`);
    await answer(id, 1, { delay: 1 });
    expect([await states(1), await states(2)]).toEqual([
      ["unknown", "succeeded"],
      ["succeeded", "running"],
    ]);
    await answer(id, 1, { data: "late" });
    expect((await detail(1)).results[0]).toMatchObject({ state: "succeeded", excerpt: "late" });
    expect((await detail(1)).state).toBe("succeeded");
  });

  test("left by an earlier process ends when its agent does not come back", async () => {
    const id = await create({ servers: [1, 2] });
    await data(alice, `POST /cron/${id}/manual`);
    await open();
    outcomes.set(2, "offline");
    await room.prune();
    expect(await states(1)).toEqual(["running", "running"]);
    clock.advance(16 * 60_000);
    await room.prune();
    expect(await states(1)).toEqual(["running", "unknown"]);
  });

  test("what is cancelled stays so when the connection ends", async () => {
    const id = await create({ servers: [1] });
    await data(alice, `POST /cron/${id}/manual`);
    await data(alice, "POST /cron-run/1/cancel", {});
    room.onConnectionGone(1);
    await answer(id, 1, { data: "late" });
    expect((await detail(1)).results[0]).toMatchObject({ state: "cancelled", excerpt: "late" });
  });

  test("a server that is deleted is not waited for", async () => {
    const id = await create();
    await data(alice, `POST /cron/${id}/manual`);
    await temporary.database.change((tx, changes) => room.cascades.servers(tx, [2], changes));
    expect(await states(1)).toEqual(["running", "unknown"]);
  });

  test("that could not be written takes place all the same", async () => {
    const id = await create({ servers: [1] });
    const errors: unknown[] = [];
    onError = (error) => void errors.push(error);
    await statement(temporary.database, "DROP TABLE wf_cron_results").run();
    expect(await room.runs.run(id, { cause: "schedule" })).toEqual({ sent: [1], offline: [], busy: [] });
    expect(errors).toHaveLength(1);
  });
});

describe("while the database cannot be written", () => {
  const full = new DatabaseError("full", "no space");
  beforeEach(async () => {
    onError = () => undefined;
    room.start();
    await room.judged.start();
  });
  afterEach(async () => {
    refusal = undefined;
    await room.stop();
    await room.judged.stop();
  });

  test("a run that could not be written is not answered in another one's name", async () => {
    const id = await create({ servers: [1] });
    await data(alice, `POST /cron/${id}/manual`);
    refusal = full;
    expect(await room.runs.run(id, { cause: "schedule" })).toEqual({ sent: [1], offline: [], busy: [] });
    refusal = undefined;
    // Both began at the same time: the first answer is that of the first run.
    expect(await answer(id, 1, { data: "first" })).toBe(true);
    expect(await answer(id, 1, { data: "second" })).toBe(true);
    expect((await detail(1)).results[0]).toMatchObject({ state: "succeeded", excerpt: "first" });
    clock.advance(60_000);
    await data(alice, `POST /cron/${id}/manual`);
    refusal = full;
    clock.advance(60_000);
    await room.runs.run(id, { cause: "schedule" });
    refusal = undefined;
    clock.advance(60_000);
    await answer(id, 1, { data: "of the unwritten", delay: 60 });
    expect(await states(2)).toEqual(["running"]);
  });

  test("nor by a process that comes after: an answer of what it does not know is nobody's", async () => {
    const id = await create({ servers: [1] });
    await data(alice, `POST /cron/${id}/manual`);
    clock.advance(30_000);
    refusal = full;
    await room.runs.run(id, { cause: "schedule" });
    refusal = undefined;
    clock.advance(2_000);
    await room.stop();
    await room.judged.stop();
    await open();
    room.start();
    await room.judged.start();
    clock.advance(3_000);
    expect(await answer(id, 1, { data: "of the unwritten", delay: 5 })).toBe(true);
    expect(await states(1)).toEqual(["running"]);
    await answer(id, 1, { data: "of the first", delay: 35 });
    expect((await detail(1)).results[0]).toMatchObject({ state: "succeeded", excerpt: "of the first" });
  });

  test("an answer, and that a server is away, are noted when it can be written again", async () => {
    const id = await create({ servers: [1, 2, 3] });
    outcomes.set(2, "offline").set(3, "offline");
    const going = room.runs.run(id, { cause: "schedule" });
    await vi.waitFor(() => expect(commands).toHaveLength(3));
    await going;
    expect(await states(1)).toEqual(["running", "offline", "offline"]);
    outcomes.delete(2);
    outcomes.delete(3);
    await data(alice, `POST /cron/${id}/manual`);
    refusal = full;
    expect(await answer(id, 1, { data: "one" })).toBe(true);
    expect(await answer(id, 2, { data: "two", successful: false })).toBe(true);
    room.onConnectionGone(3);
    expect(await states(2)).toEqual(["running", "running", "running"]);
    expect(notices).toHaveLength(2);
    await clock.advanceAsync(30_000);
    refusal = undefined;
    await clock.advanceAsync(10_000);
    await vi.waitFor(async () => expect(await states(2)).toEqual(["running", "failed", "unknown"]));
    // The oldest one waits for the first answer: it began first.
    expect((await detail(1)).results[0]).toMatchObject({ state: "succeeded", excerpt: "one" });
    expect(notices).toHaveLength(3);
  });

  test("what somebody does by hand does not take place without its line in the audit log", async () => {
    const id = await create({ servers: [1] });
    refusal = full;
    await expect(call(alice, `POST /cron/${id}/manual`)).rejects.toBe(full);
    expect(commands).toEqual([]);
  });

  test("what a rule starts is started once, whatever fails behind it", async () => {
    const id = await create({ servers: [1, 2], cover: 0 });
    outcomes.set(2, "offline");
    failure = new Error("no such template");
    const errors: unknown[] = [];
    onError = (error) => void errors.push(error);
    await room.runs.trigger([id], { serverId: 1, ownerId: ALICE.id });
    expect(errors).toEqual([failure]);
    expect(commands).toEqual([
      [1, id],
      [2, id],
    ]);
  });
});

test("a server that is away is not noted without the message about it", async () => {
  const id = await create({ servers: [1, 2, 3] });
  outcomes.set(1, "offline").set(2, "queue-full");
  failure = new Error("killed");
  await expect(room.runs.run(id, { cause: "schedule" })).rejects.toThrow("killed");
  expect(await states(1)).toEqual(["running", "running", "running"]);
  failure = undefined;
  await room.runs.run(id, { cause: "schedule" });
  expect(await states(2)).toEqual(["offline", "busy", "running"]);
  expect(notices).toHaveLength(1);
});

describe("cancelling", () => {
  test("agents of ours are told to end the command; those that cannot be told, or are away, are not waited for", async () => {
    ours = new Set([1, 2]);
    const id = await create({ servers: [1, 2, 3] });
    await data(alice, `POST /cron/${id}/manual`);
    expect((await detail(1)).results.map(({ can_stop }) => can_stop)).toEqual([true, true, false]);
    outcomes.set(2, "offline");
    expect(await data(alice, "POST /cron-run/1/cancel", {})).toEqual({ stopped: [1], unwatched: [2, 3] });
    expect(stops).toEqual([
      [1, id],
      [2, id],
    ]);
    await answer(id, 1, { successful: false, data: "signal: killed" });
    expect((await detail(1)).results[0]).toMatchObject({ state: "cancelled", excerpt: "signal: killed" });
  });

  test("ends waiting; what comes later is kept and told to nobody", async () => {
    const id = await create();
    await data(alice, `POST /cron/${id}/manual`);
    expect(await data(alice, "POST /cron-run/1/cancel", { servers: [2] })).toEqual({ stopped: [], unwatched: [2] });
    expect(await detail(1)).toMatchObject({ state: "running", servers: { running: 1, cancelled: 1 } });
    await open();
    await answer(id, 2, { successful: false, data: "late" });
    expect(notices).toEqual([]);
    expect((await detail(1)).results[1]).toMatchObject({ state: "cancelled", excerpt: "late", seconds: 0 });
    await answer(id, 1);
    expect((await detail(1)).state).toBe("cancelled");
    expect(await data(alice, "POST /cron-run/1/cancel", {})).toEqual({ stopped: [], unwatched: [] });
    const audit = await temporary.database.kysely.selectFrom("wf_audit").select("action").orderBy("id").execute();
    expect(audit.map(({ action }) => action)).toEqual(["cron.create", "cron.run", "cron.cancel"]);
  });
});

test("a task that is somebody else's by now is neither run nor are its runs cancelled", async () => {
  const id = await create();
  await data(alice, `POST /cron/${id}/manual`);
  await temporary.database.kysely.updateTable("crons").set({ user_id: 9 }).execute();
  expect(await call(alice, `POST /cron/${id}/manual`)).toEqual({ error: "permission denied" });
  expect(await call(alice, "POST /cron-run/1/cancel", {})).toEqual({ error: "run id 1 does not exist" });
  await temporary.database.kysely.deleteFrom("crons").execute();
  expect(await call(alice, `POST /cron/${id}/manual`)).toEqual({ error: `task id ${id} does not exist` });
  expect(await temporary.database.kysely.selectFrom("wf_cron_runs").select("state").execute()).toEqual([{ state: "running" }]);
});

test("runs are seen by who manages the task, and by tokens for their servers alone", async () => {
  const id = await create();
  await data(alice, `POST /cron/${id}/manual`);
  expect(await data(bob, "GET /cron-run")).toEqual([]);
  for (const request of ["GET /cron-run/1", "GET /cron-run/1/output?server=1", "POST /cron-run/1/cancel"]) {
    expect(await call(bob, request, request.startsWith("POST") ? {} : undefined)).toEqual({ error: "run id 1 does not exist" });
  }
  expect(await call(alice, "GET /cron-run/9")).toEqual({ error: "run id 9 does not exist" });
  await data(alice, `PATCH /cron/${id}`, { name: "b", scheduler: "@daily", servers: [1] });
  expect((await data<CronRunDetail>(tokenFor(1), "GET /cron-run/1")).results.map(({ server_id }) => server_id)).toEqual([1]);
  expect(await call(tokenFor(1), "GET /cron-run/1/output?server=2")).toEqual({ error: "run id 1 was not on server id 2" });
  expect(await data(tokenFor(1), "GET /cron-run?server=2")).toEqual([]);
});

test("the list is narrowed by task, server, state and time, and goes on in pages", async () => {
  const one = await create();
  const two = await create({ servers: [3] });
  for (const id of [one, two, one]) {
    await data(alice, `POST /cron/${id}/manual`);
    clock.advance(1000);
  }
  await answer(two, 3);
  const ids = async (query: string): Promise<number[]> => (await runs(query)).map(({ id }) => id);
  expect(await ids(`?cron=${one}`)).toEqual([3, 1]);
  expect(await ids("?server=3")).toEqual([2]);
  expect(await ids("?state=running")).toEqual([3, 1]);
  expect(await ids("?since=2026-06-01T12:00:01Z")).toEqual([3, 2]);
  expect(await ids("?limit=1&before=3")).toEqual([2]);
});

test("of a run that a judge began before it stood still no command is sent, but for what somebody runs by hand", async () => {
  const id = await create();
  maySend = false;
  await room.runs.run(id, { cause: "schedule", due: clock.now() });
  expect([commands, await states(1)]).toEqual([[], ["running", "running"]]);
  await data(alice, `POST /cron/${id}/manual`);
  expect(commands).toEqual([
    [1, id],
    [2, id],
  ]);
});

test("a judge leaves out what the one before has begun, however little its clock was ahead, and not what one that was hours ahead did", async () => {
  await create({ scheduler: "0 * * * * *", servers: [1] });
  await room.stop();
  const next = async (jump: number): Promise<number> => {
    clock.jump(jump);
    isShared = true;
    await open();
    room.start();
    const before = commands.length;
    await clock.advanceAsync(60_000);
    await room.stop();
    return commands.length - before;
  };
  expect(await next(2_000)).toBe(1);
  expect(await next(-4_000)).toBe(0);
  expect(await next(3 * HOUR_MS)).toBe(1);
  expect(await next(-3 * HOUR_MS)).toBe(1);
});

describe("runs that were due while the dashboard was down", () => {
  const restartAfter = async (ms: number): Promise<void> => {
    await room.stop();
    await room.judged.stop();
    clock.advance(ms);
    await open();
    room.start();
    await room.judged.start();
  };

  test("are noted, told once and not made up for", async () => {
    await create({ name: "hourly" });
    await create({ name: "often", scheduler: "0 * * * * *" });
    await create({ name: "quiet", scheduler: "0 30 * * * *", tell_missed: false });
    room.start();
    await room.judged.start();
    await restartAfter(2.6 * HOUR_MS);
    expect(await runs()).toMatchObject([
      { cron_name: "quiet", cause: "missed", state: "missed", missed: { count: 3, more: false } },
      { cron_name: "often", missed: { count: 100, more: true } },
      { cron_name: "hourly", missed: { count: 2, first: "2026-06-01T13:00:00Z", last: "2026-06-01T14:00:00Z" } },
    ]);
    expect(notices.map(([group, { text }]) => [group, text.split("|").at(-1)])).toEqual([[GROUP, "hourly (2)"]]);
    await restartAfter(0);
    expect(notices).toHaveLength(1);
    expect(await runs("?state=missed")).toHaveLength(3);
  });

  test("do not include what ran before a crash, nor what was planned only meanwhile", async () => {
    await create({ scheduler: "30 * * * * *", servers: [1] });
    room.start();
    await room.judged.start();
    await clock.advanceAsync(30_000);
    await room.runs.settled();
    expect(await runs()).toHaveLength(1);
    // No stop: the program was killed.
    clock.advance(20_000);
    await open();
    room.start();
    await room.judged.start();
    expect(await runs("?state=missed")).toEqual([]);
  });

  describe("when the task was written meanwhile", () => {
    const HOURLY = { name: "x", scheduler: "@hourly", command: "x", servers: [1], notification_group_id: GROUP, task_type: 0 };
    const write = (over: object) => (id: number) => data<unknown>(alice, `PATCH /cron/${id}`, { ...HOURLY, ...over });
    const late = async (id: number): Promise<void> => {
      await data(alice, `POST /cron/${id}/manual`);
      await answer(id, 1);
    };
    const reference = async (id: number): Promise<void> => {
      const elsewhere = { scheduler: "0 30 * * * *", updated_at: new Date(clock.now()).toISOString() };
      await temporary.database.kysely.updateTable("crons").set(elsewhere).where("id", "=", id).execute();
    };
    /** Half an hour lies between what is done; the first of it is at half past one. */
    test.each<[string, ((id: number) => Promise<unknown>)[], string[]]>([
      ["its name", [write({ name: "y" })], ["13:00", "14:00"]],
      ["a result of it", [late], ["13:00", "14:00"]],
      ["to another schedule", [write({ scheduler: "0 20 * * * *" })], ["13:00", "14:20"]],
      ["so that none held any more", [write({ task_type: 1, cover: 2 })], ["13:00", "13:00"]],
      ["twice, so that none held for a while", [write({ task_type: 1, cover: 2 }), write({}), write({})], ["13:00", "15:00"]],
      ["by another program, of which nobody knows what it was before", [reference], ["14:30", "14:30"]],
    ])("%s: each is found under the schedule that held", async (_what, deeds, [first, last]) => {
      const id = await data<number>(alice, "POST /cron", HOURLY);
      room.start();
      await room.judged.start();
      await room.stop();
      await room.judged.stop();
      isJudge = false;
      clock.advance(1.4 * HOUR_MS);
      for (const deed of deeds) {
        clock.advance(0.1 * HOUR_MS);
        await open();
        await deed(id);
        clock.advance(0.4 * HOUR_MS);
      }
      clock.advance(0.6 * HOUR_MS);
      await open();
      room.start();
      await room.judged.start();
      const at = (text: string | undefined): string => `2026-06-01T${text}:00Z`;
      expect(await runs("?state=missed")).toMatchObject([{ missed: { first: at(first), last: at(last) } }]);
    });

    test("by a version that notes no schedules: from the next judge on they are known", async () => {
      const id = await data<number>(alice, "POST /cron", HOURLY);
      await temporary.database.kysely.updateTable("wf_cron_options").set({ schedules: "[]" }).execute();
      room.start();
      await room.judged.start();
      await room.stop();
      await room.judged.stop();
      clock.advance(1.5 * HOUR_MS);
      await open();
      await late(id);
      room.start();
      await room.judged.start();
      expect(await runs("?state=missed")).toMatchObject([{ missed: { first: "2026-06-01T13:00:00Z", count: 1 } }]);
    });
  });

  test.each([
    [0, 100, [10, 20, 90], { count: 3, more: false, first: 10, last: 90 }],
    [20, 100, [10, 20, 90], { count: 1, more: false, first: 90, last: 90 }],
    [0, 9, [10, 20, 90], undefined],
  ])("after %d up to %d of %j", (from, to, due, expected) => {
    expect(missedRuns((after) => due.find((at) => at > after), from, to)).toEqual(expected);
  });
});

test("the oldest runs go when there are too many results, or too much output", async () => {
  const id = await create({ task_type: 1, cover: 0 });
  for (let count = 0; count < 4; count++) await data(alice, `POST /cron/${id}/manual`);
  const { database } = temporary;
  const prune = (most: { results: number; bytes: number }) =>
    createRunPruning({ database, now: clock.now, pending: createPendingResults(clock.now()), most })();
  await prune({ results: 6, bytes: 1e6 });
  expect((await runs()).map((run) => run.id)).toEqual([4, 3, 2]);
  await prune({ results: 6, bytes: 1_300 });
  expect((await runs()).map((run) => run.id)).toEqual([4, 3]);
  clock.advance(91 * 24 * HOUR_MS);
  await room.prune();
  expect(await runs()).toEqual([]);
});

test("every answer is taken for one run at most, whatever the times say", () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant("sent" as const), at: fc.nat(1000), server: fc.nat(2) }),
    fc.record({ kind: fc.constant("answered" as const), at: fc.nat(1000), server: fc.nat(2) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const pending = createPendingResults(0);
      const taken = new Set<number>();
      let sent = 0;
      for (const { kind, at, server } of events) {
        if (kind === "sent") pending.add({ runId: ++sent, cronId: 1, serverId: server, sentAt: at, cancelled: false, lost: false });
        else {
          const found = pending.take(1, server, at);
          if (!found) continue;
          expect(found.serverId).toBe(server);
          expect(taken.has(found.runId)).toBe(false);
          taken.add(found.runId);
        }
      }
      expect(taken.size).toBeLessThanOrEqual(sent);
    }),
  );
});
