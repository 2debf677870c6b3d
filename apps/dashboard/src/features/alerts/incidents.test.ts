import { afterEach, expect, test } from "vitest";
import type { Caller, User } from "#kernel";
import { ROLE } from "#kernel";
import { admin, alice, session } from "./testing/process.ts";
import { Scene } from "./testing/scene.ts";

let scene: Scene;
const HOT = { cpu: 90 };
const bob: User = { id: 3, username: "bob", role: ROLE.member };
const token = (user: User, ...serverIds: number[]): Caller => ({
  kind: "token",
  user,
  tokenId: 1,
  scopes: ["nezha:*"],
  serverIds: new Set(serverIds),
});
const told = (): string[] => scene.taken.map((text) => text.replace(/^\d+ /, ""));
const from = (minutes: number): string => new Date(scene.world.clock.now() + minutes * 60_000).toISOString();
afterEach(() => scene.remove());

test("an incident is listed with what happened and what became of its messages", async () => {
  scene = await Scene.open();
  await scene.rule({ severity: "critical" });
  await scene.play(12, { 1: HOT, 2: HOT });
  await scene.play(12, { 1: {}, 2: HOT });
  const { call } = scene.now;
  expect(await call(session(alice), "GET /incident")).toMatchObject({
    data: [
      { id: 2, server_id: 2, server_name: "s2", title: "hot", severity: "critical", opened_at: "2026-03-10T10:00:06Z" },
      { id: 1, server_id: 1, outcome: "recovered", ended_at: "2026-03-10T10:00:12Z" },
    ],
  });
  expect(await call(session(alice), "GET /incident/1")).toMatchObject({
    data: {
      timeline: [{ kind: "opened" }, { kind: "ended", detail: { outcome: "recovered" } }],
      messages: [
        { kind: "incident", state: "sent" },
        { kind: "recovery", state: "sent" },
      ],
    },
  });
  const ids = async (query: string, caller: Caller = session(alice)) => {
    const answer = await call(caller, `GET /incident?${query}`);
    return "data" in answer ? (answer.data as { id: number }[]).map(({ id }) => id) : answer.error;
  };
  expect(await ids("open=true")).toEqual([2]);
  expect(await ids("open=false")).toEqual([1]);
  expect(await ids("server=1")).toEqual([1]);
  expect(await ids("source=service")).toEqual([]);
  expect(await ids("severity=critical&before=2")).toEqual([1]);
  expect(await ids("limit=1")).toEqual([2]);
  expect(await ids("", session(admin))).toEqual([2, 1]);
  expect(await ids("", token(alice, 1))).toEqual([1]);
});

test("incidents of others are as if they were not there", async () => {
  scene = await Scene.open();
  await scene.rule();
  await scene.play(12, { 1: HOT, 2: HOT });
  const { call } = scene.now;
  expect(await call(session(bob), "GET /incident")).toEqual({ data: [] });
  for (const [caller, id] of [
    [session(bob), 1],
    [session(alice), 9],
    [token(alice, 2), 1],
  ] as const) {
    const error = `incident id ${id} does not exist`;
    expect(await call(caller, `GET /incident/${id}`)).toEqual({ error });
    expect(await call(caller, `POST /incident/${id}/acknowledge`, { note: "" })).toEqual({ error });
  }
});

test("what is acknowledged is not told again", async () => {
  scene = await Scene.open();
  await scene.rule({ trigger_mode: 0 });
  await scene.play(12, { 1: HOT });
  expect(await scene.now.call(session(alice), "POST /incident/1/acknowledge", { note: "on it" })).toEqual({ data: null });
  for (let minute = 0; minute < 30; minute++) await scene.pass(60_000);
  expect(told()).toEqual(["[Incident] s1: hot"]);
  expect(await scene.now.call(session(alice), "GET /incident/1")).toMatchObject({
    data: { acknowledged_by: "alice", note: "on it", timeline: [{}, { kind: "acknowledged", detail: { by: "alice", note: "on it" } }] },
  });
  await scene.play(12, { 1: {} });
  expect(told()).toHaveLength(2);
});

test.each<[string, object]>([
  ["the rule", { scope: "rule", scope_id: 1 }],
  ["the server", { scope: "server", scope_id: 1 }],
  ["its group", { scope: "group", scope_id: 7 }],
  ["everything", { scope: "all" }],
])("snoozed by %s: recorded and not told; what still fails afterwards is, what is over is not", async (_, over) => {
  scene = await Scene.open();
  scene.world.groups.set(7, [1]);
  await scene.rule();
  expect(await scene.now.call(session(alice), "POST /snooze", { ...over, until: from(1) })).toEqual({ data: 1 });
  await scene.play(12, { 1: HOT });
  await scene.play(12, { 1: {} });
  await scene.play(12, { 1: HOT });
  expect(told()).toEqual([]);
  expect(await scene.now.call(session(alice), "GET /incident?open=true")).toMatchObject({ data: [{ id: 2, held: "snoozed" }] });
  await scene.play(30, { 1: HOT });
  expect(told()).toEqual(["[Incident] s1: hot"]);
  expect(await scene.now.call(session(alice), "GET /incident/2")).toMatchObject({
    data: { timeline: [{ kind: "opened" }, { kind: "held", detail: { reason: "snoozed" } }, { kind: "told" }] },
  });
  await scene.play(12, { 1: {} });
  expect(told()).toEqual(["[Incident] s1: hot", "[Resolved] s1: hot"]);
});

test("a snooze speaks of what it names and of its owner's rules alone, and can be ended", async () => {
  scene = await Scene.open();
  await scene.rule();
  const { call } = scene.now;
  await call(session(alice), "POST /snooze", { scope: "server", scope_id: 2, until: from(60) });
  await call(session(bob), "POST /snooze", { scope: "all", until: from(60) });
  await scene.play(12, { 1: HOT, 2: HOT });
  expect(told()).toEqual(["[Incident] s1: hot"]);
  expect(await call(session(bob), "POST /batch-delete/snooze", [1])).toEqual({ error: "permission denied" });
  await scene.play(6, { 1: HOT, 2: HOT });
  expect(told()).toHaveLength(1);
  expect(await call(session(alice), "POST /batch-delete/snooze", [1])).toEqual({ data: null });
  await scene.play(6, { 1: HOT, 2: HOT });
  expect(told()).toEqual(["[Incident] s1: hot", "[Incident] s2: hot"]);
  expect(await call(session(alice), "GET /snooze")).toEqual({ data: [] });
});

test.each<[string, (at: (minutes: number) => string) => object]>([
  ["once", (at) => ({ kind: "once", from: at(-1), to: at(1) })],
  ["weekly", () => ({ kind: "weekly", days: [1, 2], at: "09:59", minutes: 2 })],
  ["cron", () => ({ kind: "cron", schedule: "0 59 9 * * *", minutes: 2 })],
])("planned %s: recorded, and told when the window is over", async (_, plan) => {
  scene = await Scene.open();
  await scene.rule();
  const form = { name: "patch day", enable: true, plan: plan(from), servers: [1] };
  expect(await scene.now.call(session(alice), "POST /maintenance-window", form)).toEqual({ data: 1 });
  await scene.play(12, { 1: HOT, 2: HOT });
  expect(told()).toEqual(["[Incident] s2: hot"]);
  expect(await scene.now.call(session(alice), "GET /incident?server=1")).toMatchObject({ data: [{ held: "maintenance: patch day" }] });
  expect(await scene.now.call(session(alice), "GET /maintenance-window")).toMatchObject({ data: [{ name: "patch day", open: true }] });
  await scene.play(60, { 1: HOT, 2: HOT });
  expect(told()).toEqual(["[Incident] s2: hot", "[Incident] s1: hot"]);
});

test.each<[string, string, object, string]>([
  ["a foreign server", "POST /snooze", { scope: "server", scope_id: 3 }, "server id 3 does not exist"],
  ["a server that is not there", "POST /snooze", { scope: "server", scope_id: 9 }, "server id 9 does not exist"],
  ["a foreign rule", "POST /snooze", { scope: "rule", scope_id: 1 }, "rule id 1 does not exist"],
  ["a time that is past", "POST /snooze", { scope: "all", until: "2020-01-01T00:00:00Z" }, "until: must be a time to come"],
  ["a foreign server in a plan", "POST /maintenance-window", { servers: [3] }, "server id 3 does not exist"],
  [
    "a plan that ends before it begins",
    "POST /maintenance-window",
    { plan: { kind: "once", from: "2026-02-02T00:00:00Z", to: "2026-02-01T00:00:00Z" } },
    "plan: from must be before to",
  ],
  [
    "a plan that is over",
    "POST /maintenance-window",
    { plan: { kind: "once", from: "2026-02-01T00:00:00Z", to: "2026-02-02T00:00:00Z" } },
    "plan.to: is over already",
  ],
  [
    "a plan that never comes up",
    "POST /maintenance-window",
    { plan: { kind: "cron", schedule: "0 0 0 31 2 *", minutes: 5 } },
    "plan.schedule: never comes up",
  ],
  ["a plan of nothing", "POST /maintenance-window", { servers: [] }, "servers: name a server, a group or a service that is worked on"],
  ["somebody else's plan", "PATCH /maintenance-window/1", {}, "maintenance window id 1 does not exist"],
])("refused: %s", async (_, route, over, error) => {
  scene = await Scene.open({ owners: [alice.id, alice.id, bob.id] });
  await scene.rule({}, admin);
  const plan = { kind: "weekly", days: [0], at: "00:00", minutes: 5 };
  await scene.now.call(session(admin), "POST /maintenance-window", { name: "theirs", plan, servers: [1] });
  const body = route.endsWith("snooze") ? { until: from(5), ...over } : { name: "mine", plan, servers: [1], ...over };
  expect(await scene.now.call(session(alice), route, body)).toEqual({ error });
});

test.each<[string, string, object]>([
  ["everything", "snooze", { scope: "all" }],
  ["a rule", "snooze", { scope: "rule", scope_id: 1 }],
  ["a service", "snooze", { scope: "service", scope_id: 4 }],
  ["a server group", "snooze", { scope: "group", scope_id: 7 }],
  ["a server group as planned", "maintenance-window", { servers: [1], groups: [7] }],
  ["a service as planned", "maintenance-window", { servers: [1], services: [4] }],
])("a token with a server list does not hold %s, nor end such a hold", async (_, kind, over) => {
  scene = await Scene.open();
  await scene.rule();
  const { call } = scene.now;
  const form = { name: "w", plan: { kind: "weekly", days: [0], at: "00:00", minutes: 5 }, until: from(5), ...over };
  expect(await call(token(alice, 1), `POST /${kind}`, form)).toEqual({ error: "permission denied" });
  expect(await call(token(alice), `POST /${kind}`, form)).toEqual({ data: 1 });
  expect(await call(token(alice, 1), `GET /${kind}`)).toEqual({ data: [] });
  expect(await call(token(alice, 1), `POST /batch-delete/${kind}`, [1])).toEqual({ error: "permission denied" });
  expect(await call(session(alice), `GET /${kind}`)).toMatchObject({ data: [{ id: 1 }] });
});

test("a snooze that is over is deleted, one that is not stays", async () => {
  scene = await Scene.open();
  const { call, incidents } = scene.now;
  await call(session(alice), "POST /snooze", { scope: "all", until: from(1) });
  await call(session(alice), "POST /snooze", { scope: "all", until: from(9) });
  await scene.pass(60_000);
  await incidents.prune();
  expect(await call(session(alice), "GET /snooze")).toMatchObject({ data: [{ id: 2 }] });
  expect(await scene.now.database.kysely.selectFrom("wf_snoozes").select("id").execute()).toEqual([{ id: 2 }]);
});

test("a token with a server list has no business with incidents of services", async () => {
  scene = await Scene.open();
  const { call, database, incidents } = scene.now;
  const service = {
    id: 4,
    ownerId: alice.id,
    name: "shop",
    severity: "critical" as const,
    text: "[Down] shop",
    health: "failing" as const,
  };
  await database.change((tx, changes) => incidents.bookHealth(tx, changes, service));
  expect(await call(token(alice), "GET /incident")).toMatchObject({ data: [{ id: 1 }] });
  expect(await call(token(alice, 1), "GET /incident")).toEqual({ data: [] });
  const error = "incident id 1 does not exist";
  for (const route of ["GET /incident/1", "GET /incident/1/samples"]) expect(await call(token(alice, 1), route)).toEqual({ error });
  expect(await call(token(alice, 1), "POST /incident/1/acknowledge", { note: "" })).toEqual({ error });
});

test("an incident is acknowledged once, and only while it lasts", async () => {
  scene = await Scene.open();
  await scene.rule();
  await scene.play(12, { 1: HOT, 2: HOT });
  await scene.play(12, { 1: HOT, 2: {} });
  const { call } = scene.now;
  for (const [id, note] of [
    [1, "first"],
    [1, "second"],
    [2, "late"],
  ])
    expect(await call(session(alice), `POST /incident/${id}/acknowledge`, { note })).toEqual({ data: null });
  const { kysely } = scene.now.database;
  const said = await kysely
    .selectFrom("wf_incident_entries")
    .select(["incident_id", "detail"])
    .where("kind", "=", "acknowledged")
    .execute();
  expect(said).toEqual([{ incident_id: 1, detail: JSON.stringify({ by: "alice", note: "first" }) }]);
});

test("a server that is deleted is not named any more", async () => {
  scene = await Scene.open();
  const { call, incidents, database } = scene.now;
  await call(session(alice), "POST /snooze", { scope: "server", scope_id: 1, until: from(5) });
  await call(session(alice), "POST /maintenance-window", {
    name: "w",
    plan: { kind: "cron", schedule: "@daily", minutes: 5 },
    servers: [1, 2],
  });
  await database.change((tx, changes) => incidents.cascades.servers(tx, [1], changes));
  expect(await call(session(alice), "GET /snooze")).toEqual({ data: [] });
  expect(await call(session(alice), "GET /maintenance-window")).toMatchObject({ data: [{ servers: [2] }] });
  await database.change((tx, changes) => incidents.cascades.users(tx, [alice.id], changes));
  expect(await call(session(alice), "GET /maintenance-window")).toEqual({ data: [] });
});

test("rules, services and server groups that are deleted are not named any more; what is gone is no reason to refuse a plan", async () => {
  scene = await Scene.open();
  await scene.rule();
  const { call, incidents, database } = scene.now;
  for (const [scope, scope_id] of [
    ["rule", 1],
    ["service", 4],
    ["group", 7],
    ["server", 1],
  ])
    await call(session(alice), "POST /snooze", { scope, scope_id, until: from(5) });
  const plan = { kind: "cron", schedule: "@daily", minutes: 5 };
  const form = { name: "w", plan, servers: [1], groups: [7, 8], services: [4, 5] };
  await call(session(alice), "POST /maintenance-window", form);
  await call(session(alice), "POST /batch-delete/alert-rule", [1]);
  await database.change((tx, changes) => incidents.cascades.services(tx, [4], changes));
  await database.change((tx, changes) => incidents.cascades.groups(tx, [7], changes));
  expect(await call(session(alice), "GET /snooze")).toMatchObject({ data: [{ scope: "server" }] });
  expect(await call(session(alice), "GET /maintenance-window")).toMatchObject({ data: [{ servers: [1], groups: [8], services: [5] }] });
  scene.now.servers.remove([1]);
  const stored = { ...form, groups: [8], services: [5] };
  expect(await call(session(alice), "PATCH /maintenance-window/1", stored)).toEqual({ data: null });
  expect(await call(session(alice), "POST /maintenance-window", stored)).toEqual({ error: "server id 1 does not exist" });
});

test("a plan that is over, or names nothing any more, can be saved as it is, and not turned into another such one", async () => {
  scene = await Scene.open();
  const { call, incidents, database } = scene.now;
  const form = { name: "w", enable: true, plan: { kind: "once", from: from(-1), to: from(1) }, servers: [1] };
  expect(await call(session(alice), "POST /maintenance-window", form)).toEqual({ data: 1 });
  await scene.pass(60_000);
  await database.change((tx, changes) => incidents.cascades.servers(tx, [1], changes));
  const emptied = { ...form, name: "old", servers: [] };
  expect(await call(session(alice), "PATCH /maintenance-window/1", emptied)).toEqual({ data: null });
  const past = { ...emptied, plan: { ...form.plan, from: from(-3) } };
  expect(await call(session(alice), "PATCH /maintenance-window/1", past)).toEqual({ error: "plan.to: is over already" });
  expect(await call(session(alice), "PATCH /maintenance-window/1", { ...emptied, servers: [2] })).toEqual({ data: null });
  expect(await call(session(alice), "PATCH /maintenance-window/1", emptied)).toHaveProperty("error");
});

test("severity of a rule stays when a form that does not know it is saved", async () => {
  scene = await Scene.open();
  const id = await scene.rule({ severity: "info" });
  const form = { name: "hot", enable: true, rules: [{ type: "cpu", max: 50, duration: 3 }] };
  await scene.now.call(session(alice), `PATCH /alert-rule/${id}`, form);
  expect(await scene.now.call(session(alice), "GET /alert-rule")).toMatchObject({ data: [{ severity: "info" }] });
  await scene.now.call(session(alice), `PATCH /alert-rule/${id}`, { ...form, severity: "warning" });
  expect(await scene.now.call(session(alice), "GET /alert-rule")).not.toHaveProperty(["data", 0, "severity"]);
});

test("a service that leaves Good is an incident until it is Good again; what is held is not to be told, nor its end", async () => {
  scene = await Scene.open();
  const { call, database, incidents } = scene.now;
  const service = { id: 4, ownerId: alice.id, name: "shop", severity: "critical" as const, text: "[Down] shop" };
  const ids: (number | undefined)[] = [];
  const book = async (health: "good" | "failing" | "unknown"): Promise<boolean> => {
    const { mayTell, incident } = await database.change((tx, changes) => incidents.bookHealth(tx, changes, { ...service, health }));
    ids.push(incident?.id);
    return mayTell;
  };
  expect([await book("good"), await book("failing"), await book("failing"), await book("unknown"), await book("good")]).toEqual(
    Array.from({ length: 5 }, () => true),
  );
  expect(ids).toEqual([undefined, 1, 1, 1, 1]);
  expect(await call(session(alice), "GET /incident/1")).toMatchObject({ data: { text: "[Down] shop", messages: [] } });
  expect(await call(session(alice), "GET /incident?source=service")).toMatchObject({
    data: [{ source_id: 4, server_id: 0, title: "shop", severity: "critical", outcome: "recovered" }],
  });
  const plan = { kind: "once", from: from(-1), to: from(1) };
  await call(session(alice), "POST /maintenance-window", { name: "move", enable: true, plan, services: [4] });
  expect([await book("failing"), await book("failing"), await book("good"), await book("failing")]).toEqual([false, false, false, false]);
  await scene.pass(63_000);
  expect([await book("failing"), await book("good")]).toEqual([true, true]);
  await book("failing");
  await database.change((tx, changes) => incidents.cascades.services(tx, [4], changes));
  expect(await call(session(alice), "GET /incident?source=service&limit=1")).toMatchObject({ data: [{ outcome: "deleted" }] });
});

test("says what was measured and what is allowed, in the list and in the message", async () => {
  scene = await Scene.open();
  await scene.rule();
  await scene.play(12, { 1: HOT });
  expect(await scene.now.call(session(alice), "GET /incident/1")).toMatchObject({ data: { value: "90 %", limit: "50 %" } });
  const payloads = async (): Promise<unknown[]> =>
    (await scene.now.outbox.find({ topic: "notification" }, 10)).map(({ payload }) => (payload as { facts: unknown }).facts);
  expect(await payloads()).toMatchObject([{ subject: "s1", rule: "hot", value: "90 %", limit: "50 %", path: "/dashboard/incident/1" }]);
  await scene.play(12, { 1: {} });
  expect((await payloads())[0]).toMatchObject({ value: "10 %", limit: "50 %" });
});

test("samples around an incident are those that its rule looks at", async () => {
  scene = await Scene.open();
  scene.world.history = {
    enabled: true,
    serverSeries: async (_id, metrics, begin, end) => ({
      starts: Float64Array.from([begin, end]),
      columns: metrics.map((_metric, index) => Float64Array.from([index + 1, Number.NaN])),
    }),
  };
  await scene.restart();
  await scene.rule({
    rules: [
      { type: "cpu", max: 50, duration: 3 },
      { type: "net_all_speed", min: 1, duration: 3 },
    ],
  });
  await scene.play(12, { 1: { ...HOT, netInSpeed: 0 } });
  const samples = (caller: Caller, id = 1) => scene.now.call(caller, `GET /incident/${id}/samples`);
  const first = [{ ts: Date.parse("2026-03-10T09:45:06Z"), value: expect.any(Number) as number }];
  expect(await samples(session(alice))).toEqual({
    data: {
      from: "2026-03-10T09:45:06Z",
      to: "2026-03-10T10:00:12Z",
      step_seconds: 30,
      series: [
        { metric: "cpu", max: 50, points: first },
        { metric: "net_in_speed", points: first },
        { metric: "net_out_speed", points: first },
      ],
      offline: [],
    },
  });
  expect(await samples(session(bob))).toEqual({ error: "incident id 1 does not exist" });
  expect(await samples(token(alice, 2))).toEqual({ error: "incident id 1 does not exist" });
  await scene.now.call(session(alice), "POST /batch-delete/alert-rule", [1]);
  expect(await samples(session(alice))).toMatchObject({ data: { series: [] } });
});
