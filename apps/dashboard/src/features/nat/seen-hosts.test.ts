import { afterEach, beforeEach, expect, test } from "vitest";
import { createFleetBench, testServer } from "#features/fleet/testing";
import type { Caller } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createNat } from "./index.ts";
import type { Nat, NatRoomDeps } from "./index.ts";

/** GHSA-x6fg-52vr-hj4w: names under which the dashboard was reached, over a real database (spec 30 sections 6.1 and 6.2). */
const ADMIN = 1;
const ALICE = 7;
const HOUR = 3_600_000;
const caller = (id: number, role: 0 | 1): Caller => ({
  kind: "session",
  user: { id, username: `user ${id}`, role },
  sessionKey: "k",
  via: "header",
});
const admin = caller(ADMIN, 0);
const alice = caller(ALICE, 1);
const DENIED = { error: "permission denied" };

let temporary: TemporaryDatabase;
let nat: Nat;
let call: RouteCaller;
let now: number;
const errors: unknown[] = [];

async function open(deps: Partial<NatRoomDeps> = {}): Promise<void> {
  const { fleet, servers } = createFleetBench([testServer({ id: 1, ownerId: ALICE })]);
  nat = await createNat({
    database: temporary.database,
    audit: createAuditLog({ database: temporary.database, now: () => 0 }),
    servers,
    now: () => now,
    isReservedHost: () => false,
    dashboardHost: () => "set.example.com",
    requireRoom: () => undefined,
    ownsEverything: (id) => id === 0 || id === ADMIN,
    agents: fleet.agents,
    translate: (id) => id,
    ownCredentials: { among: () => new Set(), isCsrf: () => false, isOAuth2Key: () => false },
    after: () => ({ cancel: () => undefined }),
    blockPage: (message) => message,
    onError: (error) => void errors.push(error),
    ...deps,
  });
  call = createRouteCaller(nat.routes);
}

/** What a restart finds. */
async function reopen(deps: Partial<NatRoomDeps> = {}): Promise<void> {
  await nat.seenHosts.settled();
  await open(deps);
}

beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  temporary = await openTemporaryDatabase();
  await open();
});
afterEach(async () => {
  await nat.seenHosts.settled();
  await temporary.remove();
  if (errors.length > 0) throw new AggregateError(errors.splice(0), "the room met errors");
});

const tunnel = (domain: string, more: { enabled?: boolean; confirm_domain?: string } = {}) => ({
  name: "nas",
  enabled: true,
  server_id: 1,
  host: "127.0.0.1:5000",
  domain,
  ...more,
});
const idOf = (answer: Awaited<ReturnType<RouteCaller>>): number => ("data" in answer ? (answer.data as number) : 0);
const hosts = (): string[] => nat.shownHosts().map(({ host }) => host);

test("a host that a session was issued on is nobody's, in any spelling and on any port, also after a restart", async () => {
  nat.seenHosts.noteSession("NZ.Example.com.:8008", ADMIN);
  for (const domain of ["nz.example.com", "NZ.example.com:443", "nz.example.com."]) {
    expect(await call(admin, "POST /nat", tunnel(domain, { confirm_domain: domain }))).toEqual(DENIED);
    expect(await call(alice, "POST /nat", tunnel(domain))).toEqual(DENIED);
  }
  await reopen();
  expect(await call(alice, "POST /nat", tunnel("nz.example.com"))).toEqual(DENIED);
  expect(await call(alice, "POST /nat", tunnel("other.example.com"))).toHaveProperty("data");
});

test("a host that only agents used is an administrator's who types it again, and works for them", async () => {
  nat.seenHosts.noteAgent("agents.example.com:8008", 0);
  const refused = { error: "agents use this host name: repeat it in confirm_domain to take it" };
  expect(await call(alice, "POST /nat", tunnel("agents.example.com", { confirm_domain: "agents.example.com" }))).toEqual(DENIED);
  expect(await call(admin, "POST /nat", tunnel("agents.example.com"))).toEqual(refused);
  expect(await call(admin, "POST /nat", tunnel("agents.example.com", { confirm_domain: "Agents.example.com" }))).toEqual(refused);
  expect(await call(admin, "POST /nat", tunnel("agents.example.com", { confirm_domain: "agents.example.com" }))).toHaveProperty("data");
  await reopen();
  expect(nat.tunnel.matches("agents.example.com")).toBe(true);
});

test("an administrator who edits a member's tunnel cannot give the member a host that agents use", async () => {
  const id = idOf(await call(alice, "POST /nat", tunnel("nas.example.com")));
  nat.seenHosts.noteAgent("agents.example.com", 0);
  const body = tunnel("agents.example.com", { confirm_domain: "agents.example.com" });
  expect(await call(admin, `PATCH /nat/${id}`, body)).toEqual(DENIED);
});

test("after a session, a host that agents used is nobody's", async () => {
  nat.seenHosts.noteAgent("nz.example.com", 0);
  nat.seenHosts.noteSession("nz.example.com", ALICE);
  expect(await call(admin, "POST /nat", tunnel("nz.example.com", { confirm_domain: "nz.example.com" }))).toEqual(DENIED);
});

test("a tunnel whose host comes to be protected gets no request, and works again when an administrator removes the entry", async () => {
  await temporary.database.kysely
    .insertInto("wf_seen_hosts")
    .values({
      host: "nas.example.com",
      first_at: "2026-01-01 00:00:00+00:00",
      session_at: "2026-01-01 00:00:00+00:00",
      agent_at: null,
      user_id: 0,
    })
    .execute();
  await call(alice, "POST /nat", tunnel("nas.example.com:8443"));
  expect(nat.tunnel.matches("nas.example.com:8443")).toBe(true);
  await reopen();
  expect(nat.tunnel.matches("nas.example.com:8443")).toBe(false);
  expect(await call(alice, "GET /nat")).toMatchObject({ data: [{ blocked: "used by this dashboard" }] });
  expect(await call(admin, "POST /batch-delete/seen-host", ["unknown.example.com", "NAS.example.com"])).toEqual({ data: null });
  expect(nat.tunnel.matches("nas.example.com:8443")).toBe(true);
  const lines = await temporary.database.kysely.selectFrom("wf_audit").select(["action", "key", "username"]).execute();
  expect(lines).toContainEqual({ action: "seen-host.delete", key: "nas.example.com", username: "user 1" });
  await reopen();
  expect(hosts()).toEqual([]);
});

test("the host of the very request is not removed, nor what else is in the list", async () => {
  nat.seenHosts.noteSession("nz.example.com", ADMIN);
  nat.seenHosts.noteSession("old.example.com", ADMIN);
  const list = ["old.example.com", "nz.example.com"];
  expect(await call(admin, "POST http://NZ.example.com:8008/batch-delete/seen-host", list)).toEqual({ error: "host is in use" });
  expect(hosts()).toEqual(["nz.example.com", "old.example.com"]);
  expect(await call(admin, "POST http://nz.example.com/batch-delete/seen-host", ["old.example.com"])).toEqual({ data: null });
  expect(hosts()).toEqual(["nz.example.com"]);
});

test.each([["nas.example.com"], ["NAS.example.com:8443"], ["nas.example.com:9000"]])(
  "nobody takes another one's tunnel away by signing in with its name, as %s",
  async (host) => {
    await call(alice, "POST /nat", tunnel("Nas.example.com:8443", { enabled: false }));
    nat.seenHosts.noteSession(host, 8);
    expect(hosts()).toEqual([]);
  },
);

test.each(["", "127.0.0.1:8008", "[::1]:8008", "localhost", "no name", "under_score.example.com", `${"a.".repeat(127)}com`])(
  "%j is no name that would be kept",
  (host) => {
    nat.seenHosts.noteSession(host, ADMIN);
    expect(hosts()).toEqual([]);
  },
);

test("a member makes at most 20 entries, by sessions and by agents together; administrators as many as there is room for", () => {
  for (let n = 0; n < 15; n++) nat.seenHosts.noteSession(`s${n}.example.com`, ALICE);
  for (let n = 0; n < 15; n++) nat.seenHosts.noteAgent(`a${n}.example.com`, ALICE);
  expect(hosts()).toHaveLength(20);
  expect(nat.seenHosts.counters.notRecorded).toBe(10);
  for (let n = 0; n < 30; n++) nat.seenHosts.noteSession(`admin${n}.example.com`, ADMIN);
  expect(hosts()).toHaveLength(50);
});

test("1 000 entries: members' make room for those of administrators, never the other way round", () => {
  for (let n = 0; n < 990; n++) nat.seenHosts.noteAgent(`agent${n}.example.com`, 0);
  for (let n = 0; n < 20; n++) nat.seenHosts.noteSession(`m${n}.example.com`, ALICE);
  expect(hosts()).toHaveLength(1_000);
  expect(nat.seenHosts.counters.notRecorded).toBe(10);
  for (let n = 0; n < 20; n++) nat.seenHosts.noteSession(`admin${n}.example.com`, ADMIN);
  expect(hosts()).toHaveLength(1_000);
  expect(hosts().filter((host) => host.startsWith("admin"))).toHaveLength(10);
  expect(hosts().filter((host) => host.startsWith("agent"))).toHaveLength(990);
  expect(hosts().filter((host) => /^m\d/.test(host))).toEqual([]);
  expect(nat.seenHosts.counters.notRecorded).toBe(20);
});

test("a host is written at most once an hour, and at once when it is used in a new way", async () => {
  const times = async () => {
    await nat.seenHosts.settled();
    const row = await temporary.database.kysely.selectFrom("wf_seen_hosts").selectAll().executeTakeFirst();
    return [row?.session_at, row?.agent_at, row?.user_id];
  };
  nat.seenHosts.noteSession("nz.example.com", ALICE);
  const first = await times();
  now += HOUR - 1;
  nat.seenHosts.noteSession("nz.example.com", ALICE);
  expect(await times()).toEqual(first);
  nat.seenHosts.noteAgent("nz.example.com", ALICE);
  expect(await times()).toEqual([first[0], expect.any(String), ALICE]);
  now += 1;
  nat.seenHosts.noteSession("nz.example.com", ALICE);
  expect((await times())[0]).not.toBe(first[0]);
  nat.seenHosts.noteSession("nz.example.com", ADMIN);
  expect((await times())[2]).toBe(0);
});

test("what was removed while it was being written stays removed", async () => {
  nat.seenHosts.noteSession("nz.example.com", ADMIN);
  await call(admin, "POST /batch-delete/seen-host", ["nz.example.com"]);
  await reopen();
  expect(hosts()).toEqual([]);
  nat.seenHosts.noteSession("nz.example.com", ADMIN);
  await reopen();
  expect(nat.shownHosts().map((seen) => Object.keys(seen))).toEqual([["host", "first_at", "session_at"]]);
});
