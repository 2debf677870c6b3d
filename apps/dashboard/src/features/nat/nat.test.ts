import { afterEach, beforeEach, expect, test } from "vitest";
import { createFleetBench, testServer } from "#features/fleet/testing";
import type { Caller } from "#kernel";
import { runCascades } from "#platform/database";
import type { Cascade } from "#platform/database";
import { isReservedHost } from "#platform/config";
import { createAuditLog } from "#platform/audit";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createNat } from "./index.ts";
import type { Nat, NatRoomDeps } from "./index.ts";

const session = (id: number, role: 0 | 1): Caller => ({
  kind: "session",
  user: { id, username: `user ${id}`, role },
  sessionKey: "k",
  via: "header",
});
const admin = session(1, 0);
const alice = session(7, 1);
const bob = session(8, 1);
const aliceToken: Caller = {
  kind: "token",
  user: { id: 7, username: "alice", role: 1 },
  tokenId: 1,
  scopes: ["nezha:*"],
  serverIds: new Set([2]),
};
const RESERVED = "status.example.com";

let temporary: TemporaryDatabase;
let nat: Nat;
let call: RouteCaller;
const errors: unknown[] = [];

async function open(deps: Partial<NatRoomDeps> = {}): Promise<void> {
  const { fleet, servers } = createFleetBench([
    testServer({ id: 1, ownerId: 7 }),
    testServer({ id: 2, ownerId: 7 }),
    testServer({ id: 3, ownerId: 8 }),
  ]);
  nat = await createNat({
    database: temporary.database,
    audit: createAuditLog({ database: temporary.database, now: () => 0 }),
    servers,
    now: () => Date.UTC(2026, 0, 1),
    isReservedHost: (host) => isReservedHost(host, [RESERVED]),
    dashboardHost: () => RESERVED,
    onError: (error) => void errors.push(error),
    requireRoom: () => undefined,
    ownsEverything: (id) => id === 1,
    agents: fleet.agents,
    translate: (id) => id,
    ownCredentials: { among: () => new Set(), isCsrf: () => false, isOAuth2Key: () => false },
    after: () => ({ cancel: () => undefined }),
    blockPage: (message) => message,
    ...deps,
  });
  call = createRouteCaller(nat.routes);
}

beforeEach(async () => {
  temporary = await openTemporaryDatabase();
  await open();
});
afterEach(async () => {
  await nat.seenHosts.settled();
  await temporary.remove();
  if (errors.length > 0) throw new AggregateError(errors.splice(0), "the room met errors");
});

const form = (domain: string, serverId = 1, more: { enabled?: boolean; confirm_domain?: string } = {}) => ({
  name: "nas",
  enabled: true,
  server_id: serverId,
  host: "127.0.0.1:5000",
  domain,
  ...more,
});
const list = async (caller: Caller): Promise<{ domain: string; enabled: boolean; blocked?: string }[]> => {
  const answer = await call(caller, "GET /nat");
  return "data" in answer ? (answer.data as { domain: string; enabled: boolean; blocked?: string }[]) : [];
};
/** A row of an older database. */
const stored = (domain: string, userId = 7, serverId = 1) =>
  temporary.database.kysely
    .insertInto("nats")
    .values({ user_id: userId, enabled: 1, name: "old", server_id: serverId, host: "127.0.0.1:5000", domain })
    .execute();
const idOf = (answer: Awaited<ReturnType<RouteCaller>>): number => ("data" in answer ? (answer.data as number) : 0);
const domains = async (caller: Caller): Promise<string[]> => (await list(caller)).map(({ domain }) => domain);
const PERMISSION_DENIED = { error: "permission denied" };

test("a tunnel is created, shown, edited and deleted; each takes effect at once", async () => {
  const id = idOf(await call(alice, "POST /nat", form("one.example.com")));
  expect(nat.tunnel.matches("one.example.com")).toBe(true);
  expect(await call(alice, "GET /nat")).toEqual({
    data: [
      {
        id,
        created_at: expect.any(String) as string,
        updated_at: expect.any(String) as string,
        enabled: true,
        name: "nas",
        server_id: 1,
        host: "127.0.0.1:5000",
        domain: "one.example.com",
      },
    ],
  });
  expect(await call(alice, `PATCH /nat/${id}`, form("two.example.com", 2))).toEqual({ data: null });
  expect([nat.tunnel.matches("one.example.com"), nat.tunnel.matches("two.example.com")]).toEqual([false, true]);
  expect(await call(alice, "POST /batch-delete/nat", [id, 99])).toEqual({ data: null });
  expect(nat.tunnel.matches("two.example.com")).toBe(false);
});

test.each([
  ["no server", form("x.example.com", 0), "have invalid server id"],
  ["GHSA-39g2-8x68-pmx8: a server that is not there yet", form("x.example.com", 4), "have invalid server id"],
  ["somebody else's server", form("x.example.com", 3), "permission denied"],
  ["GHSA-x6fg-52vr-hj4w: the dashboard's own host", form(RESERVED), "permission denied"],
  ["GHSA-x6fg-52vr-hj4w: the same in other words", form("STATUS.example.com:8008"), "permission denied"],
  ["a host name that is taken", form("taken.example.com"), "database error"],
])("%s is refused, on creation and on a change", async (_what, body, error) => {
  await call(alice, "POST /nat", form("taken.example.com"));
  const id = idOf(await call(alice, "POST /nat", form("own.example.com")));
  expect(await call(alice, "POST /nat", body)).toEqual({ error });
  expect(await call(alice, `PATCH /nat/${id}`, body)).toEqual({ error });
  expect(await domains(alice)).toEqual(["taken.example.com", "own.example.com"]);
});

test.each(["127.0.0.1:8008", "127.1", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]", "[::1]", "localhost:8008", "nz.localhost"])(
  "GHSA-x6fg-52vr-hj4w: the literal host %s is nobody's",
  async (domain) => {
    expect(await call(admin, "POST /nat", form(domain))).toEqual(PERMISSION_DENIED);
    expect(await call(alice, "POST /nat", form(domain))).toEqual(PERMISSION_DENIED);
  },
);

test.each(["", "  ", "http://nas.example.com", "nas.example.com/x", "nas example.com", "nas..example.com", "nas_1.example.com"])(
  "the domain %j is no host name",
  async (domain) => {
    expect(await call(admin, "POST /nat", form(domain))).toEqual({ error: "domain is not a host name" });
    expect(await call(alice, "POST /nat", form(domain, 3))).toEqual(PERMISSION_DENIED);
  },
);

test("a domain is stored as browsers say it; what it is written like otherwise is the same domain", async () => {
  await call(alice, "POST /nat", form(" NAS.Bücher.example.:8443 "));
  expect(await domains(alice)).toEqual(["nas.xn--bcher-kva.example:8443"]);
  for (const twin of ["nas.xn--bcher-kva.example.:8443", "nas.BÜCHER.example:08443", "NAS.xn--bcher-kva.example:8443"])
    expect(await call(alice, "POST /nat", form(twin))).toEqual({ error: "database error" });
  for (const host of ["NAS.xn--BCHER-kva.example:8443", "nas.xn--bcher-kva.example.:8443"]) expect(nat.tunnel.matches(host)).toBe(true);
  expect(nat.tunnel.matches("nas.xn--bcher-kva.example")).toBe(false);
});

test("domains of older databases: capitals work, twins keep the one that browsers reached, what is no name is never matched", async () => {
  for (const domain of ["", "not a name", "One.example.com", "one.example.com", "Two.Example.com"]) await stored(domain);
  await open();
  expect(["", "not a name", "ONE.example.com", "two.example.com"].map((host) => nat.tunnel.matches(host))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  const blocked = (await list(alice)).map((row) => row.blocked);
  expect(blocked).toEqual(["not a host name", "not a host name", undefined, undefined, undefined]);
  expect(await call(alice, "PATCH /nat/2", form("not a name", 1, { enabled: false }))).toEqual({ data: null });
  expect(await call(alice, "PATCH /nat/3", form("One.example.com"))).toEqual({ data: null });
  expect(await call(alice, "PATCH /nat/5", form("ONE.example.com"))).toEqual({ error: "database error" });
});

test("GHSA-x6fg-52vr-hj4w: rows whose host became the dashboard's stay, are marked, get no request, and work again afterwards", async () => {
  const id = idOf(await call(alice, "POST /nat", form("later.example.com:8443")));
  let reserved = "later.example.com";
  await open({ isReservedHost: (host) => isReservedHost(host, [reserved]) });
  expect(nat.tunnel.matches("later.example.com:8443")).toBe(false);
  expect(await list(alice)).toEqual([expect.objectContaining({ domain: "later.example.com:8443", blocked: "reserved" })]);
  expect(await call(alice, `PATCH /nat/${id}`, form("later.example.com:8443"))).toEqual(PERMISSION_DENIED);
  expect(await call(alice, `PATCH /nat/${id}`, form("later.example.com:8443", 1, { enabled: false }))).toEqual({ data: null });
  reserved = "";
  expect(nat.tunnel.matches("later.example.com:8443")).toBe(true);
  expect((await list(alice))[0]).not.toHaveProperty("blocked");
  expect(await call(bob, "POST /batch-delete/nat", [id])).toEqual(PERMISSION_DENIED);
  expect(await call(alice, "POST /batch-delete/nat", [id])).toEqual({ data: null });
});

test("GHSA-x6fg-52vr-hj4w: members open no tunnel while dashboard_host is empty; they save and close them", async () => {
  const id = idOf(await call(alice, "POST /nat", form("one.example.com")));
  await open({ dashboardHost: () => "" });
  expect(nat.tunnel.matches("one.example.com")).toBe(true);
  const refused = { error: "dashboard_host is not set: an administrator must set it before members can open tunnels" };
  expect(await call(alice, "POST /nat", form("two.example.com"))).toEqual(refused);
  expect(await call(alice, `PATCH /nat/${id}`, form("one.example.com"))).toEqual(refused);
  expect(await call(alice, "POST /nat", form(RESERVED))).toEqual(refused);
  expect(await call(alice, `PATCH /nat/${id}`, form("one.example.com", 1, { enabled: false }))).toEqual({ data: null });
  expect(await call(alice, "POST /nat", form("two.example.com", 1, { enabled: false }))).toHaveProperty("data");
  expect(await call(admin, "POST /nat", form("three.example.com"))).toHaveProperty("data");
});

test("rows are their owner's and administrators'; a token keeps to its servers", async () => {
  const one = idOf(await call(alice, "POST /nat", form("one.example.com", 1)));
  const two = idOf(await call(alice, "POST /nat", form("two.example.com", 2)));
  expect([await domains(alice), await domains(bob), await domains(admin), await domains(aliceToken)]).toEqual([
    ["one.example.com", "two.example.com"],
    [],
    ["one.example.com", "two.example.com"],
    ["two.example.com"],
  ]);
  expect(await call(bob, `PATCH /nat/${one}`, form("one.example.com", 3))).toEqual({ error: "permission denied" });
  expect(await call(aliceToken, `PATCH /nat/${one}`, form("one.example.com", 2))).toEqual({ error: "permission denied" });
  expect(await call(aliceToken, "POST /nat", form("x.example.com", 1))).toEqual({ error: "permission denied" });
  expect(await call(aliceToken, "POST /batch-delete/nat", [one, two])).toEqual({ error: "permission denied" });
  expect(await call(admin, `PATCH /nat/${one}`, form("admin.example.com", 3))).toEqual({ data: null });
  expect(await call(alice, "PATCH /nat/99", form("x.example.com"))).toEqual({ error: "profile id 99 does not exist" });
});

test("tunnels go with their server and with their owner", async () => {
  await call(alice, "POST /nat", form("one.example.com", 1));
  await call(alice, "POST /nat", form("two.example.com", 2));
  await call(bob, "POST /nat", form("three.example.com", 3));
  const remove = (cascade: Cascade, id: number): Promise<void> =>
    temporary.database.change((tx, changes) => runCascades(tx, [cascade], [id], changes));
  await remove(nat.cascades.servers, 1);
  await remove(nat.cascades.users, 8);
  expect(await domains(admin)).toEqual(["two.example.com"]);
  expect(await call(alice, "POST /nat", form("one.example.com", 2))).toHaveProperty("data");
  await open();
  expect(await domains(admin)).toEqual(["two.example.com", "one.example.com"]);
});

test("two tunnels for one host name at the same moment: one is made, the other is refused", async () => {
  const results = await Promise.allSettled([
    call(alice, "POST /nat", form("same.example.com")),
    call(alice, "POST /nat", form("same.example.com", 2)),
  ]);
  const made = results.filter((result) => result.status === "fulfilled" && "data" in result.value);
  expect(made).toHaveLength(1);
  expect(results.every(({ status }) => status === "fulfilled")).toBe(true);
  expect(await domains(alice)).toEqual(["same.example.com"]);
});

test("who did what is written down, with what changed", async () => {
  const id = idOf(await call(alice, "POST /nat", form("one.example.com")));
  await call(admin, `PATCH /nat/${id}`, form("two.example.com"));
  await call(alice, `PATCH /nat/${id}`, form("three.example.com", 3));
  await call(alice, "POST /batch-delete/nat", [id]);
  const lines = await temporary.database.kysely
    .selectFrom("wf_audit")
    .select(["action", "username", "key", "fields"])
    .orderBy("id")
    .execute();
  expect(lines.map(({ action, username, key }) => `${username} ${action} ${key}`)).toEqual([
    `user 7 nat.create ${id}`,
    `user 1 nat.update ${id}`,
    `user 7 nat.delete ${id}`,
  ]);
  expect(JSON.parse(lines[1]?.fields ?? "")).toEqual([{ field: "domain", from: "one.example.com", to: "two.example.com" }]);
});

test("a change that another process made is followed", async () => {
  await stored("elsewhere.example.com");
  await temporary.database.change(async (_tx, changes) => changes.put("nat", 1));
  expect(nat.tunnel.matches("elsewhere.example.com")).toBe(true);
});
