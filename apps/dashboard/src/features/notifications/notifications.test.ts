import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refuse, ROLE } from "#kernel";
import type { Caller, User } from "#kernel";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createAuditLog } from "#platform/audit";
import { createOutbox } from "#platform/outbox";
import { createSealing } from "#platform/sealing";
import type { Outbox } from "#platform/outbox";
import { OutboundError } from "#platform/outbound";
import type { OutboundAnswer, OutboundRequest } from "#platform/outbound";
import { createNotifications } from "./index.ts";
import type { Notifications } from "./index.ts";

const admin: User = { id: 1, username: "admin", role: ROLE.admin };
const alice: User = { id: 2, username: "alice", role: ROLE.member };
const bob: User = { id: 3, username: "bob", role: ROLE.member };
const session = (user: User): Caller => ({ kind: "session", user, sessionKey: "k", via: "cookie" });

let temporary: TemporaryDatabase;
let room: Notifications;
let call: RouteCaller;
let outbox: Outbox;
let sent: OutboundRequest[];
let answer: OutboundAnswer;
let hold: Promise<OutboundAnswer> | undefined;
let cascaded: number[][];
const clock = createFakeClock();

const form = (over: object = {}) => ({
  name: "hook",
  url: "https://hooks.example.com/?key=the-key&m=#NEZHA#",
  request_method: 2,
  request_type: 1,
  request_header: '{"X-Key":"the-header"}',
  request_body: '{"text":"#NEZHA#","to":"the-room"}',
  verify_tls: true,
  skip_check: true,
  ...over,
});

beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
  sent = [];
  cascaded = [];
  hold = undefined;
  answer = { status: 200, reason: "OK", body: "" };
  const quiet = { info: () => undefined, warn: () => undefined };
  outbox = createOutbox({ clock, database: temporary.database, onError: (error) => expect.fail(String(error)) });
  room = await createNotifications({
    database: temporary.database,
    audit: createAuditLog({ database: temporary.database, now: clock.now }),
    outbox,
    clock,
    now: clock.now,
    outbound: {
      connect: () => Promise.reject(new OutboundError("refused", "not here")),
      send: async (request) => {
        sent.push(request);
        return hold ?? answer;
      },
    },
    server: () => undefined,
    formatDateTime: (ms) => new Date(ms).toISOString(),
    translate: (id) => id,
    sealing: createSealing(new Uint8Array(32)),
    ownsEverything: () => false,
    site: () => "https://monitor.example.org",
    requireRoom: (user, rows) => {
      if (user.role !== ROLE.admin && rows >= 2) throw refuse("too many rows: at most %d of one kind", 2);
    },
    groupCascades: [async (_tx, ids) => void cascaded.push([...ids])],
    log: quiet,
  });
  call = createRouteCaller(room.routes);
});
afterEach(async () => {
  await outbox.stop();
  await temporary.remove();
});

async function create(user: User, over: object = {}): Promise<number> {
  const created = await call(session(user), "POST /notification", form(over));
  if ("error" in created) throw new Error(created.error);
  return created.data as number;
}

async function createGroup(user: User, notifications: readonly number[]): Promise<number> {
  const created = await call(session(user), "POST /notification-group", { name: "g", notifications });
  if ("error" in created) throw new Error(created.error);
  return created.data as number;
}

const stored = (id: number) => temporary.database.kysely.selectFrom("notifications").selectAll().where("id", "=", id).executeTakeFirst();

test("GHSA-ww5p-j6cj-6mqq: URL, headers and body go in and never come out", async () => {
  await create(alice);
  const list = await call(session(alice), "GET /notification");
  expect(list).toMatchObject({
    data: [{ id: 1, name: "hook", url: "", request_header: "", request_body: "", verify_tls: true, format_metric_units: false }],
  });
  expect(JSON.stringify(list)).not.toContain("the-");
});

test("unless it is skipped, a test message goes out first; when it fails nothing is saved", async () => {
  answer = { status: 404, reason: "Not Found", body: "secret" };
  expect(await call(session(alice), "POST /notification", form({ skip_check: false }))).toEqual({ error: "404@404 Not Found" });
  expect(await stored(1)).toBeUndefined();
  answer = { status: 204, reason: "No Content", body: "" };
  expect(await call(session(alice), "POST /notification", form({ skip_check: false }))).toEqual({ data: 1 });
  expect(sent.at(-1)).toMatchObject({ method: "POST", verifyTls: true, body: '{"text":"a test message","to":"the-room"}' });
});

test("an edit keeps secrets left empty, and tests with them", async () => {
  const id = await create(alice);
  const edit = form({ name: "edited", url: "", request_header: "", request_body: "", skip_check: false });
  expect(await call(session(bob), `PATCH /notification/${id}`, edit)).toEqual({ error: "permission denied" });
  expect(await call(session(alice), "PATCH /notification/9", edit)).toEqual({ error: "notification id 9 does not exist" });
  expect(sent).toEqual([]);
  expect(await call(session(alice), `PATCH /notification/${id}`, edit)).toEqual({ data: null });
  expect(sent[0]?.url).toContain("key=the-key");
  expect(await stored(id)).toMatchObject({ name: "edited", request_header: '{"X-Key":"the-header"}', user_id: alice.id });
});

test("one member may have so many channels and groups, an administrator any number", async () => {
  for (const user of [alice, admin]) {
    await create(user);
    await create(user);
    await createGroup(user, []);
    await createGroup(user, []);
  }
  const error = "too many rows: at most 2 of one kind";
  expect(await call(session(alice), "POST /notification", form())).toEqual({ error });
  expect(await call(session(alice), "POST /notification-group", { name: "g" })).toEqual({ error });
  await create(admin);
  await createGroup(admin, []);
});

test("a group keeps its order, and names existing channels of its owner once", async () => {
  const [first, second] = [await create(alice), await create(alice)];
  const foreign = await create(bob);
  const group = await createGroup(alice, [second, second, first]);
  const groups = async (user: User) =>
    ((await call(session(user), "GET /notification-group")) as { data: { notifications: number[] | null }[] }).data;
  expect((await groups(alice))[0]?.notifications).toEqual([second, first]);
  expect(await groups(bob)).toEqual([]);
  for (const [notifications, error] of [
    [[foreign], "permission denied"],
    [[99], "have invalid notification id"],
    [[first, second, first], "have invalid notification id"],
  ] as const) {
    expect(await call(session(alice), `PATCH /notification-group/${group}`, { name: "g", notifications })).toEqual({ error });
  }
  expect(await call(session(alice), "PATCH /notification-group/99", {})).toEqual({ error: "group id 99 does not exist" });
  expect(await call(session(bob), `PATCH /notification-group/${group}`, {})).toEqual({ error: "permission denied" });
  await call(session(alice), "POST /batch-delete/notification", [first]);
  expect((await groups(alice))[0]?.notifications).toEqual([second]);
  await call(session(alice), "POST /batch-delete/notification", [second]);
  expect((await groups(alice))[0]?.notifications).toEqual([]);
});

test("deleting is all or nothing; a group's deletion reaches those who refer to it", async () => {
  const own = await createGroup(alice, []);
  const foreign = await createGroup(bob, []);
  expect(await call(session(alice), "POST /batch-delete/notification-group", [own, foreign])).toEqual({ error: "permission denied" });
  expect(await call(session(alice), "POST /batch-delete/notification-group", [own, own, 99])).toEqual({ data: null });
  expect(cascaded).toEqual([[own]]);
  expect([room.group(own), room.group(foreign)?.ownerId]).toEqual([undefined, bob.id]);
  const channel = await create(bob);
  expect(await call(session(alice), "POST /batch-delete/notification", [channel])).toEqual({ error: "permission denied" });
  expect(await stored(channel)).toBeDefined();
});

test("a deleted user's channels and groups go", async () => {
  const channel = await create(alice);
  const group = await createGroup(alice, [channel]);
  const kept = await create(bob);
  await temporary.database.change((tx, changes) => room.cascades.users(tx, [alice.id], changes));
  expect(await stored(channel)).toBeUndefined();
  expect(await stored(kept)).toBeDefined();
  expect(room.group(group)).toBeUndefined();
  expect(cascaded).toEqual([[group]]);
});

test("channels of others leave the groups of an administrator who is none any more", async () => {
  const [own, others] = [await create(alice), await create(bob)];
  const group = await createGroup(admin, [own, others]);
  await temporary.database.kysely.updateTable("notification_groups").set({ user_id: alice.id }).where("id", "=", group).execute();
  await temporary.database.change((tx, changes) => room.cascades.demotedUsers(tx, [bob.id], changes));
  expect(room.group(group)?.memberIds).toEqual([own, others]);
  await temporary.database.change((tx, changes) => room.cascades.demotedUsers(tx, [alice.id], changes));
  expect(room.group(group)?.memberIds).toEqual([own]);
});

test("secrets do not follow the address to another host: they have to be entered again", async () => {
  const id = await create(alice);
  const moved = { url: "https://elsewhere.example/", request_header: "", request_body: "", skip_check: false };
  const patch = (over: object) => call(session(alice), `PATCH /notification/${id}`, form({ ...moved, ...over }));
  const again = (field: string) => ({ error: `${field}: enter it again, because url names another host` });
  expect(await patch({})).toEqual(again("request_header"));
  expect(await patch({ request_header: "{}" })).toEqual(again("request_body"));
  expect(await patch({ url: "http://hooks.example.com/?key=the-key" })).toEqual(again("request_header"));
  expect(await patch({ url: "https://hooks.example.com:8443/", skip_check: true })).toEqual(again("request_header"));
  expect(sent).toEqual([]);
  expect(await patch({ url: "https://hooks.example.com/other" })).toEqual({ data: null });
  expect(await patch({ request_header: "{}", request_body: "#NEZHA#" })).toEqual({ data: null });
  expect(JSON.stringify(sent.at(-1))).not.toContain("the-");
});

test("a channel deleted while its test message is under way does not come back", async () => {
  const id = await create(alice);
  const { promise, resolve } = Promise.withResolvers<OutboundAnswer>();
  hold = promise;
  const editing = call(session(alice), `PATCH /notification/${id}`, form({ skip_check: false }));
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  await call(session(alice), "POST /batch-delete/notification", [id]);
  resolve(answer);
  expect(await editing).toEqual({ error: `notification id ${id} does not exist` });
  expect(await call(session(alice), "GET /notification")).toEqual({ data: [] });
});
