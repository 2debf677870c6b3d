import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createCycleTraffic, createTraffic, createTrafficCorrections } from "#features/traffic";
import type { CycleTraffic, Traffic, TrafficCorrections } from "#features/traffic";
import { ROLE } from "#kernel";
import type { Caller } from "#kernel";
import { createRouteCaller } from "#platform/http/testing";
import { createAuditLog } from "#platform/audit";
import { openTemporaryDatabase, statement } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createCycleWatch } from "./cycle-watch.ts";
import type { CycleWatch } from "./cycle-watch.ts";
import { covers } from "./model.ts";
import type { AlertCondition, AlertRule } from "./model.ts";
import { trafficNeed } from "./traffic-need.ts";

const MINUTE_MS = 60_000;
let clock: FakeClock;
let temporary: TemporaryDatabase;
let rules: AlertRule[];
let traffic: CycleTraffic;
let watch: CycleWatch;
/** Bytes of each server that are not recorded yet. */
let live: Map<number, Traffic>;
let corrections: TrafficCorrections;

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
  severity: "warning",
  saves: 0,
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
  corrections = await createTrafficCorrections({
    database: temporary.database,
    audit: createAuditLog({ database: temporary.database, now: clock.now }),
    now: clock.now,
    findServer: async (_tx, id) => ({ id, ownerId: 1 }),
  });
  rules = [rule()];
  traffic = createCycleTraffic();
  watch = createCycleWatch({
    alerts: { list: () => rules },
    coverage: { servers: () => live.keys(), covers },
    servers: { get: (id) => ({ settings: { name: `s${id}` }, traffic: { unbooked: live.get(id) ?? { in: 0, out: 0 } } }) },
    undisturbed: (read) => read(),
    sums: createTraffic(temporary.database).sums,
    corrections,
    cycleTraffic: traffic,
    now: clock.now,
    onError: (error) => expect.fail(String(error)),
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

const admin: Caller = { kind: "session", user: { id: 1, username: "admin", role: ROLE.admin }, sessionKey: "k", via: "cookie" };
const correct = (form: object, id = 1) => createRouteCaller(corrections.routes)(admin, `POST /server/${id}/traffic-correction`, form);

test("what people enter counts in its cycle and its direction, is seen at the next look, and is never less than nothing", async () => {
  corrections.onChange(watch.lookAgain);
  await record(1, "2026-03-05 00:00:00+00:00", 100, 10);
  await watch.evaluate();
  expect(used()).toMatchObject({ 1: 113 });
  await correct({ in: 500, note: "rescue system" });
  await correct({ at: "2026-02-27T00:00:00Z", in: 7000 });
  await correct({ at: "2026-03-10T18:00:00Z", in: 7000 });
  await watch.evaluate();
  expect(used()).toMatchObject({ 1: 613, 2: 0 });
  expect(await watch.judge(rule(), condition(), 1)).toBe("P");
  await correct({ in: -105, out: -1000 });
  await watch.evaluate();
  expect(used()).toMatchObject({ 1: 101 + 500 - 105 });
  await correct({ out: 2000 });
  await watch.evaluate();
  expect(used()).toMatchObject({ 1: 101 + 500 - 105 + 1012 });
});

test("a running cycle says what it will have used if it goes on like this", async () => {
  await record(1, "2026-03-05 00:00:00+00:00", 100, 10);
  await watch.evaluate();
  const elapsed = Date.parse("2026-03-10T00:00:00Z") - Date.parse("2026-03-01T00:00:00+08:00");
  expect(traffic.stats(() => true)[1]?.forecast).toEqual({ 1: Math.round((113 * 31 * 86_400_000) / elapsed), 2: 0 });
});

test.each([
  ["transfer_in_cycle", 101],
  ["transfer_out_cycle", 12],
  ["transfer_all_cycle", 113],
])("%s counts %i", async (type, bytes) => {
  await record(1, "2026-03-01 00:00:00+08:00", 100, 10);
  rules = [rule({ rules: [condition({ type })] })];
  await watch.evaluate();
  expect(used()[1]).toBe(bytes);
});

test("rarely while little is used, often near the limit, and again with each new period", async () => {
  await record(2, "2026-03-01 00:00:00+08:00", 2000, 0);
  await watch.evaluate();
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

test("the first cycle condition is shown, others are not; rules that are off are not looked at", async () => {
  const tooLittle = condition({ min: 50, max: 0 });
  rules = [rule({ rules: [condition({ cover: 1, ignore: { 1: true } }), tooLittle] }), rule({ id: 2, enable: null })];
  await watch.evaluate();
  expect(used()).toEqual({ 1: 3 });
  expect([await watch.judge(rules[0] ?? rule(), tooLittle, 1), await watch.judge(rules[0] ?? rule(), tooLittle, 2)]).toEqual(["F", "F"]);
  expect(used()).toEqual({ 1: 3 });
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

test("rows dated in the future do not count before their time", async () => {
  await record(1, "2026-03-10 00:00:00+00:00", 10, 0);
  await record(1, "2026-03-10 00:02:59+00:00", 100, 0);
  await record(1, "2026-03-11 09:00:00+08:00", 1000, 0);
  await watch.evaluate();
  expect(used()[1]).toBe(13);
  clock.advance(25 * 60 * MINUTE_MS);
  await watch.evaluate();
  expect(used()[1]).toBe(1113);
});

test("with only a lower bound the next look is after half an hour, with no bound after three minutes", async () => {
  rules = [rule({ rules: [condition({ min: 5, max: 0 })] }), rule({ id: 2, rules: [condition({ max: 0 })] })];
  await watch.evaluate();
  const nextOf = (id: number) => Date.parse(traffic.stats(() => true)[id]?.next_update?.["1"] ?? "") - clock.now();
  expect([nextOf(1), nextOf(2)]).toEqual([30 * MINUTE_MS, 3 * MINUTE_MS]);
});

test("sums have every digit, over rows and what is not recorded yet", async () => {
  live.set(1, { in: 2n ** 53n + 1n, out: 1 });
  for (const hour of [1, 2, 3]) {
    await statement(
      temporary.database,
      `INSERT INTO transfers (created_at, user_id, server_id, "in", "out") VALUES ('2026-03-05 0${hour}:00:00+00:00', 0, 1, 4611686018427387905, 4611686018427387904)`,
    ).run();
  }
  rules = [rule({ rules: [condition({ type: "transfer_in_cycle" })] })];
  await watch.evaluate();
  expect(JSON.stringify(used())).toBe(`{"1":${3n * 4611686018427387905n + 2n ** 53n + 1n},"2":0}`);
});

test("only rows of covered servers are read, and by their index", async () => {
  const { database } = temporary;
  const plan = await statement(
    database,
    "EXPLAIN QUERY PLAN SELECT sum(\"in\") FROM transfers WHERE server_id = 1 AND created_at >= '2026-01-01' AND created_at <= '2026-02-01'",
  ).all();
  expect(JSON.stringify(plan)).toContain("wf_transfers_server_id");
  const asked: number[] = [];
  const sums = createTraffic(database).sums;
  rules = [rule({ rules: [condition({ cover: 1, ignore: { 2: true } })] })];
  watch = createCycleWatch({
    alerts: { list: () => rules },
    coverage: { servers: () => live.keys(), covers },
    servers: { get: (id) => ({ settings: { name: `s${id}` }, traffic: { unbooked: live.get(id) ?? { in: 0, out: 0 } } }) },
    corrections,
    undisturbed: (read) => read(),
    sums: (span) => {
      asked.push(span.serverId);
      return sums(span);
    },
    cycleTraffic: traffic,
    now: clock.now,
    onError: (error) => expect.fail(String(error)),
  });
  await watch.evaluate();
  clock.advance(3_000);
  await watch.evaluate();
  expect(asked).toEqual([2]);
});

/** Spec 30 section 2.8, Y1 to Y6, Y8, Y9: rows of server 1, which has used nothing since. */
test.each<[string, object, string, number[], string, number]>([
  ["Y1: a row of the future does not count", { max: 50 }, "10:30:00", [10], "P", 1440],
  ["Y2: the window ends before half an hour", { max: 0, min: 20 }, "10:45:00", [10], "F", 900],
  ["Y4: little used", { cycleUnit: "day", max: 4_000_000 }, "10:30:00", [1_000_000], "P", 1350],
  ["Y5: near the limit", { cycleUnit: "day", max: 4_000_000 }, "10:30:00", [3_700_000], "P", 180],
  ["Y6: over the limit", { cycleUnit: "day", max: 4_000_000 }, "10:30:00", [5_000_000], "F", 180],
  [
    "Y9: the cycle ends in 40 s",
    { cycleUnit: "day", max: 4_000_000, cycleStart: "2026-01-01T10:30:40Z" },
    "10:30:00",
    [1_000_000],
    "P",
    40,
  ],
  ["at the limit", { max: 10 }, "10:30:00", [10], "P", 180],
])("%s", async (_, over, time, [bytes = 0], verdict, seconds) => {
  clock.jump(Date.parse(`2026-03-10T${time}Z`) - clock.now());
  live.set(1, { in: 0, out: 0 });
  await record(1, "2026-03-10 10:20:00+00:00", 0, bytes);
  await record(1, "2026-03-10 10:45:01+00:00", 0, 100);
  const bound = condition({ type: "transfer_out_cycle", cycleUnit: "hour", cycleStart: "2026-01-01T10:00:00Z", ...over });
  rules = [rule({ rules: [bound] })];
  expect(watch.verdict(bound, 1)).toBeUndefined();
  expect(await watch.judge(rules[0] ?? rule(), bound, 1)).toBe(verdict);
  await record(1, `2026-03-10 10:29:59+00:00`, 0, 10 ** 9);
  clock.advance(seconds * 1000 - 1);
  expect(watch.verdict(bound, 1)).toBe(verdict);
  clock.advance(1);
  expect(watch.verdict(bound, 1)).toBeUndefined();
});

test("a look for showing fills no verdict, one for judging is shown", async () => {
  await watch.evaluate();
  const [bound = condition()] = rules[0]?.rules?.filter((one) => one !== null) ?? [];
  expect(watch.verdict(bound, 1)).toBeUndefined();
  live.set(1, { in: 2000, out: 0 });
  expect(await watch.judge(rules[0] ?? rule(), bound, 1)).toBe("F");
  expect(used()).toEqual({ 1: 2000, 2: 0 });
});

test("Y7: what cannot be read is not known, and leaves everything as it was", async () => {
  await watch.evaluate();
  const errors: unknown[] = [];
  watch = createCycleWatch({
    alerts: { list: () => rules },
    coverage: { servers: () => live.keys(), covers },
    servers: { get: (id) => ({ settings: { name: `s${id}` }, traffic: { unbooked: live.get(id) ?? { in: 0, out: 0 } } }) },
    undisturbed: (read) => read(),
    sums: createTraffic(temporary.database).sums,
    corrections,
    cycleTraffic: traffic,
    now: clock.now,
    onError: (error) => errors.push(error),
  });
  const [bound = condition()] = rules[0]?.rules?.filter((one) => one !== null) ?? [];
  await statement(temporary.database, "ALTER TABLE transfers RENAME TO elsewhere").run();
  expect(await watch.judge(rules[0] ?? rule(), bound, 1)).toBe("U");
  expect([errors.length, watch.verdict(bound, 1), used()]).toEqual([1, undefined, { 1: 3, 2: 0 }]);
  await statement(temporary.database, "ALTER TABLE elsewhere RENAME TO transfers").run();
  expect(await watch.judge(rules[0] ?? rule(), bound, 1)).toBe("P");
});

test("what cannot be read keeps the last look, and the other rules are looked at", async () => {
  await statement(temporary.database, "ALTER TABLE transfers RENAME TO elsewhere").run();
  await expect(watch.evaluate()).rejects.toThrow("transfers");
  expect(traffic.stats(() => true)).toEqual({});
  await statement(temporary.database, "ALTER TABLE elsewhere RENAME TO transfers").run();
  await watch.evaluate();
  expect(used()).toEqual({ 1: 3, 2: 0 });
});

test("a rule that another condition makes invalid still shows its traffic; a cycle that cannot be reckoned shows none", async () => {
  rules = [
    rule({ rules: [condition({ type: "unknown_type" }), null, condition({ type: "transfer_out_cycle" })] }),
    rule({ id: 2, rules: [condition({ cycleUnit: "fortnight" })] }),
    rule({ id: 3, rules: [condition({ type: "made_up_cycle" })] }),
  ];
  await watch.evaluate();
  expect(Object.keys(traffic.stats(() => true))).toEqual(["1"]);
  expect(used()).toEqual({ 1: 2, 2: 0 });
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
  [
    "everything where a cycle cannot be reckoned",
    [rule({ rules: [condition({ cycleUnit: "fortnight" })] })],
    false,
    ["1 february", "1 march", "2 february", "2 march"],
  ],
  [
    "everything of the servers of such a cycle",
    [rule({ rules: [condition({ max: -1, cover: 1, ignore: { 2: true } })] })],
    false,
    ["2 february", "2 march"],
  ],
  ["what the good cycle of an invalid rule needs", [rule({ rules: [null, condition()] })], false, ["1 march", "2 march"]],
])("kept: %s", async (_case, kept, listedAlone, left) => {
  const { kysely } = temporary.database;
  for (const id of [1, 2]) await statement(temporary.database, `INSERT INTO servers (id, name, uuid) VALUES (${id}, 's', 'u${id}')`).run();
  for (const id of [1, 2, 3]) {
    await record(id, "2026-02-28 23:59:59+08:00", 1, 0);
    await record(id, "2026-03-01 00:00:00+08:00", 2, 0);
  }
  await createTraffic(temporary.database).clean(trafficNeed(kept, clock.now(), { listedAlone }), { now: clock.now() });
  const rows = await kysely.selectFrom("transfers").select(["server_id", "in"]).execute();
  expect(rows.map((row) => `${row.server_id} ${row.in === 1 ? "february" : "march"}`).toSorted()).toEqual(left);
});

test("a forecast is held to what will have been used; while nothing can be foretold, to what was", async () => {
  const foretold = condition({ type: "transfer_all_forecast", max: 400 });
  rules = [rule({ rules: [foretold] })];
  // A third of the month is gone: 113 are 350 at its end.
  await record(1, "2026-03-05 00:00:00+00:00", 60, 50);
  expect(await watch.judge(rules[0] as AlertRule, foretold, 1)).toBe("P");
  expect(watch.figure(foretold, 1)).toBe(Math.round((113 * 31 * 86_400_000) / (clock.now() - Date.parse("2026-03-01T00:00:00+08:00"))));
  await record(1, "2026-03-06 00:00:00+00:00", 50, 0);
  watch.lookAgain(1);
  expect(await watch.judge(rules[0] as AlertRule, foretold, 1)).toBe("F");
  expect(used()).toEqual({ 1: 163 });
  // A new month: nothing is foretold in its first twentieth.
  clock.advance(Date.parse("2026-04-01T00:00:00+08:00") + 3_600_000 - clock.now());
  await record(1, "2026-03-31 16:30:00+00:00", 300, 0);
  expect(await watch.judge(rules[0] as AlertRule, foretold, 1)).toBe("P");
  await record(1, "2026-03-31 16:40:00+00:00", 200, 0);
  watch.lookAgain(1);
  expect(await watch.judge(rules[0] as AlertRule, foretold, 1)).toBe("F");
});

test("a clock that is set back does not put off the next look, neither the judge's nor that for showing", async () => {
  const only = rule();
  rules = [only];
  const [first] = only.rules ?? [];
  if (!first) throw new Error("the rule has a condition");
  clock.jump(8 * 60 * MINUTE_MS);
  await watch.evaluate();
  expect(await watch.judge(only, first, 1)).toBe("P");
  clock.jump(-8 * 60 * MINUTE_MS);
  live.set(1, { in: 5_000, out: 0 });
  expect(watch.verdict(first, 1)).toBeUndefined();
  await watch.evaluate();
  expect(used()["1"]).toBe(5_000);
});
