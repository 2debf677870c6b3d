import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatInstant, refuse, ROLE } from "#kernel";
import type { Caller, User } from "#kernel";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createDdns } from "./index.ts";
import type { Ddns } from "./index.ts";

const admin: User = { id: 1, username: "admin", role: ROLE.admin };
const alice: User = { id: 2, username: "alice", role: ROLE.member };
const bob: User = { id: 3, username: "bob", role: ROLE.member };
const session = (user: User): Caller => ({ kind: "session", user, sessionKey: "k", via: "cookie" });

const clock = createFakeClock();
let temporary: TemporaryDatabase;
let room: Ddns;
let call: RouteCaller;
let cascaded: number[][];

const form = (over: object = {}) => ({
  name: "hook",
  provider: "webhook",
  domains: ["a.example.com", "B.Example.Com"],
  max_retries: 3,
  enable_ipv4: true,
  access_id: "id",
  access_secret: "the-secret",
  webhook_url: "https://dns.example.com/#domain#",
  webhook_method: 2,
  webhook_request_type: 1,
  webhook_request_body: '{"ip":"#ip#"}',
  webhook_headers: '{"a":"the-header"}',
  ...over,
});

async function open(): Promise<void> {
  room = await createDdns({
    database: temporary.database,
    now: clock.now,
    requireRoom: (user, rows) => {
      if (user.role !== ROLE.admin && rows >= 2) throw refuse("too many rows: at most %d of one kind", 2);
    },
    cascades: [async (_tx, ids) => void cascaded.push([...ids])],
  });
  call = createRouteCaller(room.routes);
}

beforeEach(async () => {
  temporary = await openTemporaryDatabase();
  cascaded = [];
  await open();
});
afterEach(() => temporary.remove());

/** Spec 11 section 10.4, in the order of the checks. */
test.each<[string, object, string]>([
  ["no attempts", { max_retries: 0 }, "the retry count must be an integer between 1 and 10"],
  ["too many attempts", { max_retries: 11 }, "the retry count must be an integer between 1 and 10"],
  ["attempts left out", { max_retries: undefined }, "the retry count must be an integer between 1 and 10"],
  ["a wildcard", { domains: ["*.example.com"] }, "error parsing *.example.com: idna: disallowed rune U+002A"],
  ["attempts before domains", { max_retries: 0, domains: ["*"] }, "the retry count must be an integer between 1 and 10"],
])("refused: %s", async (_label, over, error) => {
  expect(await call(session(alice), "POST /ddns", form(over))).toEqual({ error });
  expect(room.profiles.list()).toEqual([]);
});

test("GHSA-ww5p-j6cj-6mqq: secrets go in and never come out", async () => {
  await call(session(alice), "POST /ddns", form());
  const answer = await call(session(alice), "GET /ddns");
  expect(answer).toMatchObject({ data: [{ id: 1, domains: ["a.example.com", "b.example.com"], access_id: "id", enable_ipv6: false }] });
  expect(JSON.stringify(answer)).not.toContain("the-");
  await open();
  expect(room.profiles.get(1)).toMatchObject({ accessSecret: "the-secret", webhookHeaders: '{"a":"the-header"}' });
});

test("omitted members are zero values and are left out again", async () => {
  await call(session(alice), "POST /ddns", { name: "bare", provider: "dummy", max_retries: 1 });
  expect(await call(session(alice), "GET /ddns")).toEqual({
    data: [
      {
        id: 1,
        created_at: formatInstant(clock.now()),
        updated_at: formatInstant(clock.now()),
        name: "bare",
        provider: "dummy",
        enable_ipv4: false,
        enable_ipv6: false,
        max_retries: 1,
        domains: null,
      },
    ],
  });
});

test("an edit replaces everything but secrets left empty", async () => {
  await call(session(alice), "POST /ddns", form());
  expect(await call(session(bob), "PATCH /ddns/1", form())).toEqual({ error: "permission denied" });
  expect(await call(session(alice), "PATCH /ddns/9", form())).toEqual({ error: "profile id 9 does not exist" });
  const edit = form({ name: "edited", access_id: "", access_secret: "", webhook_headers: undefined, domains: ["", "c.test"] });
  expect(await call(session(admin), "PATCH /ddns/1", edit)).toEqual({ data: null });
  await open();
  expect(room.profiles.get(1)).toMatchObject({
    ownerId: alice.id,
    name: "edited",
    accessId: "",
    accessSecret: "the-secret",
    webhookHeaders: '{"a":"the-header"}',
    domains: ["c.test"],
  });
});

test("rows of hand-edited files are shown as far as they can be read", async () => {
  await call(session(alice), "POST /ddns", form());
  await temporary.database.kysely.updateTable("ddns").set({ domains_raw: "x", enable_ipv4: null, name: null, user_id: 0 }).execute();
  await open();
  const answer = await call(session(admin), "GET /ddns");
  expect(answer).toMatchObject({ data: [{ id: 1, name: "", domains: null }] });
  expect(answer).not.toHaveProperty("data.0.enable_ipv4");
  expect(await call(session(alice), "GET /ddns")).toEqual({ data: [] });
});

test("lists, limits and deletion follow ownership", async () => {
  await call(session(alice), "POST /ddns", form({ name: "a" }));
  await call(session(bob), "POST /ddns", form({ name: "b" }));
  await call(session(alice), "POST /ddns", form({ name: "c" }));
  expect(await call(session(alice), "POST /ddns", form())).toEqual({ error: "too many rows: at most 2 of one kind" });
  expect(await call(session(admin), "GET /ddns?id=3,2")).toMatchObject({ data: [{ name: "c" }, { name: "b" }] });
  expect(await call(session(alice), "POST /batch-delete/ddns", [1, 2])).toEqual({ error: "permission denied" });
  expect(await call(session(alice), "POST /batch-delete/ddns", [1, 1, 99])).toEqual({ data: null });
  expect(cascaded).toEqual([[1]]);
  await open();
  expect(room.profiles.list().map((profile) => profile.name)).toEqual(["b", "c"]);
});

test("a deleted user's profiles go", async () => {
  await call(session(alice), "POST /ddns", form());
  await call(session(bob), "POST /ddns", form());
  await temporary.database.change((tx, changes) => room.cascades.users(tx, [alice.id], changes));
  expect(room.profiles.list().map((profile) => profile.ownerId)).toEqual([bob.id]);
  expect(cascaded).toEqual([[1]]);
});

test("the providers, in the order clients know", async () => {
  expect(await call(session(alice), "GET /ddns/providers")).toEqual({ data: ["dummy", "webhook", "cloudflare", "tencentcloud", "he"] });
});
