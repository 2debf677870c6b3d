import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatInstant, refuse, ROLE } from "#kernel";
import type { Caller, User } from "#kernel";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import type { Ddns } from "./index.ts";
import { openRoom } from "./testing/room.ts";

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
  ({ ddns: room } = await openRoom(temporary.database, clock, {
    requireRoom: (user, rows) => {
      if (user.role !== ROLE.admin && rows >= 2) throw refuse("too many rows: at most %d of one kind", 2);
    },
    cascades: [async (_tx, ids) => void cascaded.push([...ids])],
  }));
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

test("GHSA-ww5p-j6cj-6mqq: secrets go in and never come out, in the address and the body neither", async () => {
  const secrets = { webhook_url: "https://dns.example.com/?key=the-url", webhook_request_body: '{"k":"the-body"}' };
  await call(session(alice), "POST /ddns", form(secrets));
  await call(session(alice), "PATCH /ddns/1", form({ ...secrets, access_secret: "the-other-secret" }));
  const answer = await call(session(alice), "GET /ddns");
  expect(answer).toMatchObject({ data: [{ id: 1, domains: ["a.example.com", "b.example.com"], access_id: "id", enable_ipv6: false }] });
  expect(JSON.stringify(answer)).not.toContain("the-");
  expect(JSON.stringify(await temporary.database.kysely.selectFrom("wf_audit").selectAll().execute())).not.toContain("the-");
  await open();
  expect(room.profiles.get(1)).toMatchObject({
    accessSecret: "the-other-secret",
    webhookHeaders: '{"a":"the-header"}',
    webhookUrl: secrets.webhook_url,
    webhookRequestBody: secrets.webhook_request_body,
  });
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
  const kept = { access_secret: "", webhook_headers: undefined, webhook_url: "", webhook_request_body: "" };
  const edit = form({ ...kept, name: "edited", access_id: "", domains: ["", "c.test"] });
  expect(await call(session(admin), "PATCH /ddns/1", edit)).toEqual({ data: null });
  await open();
  expect(room.profiles.get(1)).toMatchObject({
    ownerId: alice.id,
    name: "edited",
    accessId: "",
    accessSecret: "the-secret",
    webhookUrl: "https://dns.example.com/#domain#",
    webhookRequestBody: '{"ip":"#ip#"}',
    webhookHeaders: '{"a":"the-header"}',
    domains: ["c.test"],
  });
  const lines = await temporary.database.kysely.selectFrom("wf_audit").select(["action", "username"]).orderBy("id").execute();
  expect(lines).toEqual([
    { action: "ddns.create", username: "alice" },
    { action: "ddns.update", username: "admin" },
  ]);
});

/** Who may edit a profile must not learn its secrets by sending them elsewhere. */
test.each<[string, object, string | null]>([
  ["the same host, another path", { webhook_url: "https://dns.example.com/other?x=1" }, null],
  ["another host", { webhook_url: "https://evil.example/" }, "webhook_headers: enter it again, because webhook_url names another host"],
  [
    "another port",
    { webhook_url: "https://dns.example.com:444/" },
    "webhook_headers: enter it again, because webhook_url names another host",
  ],
  ["without TLS", { webhook_url: "http://dns.example.com/" }, "webhook_headers: enter it again, because webhook_url names another host"],
  [
    "another host, only headers entered",
    { webhook_url: "https://evil.example/", webhook_headers: "{}" },
    "webhook_request_body: enter it again, because webhook_url names another host",
  ],
  [
    "another host, no secret entered",
    { webhook_url: "https://evil.example/", webhook_headers: "{}", webhook_request_body: "x" },
    "access_secret: enter it again, because webhook_url names another host",
  ],
  [
    "another host, all entered again",
    { webhook_url: "https://new.example/", webhook_headers: "{}", webhook_request_body: "x", access_secret: "s" },
    null,
  ],
  ["another provider", { provider: "cloudflare" }, "access_secret: enter it again, because provider names another service"],
  ["another provider with its secret", { provider: "cloudflare", access_secret: "token" }, null],
  ["the one that sends nothing", { provider: "dummy" }, null],
])("secrets stay where they were meant for: %s", async (_label, over, error) => {
  await call(session(alice), "POST /ddns", form());
  const kept = { access_secret: "", webhook_headers: "", webhook_url: "", webhook_request_body: "" };
  expect(await call(session(alice), "PATCH /ddns/1", form({ ...kept, ...over }))).toEqual(error === null ? { data: null } : { error });
});

test("nor by way of a provider that sends nothing", async () => {
  await call(
    session(alice),
    "POST /ddns",
    form({ provider: "cloudflare", webhook_url: "", webhook_headers: "", webhook_request_body: "" }),
  );
  const kept = { access_secret: "", webhook_headers: "", webhook_request_body: "" };
  await call(session(alice), "PATCH /ddns/1", form({ ...kept, provider: "dummy", webhook_url: "https://evil.example/?s=#access_secret#" }));
  expect(await call(session(alice), "PATCH /ddns/1", form({ ...kept, webhook_url: "" }))).toEqual({
    error: "access_secret: enter it again, because provider names another service",
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
