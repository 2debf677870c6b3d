import { ALERT_TYPES } from "@windfire/api";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LiveServer } from "#features/servers";
import { createIncidents } from "#features/incidents";
import { GUEST, refuse, ROLE } from "#kernel";
import type { Caller, User } from "#kernel";
import { createTraffic } from "#features/traffic";
import { createAuditLog } from "#platform/audit";
import { createOutbox } from "#platform/outbox";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createScheduler } from "#platform/scheduler";
import { createAlerts } from "./index.ts";
import type { Alerts } from "./index.ts";

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
/** Servers 1 and 2 are Alice's, 3 is Bob's; 2 is hidden from guests. */
const servers = new Map(
  [
    { id: 1, ownerId: alice.id, hideForGuest: false },
    { id: 2, ownerId: alice.id, hideForGuest: true },
    { id: 3, ownerId: bob.id, hideForGuest: false },
  ].map((server) => {
    const texts = { uuid: `u${server.id}`, name: `s${server.id}`, note: "", publicNote: "", createdAt: "", updatedAt: "" };
    const live = new LiveServer({
      ...server,
      ...texts,
      displayIndex: 0,
      enableDdns: false,
      ddnsProfiles: [],
      overrideDdnsDomains: {},
      tags: [],
    });
    return [server.id, live] as const;
  }),
);

let clock: FakeClock;
let temporary: TemporaryDatabase;
let room: Alerts;
let call: RouteCaller;

const cpu = (over: object = {}) => ({ type: "cpu", max: 90, duration: 10, cover: 0, ...over });
const cycle = (over: object = {}) => ({
  type: "transfer_all_cycle",
  max: 1e12,
  cycle_start: "2025-01-01T00:00:00+08:00",
  cycle_interval: 1,
  cycle_unit: "month",
  cover: 0,
  ...over,
});
const form = (over: object = {}) => ({ name: "n", enable: true, rules: [cpu()], ...over });

async function open(): Promise<void> {
  const { database } = temporary;
  const scheduler = createScheduler({ clock, location: "UTC", log: { warn: () => undefined, error: (text) => expect.unreachable(text) } });
  const tellNobody = async (): Promise<void> => undefined;
  room = await createAlerts({
    database,
    now: clock.now,
    clock,
    trafficNeededSince: () => undefined,
    takenOver: false,
    traffic: createTraffic(temporary.database),
    history: { enabled: false, serverSeries: async () => ({ starts: new Float64Array(), columns: [] }) },
    known: async () => [],
    corrections: { within: () => ({ in: 0n, out: 0n }), onChange: () => undefined },
    scheduler,
    audit: createAuditLog({ database, now: clock.now }),
    outbox: createOutbox({ clock, database, onError: (error) => expect.fail(String(error)) }),
    incidents: await createIncidents({
      clock,
      database,
      scheduler,
      now: clock.now,
      audit: createAuditLog({ database, now: clock.now }),
      location: "UTC",
      requireRoom: () => undefined,
      ownsEverything: () => false,
      ownerOf: () => undefined,
      serversOf: () => [],
      messagesOf: async () => [],
      servers: { get: () => undefined, list: () => [] },
      services: { get: () => undefined, list: () => [] },
      judgedAt: () => undefined,
      pathsIn: async () => ({ server: new Map(), service: new Map() }),
      tellHeldService: tellNobody,
      serviceSeries: async () => ({ starts: new Float64Array(), delays: new Float64Array(), losses: new Float64Array() }),
      history: { serverSeries: async () => ({ starts: new Float64Array(), columns: [] }) },
      availability: { server: async () => ({ onlineMs: 0, offlineMs: 0, unknownMs: 0, plannedMs: 0, offline: [], work: [], byDay: [] }) },
      figuresOf: () => [],
      deliveries: {
        raise: tellNobody,
        clear: tellNobody,
        remind: tellNobody,
        move: tellNobody,
        dropEvents: tellNobody,
        isReminderDue: () => false,
      },
    }),
    log: { warn: () => undefined, error: (text) => expect.fail(text) },
    translate: (id) => id,
    shownAddress: (address) => address,
    trigger: () => Promise.resolve(),
    agents: { where: async () => "offline" },
    servers: { get: (id) => servers.get(id), list: () => [...servers.values()] },
    reach: {
      server: (id) => servers.get(id)?.settings,
      isOwner: (ownerId) => ownerId < 90,
      reachOf: (ownerId) =>
        [...servers.values()].filter(({ settings }) => ownerId <= 1 || settings.ownerId === ownerId).map(({ id }) => id),
    },
    ownsEverything: (userId) => userId <= 1,
    ownsEverythingIn: async (_tx, userId) => userId <= 1,
    requireRoom: (user, rows) => {
      if (user.role !== ROLE.admin && rows >= 3) throw refuse("too many rows: at most %d of one kind", 3);
    },
    crons: { get: (id) => (ownerOf.has(id) ? { ownerId: ownerOf.get(id) ?? 0 } : undefined) },
    notificationGroupOwner: async (id) => ownerOf.get(id),
  });
  call = createRouteCaller(room.routes);
}

async function create(user: User, over: object = {}): Promise<number> {
  const answer = await call(session(user), "POST /alert-rule", form(over));
  if ("error" in answer) throw new Error(answer.error);
  return answer.data as number;
}

beforeEach(async () => {
  clock = createFakeClock();
  temporary = await openTemporaryDatabase({ clock });
  await open();
});
afterEach(() => temporary.remove());

/** Spec 11 section 8.3, in the order of the checks. */
test.each<[string, object, string]>([
  ["duration 2", { rules: [cpu({ duration: 2 })] }, "duration need to be at least 3"],
  ["the second of two", { rules: [cpu(), cpu({ duration: 1 })] }, "duration need to be at least 3"],
  ["a null condition", { rules: [null] }, "rule is not set"],
  ["the second is null", { rules: [cpu(), null, cpu({ duration: 1 })] }, "rule is not set"],
  ["a type that is none", { rules: [cpu({ type: "gpu_min", max: -1 })] }, "unsupported rule type"],
  ["a type in capitals", { rules: [cpu({ type: "CPU" })] }, "unsupported rule type"],
  ["a type that only ends like a cycle", { rules: [cycle({ type: "transfer_cycle" })] }, "unsupported rule type"],
  ["no type", { rules: [cpu({ type: undefined })] }, "unsupported rule type"],
  ["a negative bound", { rules: [cpu({ min: -0.5, cover: 2 })] }, "invalid rule thresholds"],
  ["bounds the wrong way round", { rules: [cpu({ min: 91, max: 90 })] }, "invalid rule thresholds"],
  ["another cover", { rules: [cpu(), cpu({ cover: 9 })] }, "rules.1.cover: must be 0 or 1"],
  ["cover 2", { rules: [cpu({ cover: 2, duration: 1 })] }, "permission denied"],
  ["a duration beyond 31 bits", { rules: [cpu({ duration: 2_147_483_648 })] }, "duration is too large"],
  ["a unit that is none", { rules: [cycle({ cycle_unit: "fortnight", cycle_interval: 0 })] }, "invalid cycle unit"],
  [
    "an interval beyond 31 bits of days",
    { rules: [cycle({ cycle_interval: 306_783_379, cycle_start: undefined })] },
    "cycle_interval is too large",
  ],
  ["33 conditions", { rules: Array.from({ length: 33 }, () => cpu()) }, "at most 32 rules"],
  ["5 000 conditions, of which the first is bad", { rules: Array.from({ length: 5_000 }, () => cpu({ duration: 1 })) }, "at most 32 rules"],
  ["no conditions", { rules: [] }, "need to configure at least a single rule"],
  ["null conditions", { rules: null, fail_trigger_tasks: [11] }, "need to configure at least a single rule"],
  ["no interval", { rules: [cycle({ cycle_interval: 0, cycle_start: undefined })] }, "cycle_interval need to be at least 1"],
  ["no start", { rules: [cycle({ cycle_start: undefined })] }, "cycle_start is not set"],
  ["a start to come", { rules: [cycle({ cycle_start: "2096-01-01T00:00:00Z" })] }, "cycle_start is a future value"],
  ["except a foreign server", { rules: [cpu({ ignore: { "3": true } })] }, "permission denied"],
  ["only an unknown server", { rules: [cpu({ cover: 1, ignore: { "9": true } })] }, "server id 9 does not exist"],
  ["a foreign trigger task", { fail_trigger_tasks: [11] }, "permission denied"],
  ["an unknown trigger task", { recover_trigger_tasks: [99] }, "task id 99 does not exist"],
  ["an unknown group", { notification_group_id: 99 }, "notification group id 99 does not exist"],
  ["a foreign group", { notification_group_id: 11 }, "permission denied"],
])("refused: %s", async (_label, over, error) => {
  expect(await call(session(alice), "POST /alert-rule", form(over))).toEqual({ error });
  expect(room.directory.list()).toEqual([]);
});

test.each([["a start that is no time", { rules: [cycle({ cycle_start: "yesterday" })] }]])(
  "refused with a text that names the field: %s",
  async (_label, over) => {
    const answer = await call(session(alice), "POST /alert-rule", form(over));
    expect("error" in answer && answer.error).toMatch(/^rules\.0/);
  },
);

test("the list of types is the specification's (spec 30 section 2.3)", () => {
  const singles = "cpu gpu gpu_max memory swap disk offline load1 load5 load15 tcp_conn_count udp_conn_count process_count temperature_max";
  const flows = ["net_in_speed", "net_out_speed", "net_all_speed", "transfer_in", "transfer_out", "transfer_all"];
  const cycles = ["transfer_in_cycle", "transfer_out_cycle", "transfer_all_cycle"];
  const ours = ["transfer_in_forecast", "transfer_out_forecast", "transfer_all_forecast"];
  expect([...ALERT_TYPES].toSorted()).toEqual([...singles.split(" "), ...flows, ...cycles, ...ours].toSorted());
  expect(ALERT_TYPES).toHaveLength(23 + 3);
});

/** Each with the ends of its bounds. */
test.each(ALERT_TYPES.filter((type) => !/_(cycle|forecast)$/.test(type)).map((type) => [type]))("accepted: %s", async (type) => {
  const rules = [cpu({ type, min: 90, max: 90, duration: 3 }), cpu({ type, min: 7, max: 0, duration: 2_147_483_647 })];
  expect(await call(session(alice), "POST /alert-rule", form({ rules }))).toEqual({ data: 1 });
});

test("a forecast has no lower bound, and is stored as a window that the reference can take", async () => {
  const forecast = cycle({ type: "transfer_all_forecast" });
  expect(await call(session(alice), "POST /alert-rule", form({ rules: [{ ...forecast, min: 5 }] }))).toEqual({
    error: "invalid rule thresholds",
  });
  expect(await call(session(alice), "POST /alert-rule", form({ rules: [forecast] }))).toEqual({ data: 1 });
  const [row] = await temporary.database.kysely.selectFrom("alert_rules").select("rules_raw").execute();
  expect(row?.rules_raw).toContain('"duration":3');
});

test.each(["transfer_in_cycle", "transfer_out_cycle", "transfer_all_cycle"])("accepted: %s", async (type) => {
  const units = ["", "hour", "Day", "WEEK", "month", "year"];
  const rules = units.map((unit) => cycle({ type, cycle_unit: unit, cycle_interval: 306_783_378 }));
  expect(await call(session(alice), "POST /alert-rule", form({ rules }))).toEqual({ data: 1 });
  expect(await call(session(alice), "GET /alert-rule")).toMatchObject({
    data: [{ rules: [{ type }, ...units.slice(1).map((unit) => ({ cycle_unit: unit }))] }],
  });
});

test("32 conditions are accepted, stored longer ones when they come back as they are", async () => {
  const many = Array.from({ length: 40 }, () => cpu());
  const id = await create(alice, { rules: many.slice(0, 32) });
  await temporary.database.kysely
    .updateTable("alert_rules")
    .set({ rules_raw: JSON.stringify(many) })
    .execute();
  await open();
  expect(await call(session(alice), "GET /alert-rule")).not.toHaveProperty(["data", 0, "invalid"]);
  expect(await call(session(alice), `PATCH /alert-rule/${id}`, form({ name: "new", rules: many }))).toEqual({ data: id });
  expect(await call(session(alice), `PATCH /alert-rule/${id}`, form({ rules: [...many, cpu()] }))).toEqual({ error: "at most 32 rules" });
  expect(await call(session(alice), `PATCH /alert-rule/${id}`, form({ rules: many.map((rule) => ({ ...rule, max: 80 })) }))).toEqual({
    error: "at most 32 rules",
  });
  expect(room.directory.get(id)).toMatchObject({ name: "new" });
});

/** Spec 30 section 2.2: what another version or a hand stored. */
test.each<[string, string, unknown]>([
  [
    '[{"type":"cpu","duration":3,"cover":0},{"type":"unknown","cover":0}]',
    "rule 2: unsupported rule type",
    [{ type: "cpu" }, { type: "unknown" }],
  ],
  ["[null]", "rule 1: rule is not set", [null]],
  ['[{"type":"cpu","max":1e999,"duration":3,"cover":0}]', "rule 1: invalid rule thresholds", [{ type: "cpu" }]],
  ['[{"type":"cpu","duration":18446744073709551615,"cover":0}]', "rule 1: duration is too large", [{ type: "cpu" }]],
  ['[{"type":"cpu","duration":"3","cover":0}]', "rule 1: duration cannot be read", [{ type: "cpu" }]],
  ["[]", "rules: need to configure at least a single rule", []],
  ["no json", "rules: not a list of rules", null],
])("kept, shown and never taken for good: %s", async (stored, invalid, rules) => {
  const id = await create(alice);
  await create(alice);
  const kept = () => temporary.database.kysely.selectFrom("alert_rules").select("rules_raw").where("id", "=", id).executeTakeFirst();
  await temporary.database.kysely
    .updateTable("alert_rules")
    .set({ rules_raw: stored, fail_trigger_tasks_raw: "[10]" })
    .where("id", "=", id)
    .execute();
  await open();
  expect(await call(session(alice), "GET /alert-rule")).toMatchObject({ data: [{ id, invalid, rules }, { id: 2 }] });
  await temporary.database.change(async (tx, changes) => {
    await room.cascades.servers(tx, [1, 2], changes);
    await room.cascades.crons(tx, [10], changes);
  });
  expect(await kept()).toEqual({ rules_raw: stored });
  expect(await call(session(alice), `PATCH /alert-rule/${id}`, form({ rules: [null] }))).toEqual({ error: "rule is not set" });
  expect(await kept()).toEqual({ rules_raw: stored });
  expect(await call(session(alice), `PATCH /alert-rule/${id}`, form({ invalid: "mine" }))).toEqual({ data: id });
  expect(await call(session(alice), "GET /alert-rule")).not.toHaveProperty(["data", 0, "invalid"]);
});

test("a clock that is set right after the start makes no rule invalid for good", async () => {
  await create(alice, { rules: [cycle()] });
  clock.jump(Date.parse("2024-01-01T00:00:00Z") - clock.now());
  await open();
  expect(await call(session(alice), "GET /alert-rule")).toMatchObject({ data: [{ invalid: "rule 1: cycle_start is a future value" }] });
  clock.jump(Date.parse("2026-01-01T00:00:00Z") - clock.now());
  expect(await call(session(alice), "GET /alert-rule")).not.toHaveProperty(["data", 0, "invalid"]);
});

test("what was sent comes back; left out means off", async () => {
  await create(alice, {
    rules: [cpu({ min: 0.5, ignore: { "1": true, "3": false } }), cycle(), { type: "offline", duration: 3 }],
    trigger_mode: 1,
  });
  await call(session(alice), "POST /alert-rule", { rules: [{ type: "gpu", duration: 3 }] });
  expect(await call(session(alice), "GET /alert-rule")).toMatchObject({
    data: [
      {
        id: 1,
        enable: true,
        trigger_mode: 1,
        rules: [cpu({ min: 0.5, ignore: { "1": true, "3": false } }), cycle(), { type: "offline", duration: 3, cover: 0 }],
        fail_trigger_tasks: null,
      },
      { id: 2, enable: false, name: "", rules: [{ type: "gpu", duration: 3, cover: 0 }] },
    ],
  });
  const before = room.directory.list();
  await open();
  expect(room.directory.list()).toEqual(before);
});

test("GHSA-rxf6-wjh4-jfj6: a token that names trigger tasks needs the right to run them", async () => {
  const tasks = form({ recover_trigger_tasks: [10] });
  expect(await call(token(alice, ["nezha:alertrule:*"]), "POST /alert-rule", tasks)).toEqual({ error: "permission denied" });
  expect(await call(token(alice, ["nezha:*"]), "POST /alert-rule", tasks)).toEqual({ data: 1 });
});

test("a token with a server list covers everything a rule of it speaks of", async () => {
  const limited = token(alice, ["nezha:*"], 1);
  expect(await call(limited, "POST /alert-rule", form())).toEqual({ error: "permission denied" });
  expect(await call(limited, "POST /alert-rule", form({ rules: [cpu({ cover: 1, ignore: { "2": true } })] }))).toEqual({
    error: "permission denied",
  });
  expect(await call(limited, "POST /alert-rule", form({ rules: [cpu({ ignore: { "2": true } })] }))).toEqual({ data: 1 });
  const wide = await create(alice);
  expect(await call(limited, "GET /alert-rule")).toMatchObject({ data: [{ id: 1 }] });
  expect(await call(limited, "POST /batch-delete/alert-rule", [wide])).toEqual({ error: "permission denied" });
});

test("an edit gives the id, is checked against the row's owner and begins the rule anew", async () => {
  const id = await create(alice, { rules: [cycle()] });
  const window = { name: "n", from: "2026-01-01T00:00:00+08:00", to: "2026-02-01T00:00:00+08:00", min: 0, max: 1e12 };
  room.cycleTraffic.record(id, window, 1, { serverName: "s1", bytes: 5, nextUpdate: clock.now() });
  expect(await call(session(alice), "PATCH /alert-rule/9", form())).toEqual({ error: "alert id 9 does not exist" });
  expect(await call(session(bob), `PATCH /alert-rule/${id}`, form())).toEqual({ error: "permission denied" });
  expect(await call(session(admin), `PATCH /alert-rule/${id}`, form({ rules: [cpu({ ignore: { "3": true } })] }))).toEqual({
    error: "permission denied",
  });
  expect(room.cycleTransferStats(session(alice))).toHaveProperty(String(id));
  expect(await call(session(admin), `PATCH /alert-rule/${id}`, { rules: [cpu()] })).toEqual({ data: id });
  expect(room.directory.get(id)).toMatchObject({ ownerId: alice.id, name: "", enable: false });
  expect(room.cycleTransferStats(session(alice))).toEqual({});
});

test("lists, limits and deletion follow ownership", async () => {
  await create(alice, { name: "a" });
  await create(bob, { name: "b" });
  await create(alice, { name: "c" });
  await create(alice, { name: "d" });
  expect(await call(session(alice), "POST /alert-rule", form())).toEqual({ error: "too many rows: at most 3 of one kind" });
  expect(await call(session(admin), "GET /alert-rule?id=3,2")).toMatchObject({ data: [{ name: "c" }, { name: "b" }] });
  expect(await call(session(alice), "POST /batch-delete/alert-rule", [1, 2])).toEqual({ error: "permission denied" });
  expect(await call(session(alice), "POST /batch-delete/alert-rule", [1, 3, 99])).toEqual({ data: null });
  await open();
  expect(room.directory.list().map((rule) => rule.name)).toEqual(["b", "d"]);
});

test("a rule speaks of its owner's servers only", async () => {
  const own = room.directory.get(await create(alice));
  const all = room.directory.get(await create(admin));
  if (!own || !all) throw new Error("not created");
  expect([...room.coverage.servers(own)]).toEqual([1, 2]);
  expect([1, 2, 3, 9].filter((id) => room.coverage.reaches(own, id))).toEqual([1, 2]);
  expect([1, 2, 3, 9].filter((id) => room.coverage.reaches(all, id))).toEqual([1, 2, 3]);
});

test("traffic of cycles is shown for visible servers, and no longer than the cycle runs", async () => {
  const id = await create(alice, { rules: [cycle()] });
  const window = { name: "n", from: "2026-01-01T00:00:00+08:00", to: "2026-02-01T00:00:00+08:00", min: 0.5, max: 10.9 };
  const use = { serverName: "s", bytes: 5, nextUpdate: 0 };
  room.cycleTraffic.record(id, window, 2, use);
  expect(room.cycleTransferStats(GUEST)).toEqual({});
  room.cycleTraffic.record(id, window, 1, use);
  room.cycleTraffic.record(id, window, 9, use);
  expect(room.cycleTransferStats(GUEST)).toEqual({
    [id]: {
      name: "n",
      from: window.from,
      to: window.to,
      max: 10,
      min: 0,
      server_name: { "1": "s" },
      transfer: { "1": 5 },
      next_update: { "1": "0001-01-01T00:00:00Z" },
    },
  });
  expect(Object.keys(room.cycleTransferStats(session(alice))[id]?.transfer ?? {})).toEqual(["1", "2"]);
  room.cycleTraffic.record(id, { ...window, from: window.to, to: "2026-03-01T00:00:00+08:00" }, 1, use);
  expect(Object.keys(room.cycleTransferStats(session(alice))[id]?.transfer ?? {})).toEqual(["1"]);
});

test("what a rule refers to disappears from it, in memory and in the file", async () => {
  const rules = [cpu({ ignore: { "1": true, "2": true } }), cpu({ cover: 1, ignore: { "2": true } })];
  const id = await create(alice, { rules, notification_group_id: 10, fail_trigger_tasks: [10], recover_trigger_tasks: [10] });
  room.cycleTraffic.record(id, { name: "n", from: "a", to: "b", min: 0, max: 0 }, 2, { serverName: "s2", bytes: 1, nextUpdate: 0 });
  await temporary.database.change(async (tx, changes) => {
    await room.cascades.servers(tx, [2], changes);
    await room.cascades.crons(tx, [10], changes);
    await room.cascades.notificationGroups(tx, [10], changes);
  });
  const expected = {
    rules: [{ ignore: { "1": true } }, { ignore: {}, cover: 1 }],
    notificationGroupId: 0,
    failTriggerTasks: [],
    recoverTriggerTasks: [],
  };
  expect(room.directory.get(id)).toMatchObject(expected);
  expect(room.cycleTransferStats(session(alice))).toEqual({});
  await open();
  expect(room.directory.get(id)).toMatchObject(expected);
});

test("a deleted user's rules go", async () => {
  await create(alice);
  const stays = await create(bob);
  await temporary.database.change((tx, changes) => room.cascades.users(tx, [alice.id], changes));
  expect(room.directory.list().map((rule) => rule.id)).toEqual([stays]);
});
