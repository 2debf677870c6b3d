import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ROLE } from "#kernel";
import type { Caller, User } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { openTemporaryDatabase, statement } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import { createOutbox } from "#platform/outbox";
import type { Cron } from "./model.ts";
import { triggerRoutes } from "./trigger-routes.ts";
import { createTriggers } from "./triggers.ts";

const MINUTE_MS = 60_000;
const ALICE: User = { id: 2, username: "alice", role: ROLE.member };
const BOB: User = { id: 3, username: "bob", role: ROLE.member };
const session = (user: User): Caller => ({ kind: "session", user, sessionKey: "k", via: "cookie" });
const token = (user: User, ...serverIds: number[]): Caller => ({
  kind: "token",
  user,
  tokenId: 1,
  scopes: ["nezha:*"],
  serverIds: new Set(serverIds),
});

let temporary: TemporaryDatabase;
const clock = createFakeClock();
beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
});
afterEach(async () => temporary.remove());

test("tasks that cannot be started are tried less and less often, given up after a day, and those behind them go on", async () => {
  const { database } = temporary;
  const outbox = createOutbox({ clock, database, onError: (error) => expect.fail(String(error)) });
  const warnings: unknown[] = [];
  let tries = 0;
  const started: number[] = [];
  const triggers = createTriggers("alert-task", {
    clock,
    outbox,
    ownerOf: () => 1,
    agents: { where: async () => "here" },
    log: { warn: (text, details) => void warnings.push([text, details]) },
    trigger: async ([id = 0]) => {
      if (id === 4) {
        tries++;
        throw new Error("cannot be started");
      }
      started.push(id);
    },
  });
  await database.change(async (tx, changes) => {
    for (const cronIds of [[4], [], [6]]) await triggers.add(tx, changes, { sourceId: 1, lane: "1 5", serverId: 5, ownerId: 1, cronIds });
  });
  await outbox.start();
  const states = async (): Promise<string[]> => (await outbox.find({ topic: "alert-task" }, 9)).map(({ state }) => state).toReversed();
  await clock.advanceAsync(MINUTE_MS);
  expect(tries).toBeGreaterThan(15);
  await clock.advanceAsync(23 * 60 * MINUTE_MS);
  expect(tries).toBeLessThan(200);
  expect(await states()).toEqual(["waiting", "waiting"]);
  await clock.advanceAsync(2 * 60 * MINUTE_MS);
  await vi.waitFor(async () => expect(await states()).toEqual(["dead", "sent"]));
  expect(started).toEqual([6]);
  expect(warnings).toEqual([["tasks were given up", { topic: "alert-task", id: 1, reason: "cannot be started" }]]);
  await outbox.stop();
});

test("what an earlier process left waits a minute for the agent; what begins now does not, and what is cancelled or of a rule that is gone is not started", async () => {
  const { database } = temporary;
  const started: string[] = [];
  const there = new Set<number>();
  const gone = new Set<number>();
  const build = () => {
    const outbox = createOutbox({ clock, database, onError: (error) => expect.fail(String(error)) });
    const triggers = createTriggers("service-task", {
      clock,
      outbox,
      ownerOf: (id) => (gone.has(id) ? undefined : 1),
      agents: { where: async (id) => (there.has(id) ? "here" : "offline") },
      log: { warn: (text) => expect.fail(text) },
      trigger: async (ids, { serverId, ownerId }) => void started.push(`${ids.join()} on ${serverId} for ${ownerId}`),
    });
    const add = (sourceId: number, cronId: number): Promise<void> =>
      database.change((tx, changes) =>
        triggers.add(tx, changes, { sourceId, lane: `${sourceId}`, serverId: sourceId, ownerId: 1, cronIds: [cronId] }),
      );
    return { outbox, triggers, add };
  };
  const before = build();
  for (const id of [1, 2, 3, 4]) await before.add(id, 10 + id);
  await clock.advanceAsync(1);
  const after = build();
  await database.change((tx, changes) => after.triggers.cancel(tx, changes, 3, "saved"));
  gone.add(4);
  await after.outbox.start();
  await after.add(5, 15);
  await vi.waitFor(() => expect(started).toEqual(["15 on 5 for 1"]));
  there.add(1);
  await clock.advanceAsync(6_000);
  await vi.waitFor(() => expect(started.slice(1)).toEqual(["11 on 1 for 1"]));
  await clock.advanceAsync(MINUTE_MS);
  await vi.waitFor(() => expect(started.slice(2)).toEqual(["12 on 2 for 1"]));
  const states = (await after.outbox.find({ topic: "service-task" }, 9)).map(({ target, state }) => `${target} ${state}`).toReversed();
  expect(states).toEqual(["1 sent", "2 sent", "3 cancelled", "4 cancelled", "5 sent"]);
  await database.transaction((tx) => after.triggers.drop(tx, [1, 2, 3, 4, 5]));
  expect(await after.outbox.find({ topic: "service-task" }, 9)).toEqual([]);
  await after.outbox.stop();
});

test("what was given up is seen and started again by who may manage the rule and its tasks", async () => {
  const { database } = temporary;
  const outbox = createOutbox({ clock, database, onError: (error) => expect.fail(String(error)) });
  const started: number[] = [];
  let works = false;
  const deps = {
    clock,
    outbox,
    ownerOf: () => ALICE.id,
    agents: { where: async () => "here" as const },
    log: { warn: () => undefined },
    trigger: async ([id = 0]: readonly number[]) => {
      if (!works) throw new Error("cannot be started");
      started.push(id);
    },
  };
  const alerts = createTriggers("alert-task", deps);
  const services = createTriggers("service-task", deps);
  await database.change(async (tx, changes) => {
    await alerts.add(tx, changes, { sourceId: 1, lane: "1 5", serverId: 5, ownerId: ALICE.id, cronIds: [4] });
    await services.add(tx, changes, { sourceId: 2, lane: "2", serverId: 6, ownerId: ALICE.id, cronIds: [8] });
  });
  await outbox.start();
  const audit = createAuditLog({ database, now: clock.now });
  /** Task 8 is somebody else's by now. */
  const crons = { get: (id: number) => (id === 4 || id === 8 ? ({ id, ownerId: id === 4 ? ALICE.id : BOB.id } as Cron) : undefined) };
  const checks = { mayManage: (caller: Caller, { ownerId }: Cron) => caller.kind !== "guest" && caller.user.id === ownerId };
  const call = createRouteCaller(triggerRoutes({ database, audit, outbox, crons, checks }));
  await clock.advanceAsync(25 * 60 * MINUTE_MS);
  await vi.waitFor(async () =>
    expect(await call(session(ALICE), "GET /cron-trigger?state=dead")).toMatchObject({
      data: [
        { id: 2, source: "service", source_id: 2, server_id: 6, crons: [8], error: "cannot be started" },
        { id: 1, source: "alert", source_id: 1, server_id: 5, crons: [4], state: "dead", created_at: expect.any(String) as string },
      ],
    }),
  );
  const ids = async (caller: Caller, query = "") => {
    const answer = await call(caller, `GET /cron-trigger${query}`);
    return "data" in answer ? (answer.data as { id: number }[]).map(({ id }) => id) : answer.error;
  };
  expect(await ids(session(BOB))).toEqual([]);
  expect(await ids(token(ALICE, 5))).toEqual([1]);
  expect(await ids(session(ALICE), "?source=service")).toEqual([2]);
  expect(await ids(session(ALICE), "?source=alert&source_id=9")).toEqual([]);
  const again = (caller: Caller, id: number) => call(caller, `POST /cron-trigger/${id}/send-again`);
  for (const [caller, id] of [
    [session(BOB), 1],
    [token(ALICE, 6), 1],
    [session(ALICE), 9],
  ] as const)
    expect(await again(caller, id)).toEqual({ error: `cron trigger id ${id} does not exist` });
  expect(await again(session(ALICE), 2)).toEqual({ error: "permission denied" });
  works = true;
  expect(await again(session(ALICE), 1)).toEqual({ data: null });
  await vi.waitFor(() => expect(started).toEqual([4]));
  await vi.waitFor(async () => expect(await again(session(ALICE), 1)).toEqual({ error: "cron trigger 1 is sent, not dead" }));
  await outbox.stop();
});

test("who has few tasks sees them behind thousands of others'", async () => {
  const { database } = temporary;
  const outbox = createOutbox({ clock, database, onError: (error) => expect.fail(String(error)) });
  const triggers = createTriggers("alert-task", {
    clock,
    outbox,
    ownerOf: () => ALICE.id,
    agents: { where: async () => "here" },
    log: { warn: () => undefined },
    trigger: async () => undefined,
  });
  await database.change((tx, changes) =>
    triggers.add(tx, changes, { sourceId: 1, lane: "1 5", serverId: 5, ownerId: ALICE.id, cronIds: [4] }),
  );
  await statement(
    database,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
       INSERT INTO wf_outbox (topic, target, lane, event, kind, payload, bytes, state, attempts, unsure, created_at, next_try_at, lease_until,
         settled_at, last_error)
       SELECT 'alert-task', '2', '', 'owner 3', '', '{"serverId":6,"ownerId":3,"cronIds":[1]}', 9, 'sent', 1, 0, 1, 1, 0, 1, '' FROM n`,
  ).run();
  const asked: number[] = [];
  const counting = {
    ...outbox,
    find: async (...[where, limit]: Parameters<typeof outbox.find>) => {
      const page = await outbox.find(where, limit);
      asked.push(page.length);
      return page;
    },
  };
  const audit = createAuditLog({ database, now: clock.now });
  const checks = { mayManage: () => true };
  const call = createRouteCaller(triggerRoutes({ database, audit, outbox: counting, crons: { get: () => undefined }, checks }));
  const ids = async (caller: Caller) => {
    const answer = await call(caller, "GET /cron-trigger?limit=2");
    return "data" in answer ? (answer.data as { id: number }[]).map(({ id }) => id) : answer.error;
  };
  expect(await ids(session(ALICE))).toEqual([1]);
  expect(asked).toEqual([1, 0]);
  const root: User = { id: 1, username: "admin", role: ROLE.admin };
  expect(await ids(session(root))).toEqual([6001, 6000]);
  expect(await ids(token(root, 5))).toEqual([1]);
});
