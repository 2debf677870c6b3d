import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createHistory } from "#features/history";
import { LiveServer } from "#features/servers";
import { testSettings } from "#features/servers/testing";
import { ROLE } from "#kernel";
import type { Caller } from "#kernel";
import { createAuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { mortalDatabase, openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import { createOutbox } from "#platform/outbox";
import { createScheduler } from "#platform/scheduler";
import { createServices } from "./index.ts";
import type { Services } from "./index.ts";

const ALICE = 2;
const caller: Caller = { kind: "session", user: { id: ALICE, username: "alice", role: ROLE.member }, sessionKey: "k", via: "cookie" };
const STEP_MS = 30_000;
/** More than a quarter of an hour of good results: the service is well again. */
const LONG = 40;

let clock: FakeClock;
let temporary: TemporaryDatabase;
let started: string[];
let trigger: (ids: readonly number[]) => Promise<void>;

beforeEach(async () => {
  clock = createFakeClock(Date.UTC(2026, 0, 10, 12));
  temporary = await openTemporaryDatabase({ clock });
  started = [];
  trigger = async (ids) => void started.push(ids.join());
});
afterEach(() => temporary.remove());

const server = new LiveServer({ ...testSettings, ownerId: ALICE, name: "s1" });
const form = (over: object = {}) => ({
  name: "db",
  type: 3,
  target: "192.0.2.1:5432",
  duration: 30,
  cover: 0,
  enable_trigger_task: true,
  fail_trigger_tasks: [4],
  recover_trigger_tasks: [6],
  ...over,
});

/** One process on the stored data. Nobody is told of services here. */
async function open(database: Database = temporary.database) {
  const log = { warn: () => undefined, error: () => undefined };
  const outbox = createOutbox({ clock, database, onError: () => undefined });
  const room = await createServices({
    database,
    clock,
    now: clock.now,
    location: "UTC",
    log,
    outbox,
    history: createHistory({
      clock,
      log,
      directory: "",
      limits: { retentionDays: 1, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 },
      enabled: false,
    }),
    servers: { get: (id) => (id === 1 ? server : undefined), list: () => [server] },
    reach: { server: () => server.settings, isOwner: () => true, reachOf: () => [1] },
    ownsEverything: () => false,
    requirePath: async () => undefined,
    requireRoom: () => undefined,
    crons: { get: () => ({ ownerId: ALICE }) },
    notificationGroupOwner: async () => ALICE,
    cycleTransferStats: () => ({}),
    cascades: [],
    scheduler: createScheduler({ clock, location: "UTC", log }),
    agents: { dispatch: async () => "sent", where: async () => "here" },
    pingCount: 2,
    notify: () => undefined,
    unmute: () => undefined,
    deliveries: { tell: async () => undefined, tellState: async () => undefined, dropEvents: async () => undefined },
    isPlanned: () => false,
    bookHealth: async () => ({ mayTell: false, incident: undefined }),
    audit: createAuditLog({ database, now: clock.now }),
    trigger: (ids) => trigger(ids),
    translate: (id) => id,
    onError: () => undefined,
  });
  const call = createRouteCaller(room.routes);
  await outbox.start();
  const play = async (results: string): Promise<void> => {
    for (const result of results) {
      room.onResult(1, { id: 1, type: 3, delay: 5, data: "", successful: result === "+" });
      for (let turn = 0; turn < 30; turn++) await new Promise(setImmediate);
      await clock.advanceAsync(STEP_MS);
    }
  };
  const stop = async (): Promise<void> => {
    await outbox.stop();
    await stopped(room).catch(() => undefined);
  };
  const states = async (): Promise<string[]> =>
    (await temporary.database.kysely.selectFrom("wf_outbox").select("state").orderBy("id").execute()).map(({ state }) => state);
  return { call, play, stop, states };
}

test("crons of a service start when it fails and when it is well again, whether or not anybody may be told", async () => {
  const { call, play, stop } = await open();
  await call(caller, "POST /service", form());
  await play("+-----");
  await vi.waitFor(() => expect(started).toEqual(["4"]));
  await play("+".repeat(LONG));
  await vi.waitFor(() => expect(started).toEqual(["4", "6"]));
  await stop();
});

test.each<[string, object, boolean]>([
  ["other lists", { fail_trigger_tasks: [5] }, true],
  ["no tasks", { enable_trigger_task: false }, true],
  ["another name", { name: "renamed" }, false],
  ["another target", { target: "192.0.2.2:5432" }, false],
])("saved with %s: what waits is started = not %s", async (_, over, isCancelled) => {
  const { call, play, stop, states } = await open();
  await call(caller, "POST /service", form());
  let isReady = false;
  trigger = async (ids) => {
    if (!isReady) throw new Error("not now");
    started.push(ids.join());
  };
  await play("+-");
  await vi.waitFor(async () => expect(await states()).toEqual(["waiting"]));
  expect(await call(caller, "PATCH /service/1", form(over))).toEqual({ data: null });
  isReady = true;
  await clock.advanceAsync(60_000);
  await vi.waitFor(async () => expect(await states()).toEqual([isCancelled ? "cancelled" : "sent"]));
  expect(started).toEqual(isCancelled ? [] : ["4"]);
  expect(await call(caller, "POST /batch-delete/service", [1])).toEqual({ data: null });
  expect(await states()).toEqual([]);
  await stop();
});

test("a process that ends at any call of the database loses no start and repeats at most one", async () => {
  let killed = 0;
  for (let calls = 0; ; calls++) {
    await temporary.remove();
    temporary = await openTemporaryDatabase({ clock });
    started = [];
    const life = { isArmed: false, left: calls, isOver: false };
    const first = await open(
      mortalDatabase(temporary.database, () => {
        if (life.isArmed && life.left-- <= 0) life.isOver = true;
        if (life.isOver) throw new Error("killed");
      }),
    );
    await first.call(caller, "POST /service", form({ quorum: { count: 1 } }));
    await first.play("+");
    life.isArmed = true;
    let left = "--+++";
    for (; left !== "" && !life.isOver; left = left.slice(1)) await first.play(left.slice(0, 1));
    const wasKilled = life.isOver;
    life.isOver = true;
    await first.stop();
    const second = await open();
    // The server says the same again.
    await second.play(left.length > 3 ? `-${left}` : `${left}++`);
    await vi.waitFor(() => expect(started.at(-1)).toBe("6"));
    expect([
      ["4", "6"],
      ...(wasKilled
        ? [
            ["4", "4", "6"],
            ["4", "6", "6"],
          ]
        : []),
    ]).toContainEqual(started);
    await second.stop();
    if (!wasKilled) break;
    killed++;
  }
  expect(killed).toBeGreaterThan(20);
});

async function stopped(room: Services): Promise<void> {
  await room.stop();
  await room.judged.stop();
}
