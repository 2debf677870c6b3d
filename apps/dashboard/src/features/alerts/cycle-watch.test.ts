import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createCycleTraffic } from "./cycle-traffic.ts";
import type { CycleTraffic } from "./cycle-traffic.ts";
import { createCycleWatch } from "./cycle-watch.ts";
import type { CycleWatch } from "./cycle-watch.ts";
import { covers } from "./model.ts";
import type { AlertCondition, AlertRule } from "./model.ts";
import { cleanTraffic, trafficNeed } from "./traffic-cleanup.ts";
import { createTrafficSums } from "./traffic-sums.ts";

const MINUTE_MS = 60_000;
let clock: FakeClock;
let temporary: TemporaryDatabase;
let rules: AlertRule[];
let traffic: CycleTraffic;
let watch: CycleWatch;
/** Bytes of each server that are not recorded yet. */
let live: Map<number, { in: number; out: number }>;

const condition = (over: Partial<AlertCondition> = {}): AlertCondition => ({
  type: "transfer_all_cycle",
  min: 0,
  max: 1000,
  cycleStart: "2026-01-01T00:00:00+08:00",
  cycleInterval: 1,
  cycleUnit: "month",
  duration: 0,
  cover: 0,
  ignore: {},
  ...over,
});
const rule = (over: Partial<AlertRule> = {}): AlertRule => ({
  id: 1,
  ownerId: 1,
  name: "monthly",
  enable: true,
  triggerMode: 0,
  notificationGroupId: 0,
  rules: [condition()],
  failTriggerTasks: null,
  recoverTriggerTasks: null,
  createdAt: "",
  updatedAt: "",
  ...over,
});

async function record(serverId: number, createdAt: string, inbound: number, outbound: number): Promise<void> {
  await temporary.database.kysely
    .insertInto("transfers")
    .values({ created_at: createdAt, updated_at: createdAt, user_id: 0, server_id: serverId, in: inbound, out: outbound })
    .execute();
}

const used = (ruleId = 1): Record<string, number> => traffic.stats(() => true)[ruleId]?.transfer ?? {};

beforeEach(async () => {
  clock = createFakeClock(Date.parse("2026-03-10T00:00:00Z"));
  temporary = await openTemporaryDatabase({ clock });
  live = new Map([
    [1, { in: 1, out: 2 }],
    [2, { in: 0, out: 0 }],
  ]);
  rules = [rule()];
  traffic = createCycleTraffic();
  watch = createCycleWatch({
    alerts: { list: () => rules },
    coverage: { servers: () => live.keys(), covers },
    servers: { get: (id) => ({ settings: { name: `s${id}` }, trafficDelta: () => live.get(id) ?? { in: 0, out: 0 } }) },
    sums: createTrafficSums(temporary.database),
    cycleTraffic: traffic,
    now: clock.now,
  });
});
afterEach(() => temporary.remove());

test("rows count from the first instant of the period, whatever offset they are written in", async () => {
  await record(1, "2026-03-01 00:00:00+08:00", 100, 10);
  await record(1, "2026-02-28 15:59:59.9+00:00", 5000, 5000);
  await record(1, "2026-02-28 11:00:00-05:00", 200, 20);
  await record(2, "2026-03-05 00:00:00+08:00", 7, 0);
  await watch.evaluate();
  expect(used()).toEqual({ 1: 333, 2: 7 });
  expect(traffic.stats(() => true)[1]).toMatchObject({ from: "2026-03-01T00:00:00+08:00", to: "2026-04-01T00:00:00+08:00", max: 1000 });
});

test.each([
  ["transfer_in_cycle", 101],
  ["transfer_out_cycle", 12],
  ["transfer_all_cycle", 113],
  ["made_up_cycle", 0],
])("%s counts %i", async (type, bytes) => {
  await record(1, "2026-03-01 00:00:00+08:00", 100, 10);
  rules = [rule({ rules: [condition({ type })] })];
  await watch.evaluate();
  expect(used()[1]).toBe(bytes);
});

test("rarely while little is used, often near the limit, and again with each new period", async () => {
  await record(2, "2026-03-01 00:00:00+08:00", 2000, 0);
  await watch.evaluate();
  const bound = rules[0]?.rules?.[0] ?? condition();
  expect([watch.failed(bound, 1), watch.failed(bound, 2)]).toEqual([false, true]);
  await record(1, "2026-03-10 08:00:00+08:00", 500, 0);
  await record(2, "2026-03-10 08:00:00+08:00", 500, 0);
  clock.advance(3 * MINUTE_MS);
  await watch.evaluate();
  expect(used()).toEqual({ 1: 3, 2: 2500 });
  clock.advance(27 * MINUTE_MS);
  await watch.evaluate();
  expect(used()).toEqual({ 1: 503, 2: 2500 });
  clock.jump(Date.parse("2026-04-01T00:00:00+08:00") - clock.now());
  await watch.evaluate();
  expect(used()).toEqual({ 1: 3, 2: 0 });
});

test("the first cycle condition is shown, others are judged only; rules that are off are not looked at", async () => {
  const tooLittle = condition({ min: 50, max: 0 });
  rules = [rule({ rules: [condition({ cover: 1, ignore: { 1: true } }), tooLittle] }), rule({ id: 2, enable: null })];
  await watch.evaluate();
  expect(used()).toEqual({ 1: 3 });
  expect([watch.failed(tooLittle, 1), watch.failed(tooLittle, 2)]).toEqual([true, true]);
  expect(used(2)).toEqual({});
});

test("a saved rule is looked at anew, and a server that is gone is forgotten", async () => {
  await watch.evaluate();
  live.set(1, { in: 40, out: 0 });
  rules = [rule()];
  traffic.removeRules([1]);
  await watch.evaluate();
  expect(used()).toEqual({ 1: 40, 2: 0 });
});

/** Spec 30 section 8.7. */
test.each<[string, AlertRule[], boolean, string[]]>([
  ["no cycle rule, nothing to keep", [], false, []],
  ["everywhere from the month's begin", [rule({ enable: false })], false, ["1 march", "2 march"]],
  ["of a listed server alone", [rule({ rules: [condition({ cover: 1, ignore: { 1: true, 2: false } })] })], false, ["1 march"]],
  [
    "of a listed server at least what is needed everywhere",
    [rule(), rule({ rules: [condition({ cover: 1, cycleUnit: "day", ignore: { 1: true } })] })],
    false,
    ["1 march", "2 march"],
  ],
  [
    "only what the lists need, as the reference does",
    [rule(), rule({ rules: [condition({ cover: 1, cycleUnit: "day", ignore: { 1: true } })] })],
    true,
    ["2 march"],
  ],
  [
    "of a listed server more",
    [rule(), rule({ rules: [condition({ cover: 1, cycleUnit: "year", ignore: { 1: true } })] })],
    false,
    ["1 february", "1 march", "2 march"],
  ],
])("kept: %s", async (_case, kept, listedAlone, left) => {
  const { kysely, prepare } = temporary.database;
  for (const id of [1, 2]) await prepare(`INSERT INTO servers (id, name, uuid) VALUES (${id}, 's', 'u${id}')`).run();
  for (const id of [1, 2, 3]) {
    await record(id, "2026-02-28 23:59:59+08:00", 1, 0);
    await record(id, "2026-03-01 00:00:00+08:00", 2, 0);
  }
  await cleanTraffic(temporary.database, trafficNeed(kept, clock.now(), { listedAlone }));
  const rows = await kysely.selectFrom("transfers").select(["server_id", "in"]).execute();
  expect(rows.map((row) => `${row.server_id} ${row.in === 1 ? "february" : "march"}`).toSorted()).toEqual(left);
});
