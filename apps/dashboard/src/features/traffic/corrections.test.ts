import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ROLE } from "#kernel";
import type { Caller, Role } from "#kernel";
import { createAuditLog } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createTraffic, createTrafficCorrections } from "./index.ts";
import type { TrafficCorrections } from "./index.ts";

const session = (id: number, username: string, role: Role): Caller => ({
  kind: "session",
  user: { id, username, role },
  sessionKey: "k",
  via: "header",
});
const admin = session(1, "admin", ROLE.admin);
const alice = session(2, "alice", ROLE.member);
const bob = session(3, "bob", ROLE.member);
/** Alice has server 1, Bob server 2. */
const OWNERS = new Map([
  [1, 2],
  [2, 3],
]);
const span = (serverId: number) => ({ serverId, from: 0, until: Date.parse("2030-01-01") });

let temporary: TemporaryDatabase;
let audit: AuditLog;
let corrections: TrafficCorrections;
let call: RouteCaller;
const clock = createFakeClock(Date.parse("2026-03-10T12:00:00Z"));

async function open(): Promise<void> {
  corrections = await createTrafficCorrections({
    database: temporary.database,
    audit,
    now: clock.now,
    findServer: async (_tx, id) => {
      const ownerId = OWNERS.get(id);
      return ownerId === undefined ? undefined : { id, ownerId };
    },
  });
  call = createRouteCaller(corrections.routes);
}
beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
  audit = createAuditLog({ database: temporary.database, now: clock.now });
  await open();
});
afterEach(() => temporary.remove());

test("corrections are listed by time with who made them, counted, and outlive a restart and the nightly clean-up", async () => {
  expect(await call(alice, "POST /server/1/traffic-correction", { in: 5, note: "rescue" })).toEqual({ data: 1 });
  expect(await call(admin, "POST /server/1/traffic-correction", { at: "2026-01-01T08:00:00+08:00", in: -2, out: 7 })).toEqual({ data: 2 });
  await createTraffic(temporary.database).clean({ everywhere: undefined, byServer: new Map() }, { now: clock.now() });
  await open();
  const line = { server_id: 1, created_at: "2026-03-10T12:00:00Z" };
  expect(await call(alice, "GET /server/1/traffic-correction")).toEqual({
    data: [
      { ...line, id: 2, at: "2026-01-01T00:00:00Z", in: -2, out: 7, note: "", created_by: "admin" },
      { ...line, id: 1, at: "2026-03-10T12:00:00Z", in: 5, out: 0, note: "rescue", created_by: "alice" },
    ],
  });
  expect([corrections.within(span(1)), corrections.within(span(2))]).toEqual([
    { in: 3n, out: 7n },
    { in: 0n, out: 0n },
  ]);
  expect(corrections.within({ ...span(1), from: clock.now() })).toEqual({ in: 5n, out: 0n });
});

test("only who may manage the server sees, makes and deletes them; a list is deleted whole or not at all", async () => {
  await call(alice, "POST /server/1/traffic-correction", { in: 5 });
  await call(bob, "POST /server/2/traffic-correction", { in: 6 });
  const token: Caller = {
    kind: "token",
    user: admin.kind === "session" ? admin.user : expect.fail(),
    tokenId: 1,
    scopes: ["nezha:*"],
    serverIds: new Set([2]),
  };
  for (const stranger of [bob, token]) {
    expect(await call(stranger, "GET /server/1/traffic-correction")).toEqual({ error: "permission denied" });
    expect(await call(stranger, "POST /server/1/traffic-correction", { in: 1 })).toEqual({ error: "permission denied" });
    expect(await call(stranger, "POST /batch-delete/traffic-correction", [2, 1])).toEqual({ error: "permission denied" });
  }
  expect(await call(admin, "POST /server/9/traffic-correction", { in: 1 })).toEqual({ error: "server id 9 does not exist" });
  expect(corrections.within(span(2))).toEqual({ in: 6n, out: 0n });
  expect(await call(admin, "POST /batch-delete/traffic-correction", [1, 2, 2, 99])).toEqual({ data: null });
  expect([corrections.within(span(1)).in, corrections.within(span(2)).in]).toEqual([0n, 0n]);
});

test.each([
  [{ in: 1.5 }, "in: "],
  [{ in: 1, out: 2 ** 53 }, "out: "],
  [{ in: "x" }, "in: "],
  [{}, "in: must not be 0 where out is 0 too"],
  [{ in: 0, out: 0, note: "nothing" }, "in: must not be 0 where out is 0 too"],
  [{ in: 1, at: "yesterday" }, "at: "],
  [{ in: 1, at: "2099-01-01T00:00:00Z" }, "at: must not be more than a day ahead"],
  [{ in: 1, at: "2026-03-11T12:00:01Z" }, "at: must not be more than a day ahead"],
  [{ in: 1, at: "1999-12-31T23:59:59Z" }, "at: must not be before the year 2000"],
  [{ in: 1, note: "x".repeat(201) }, "note: "],
])("%j is refused, and the field is named", async (form, error) => {
  const answer = await call(alice, "POST /server/1/traffic-correction", form);
  expect("error" in answer ? answer.error : answer).toContain(error);
  expect(corrections.within(span(1))).toEqual({ in: 0n, out: 0n });
});

test("a server has at most 100 of them", async () => {
  for (let count = 0; count < 100; count++) await call(alice, "POST /server/1/traffic-correction", { in: 1 });
  expect(await call(alice, "POST /server/1/traffic-correction", { in: 1 })).toEqual({ error: "too many rows: at most 100 of one kind" });
  expect(await call(bob, "POST /server/2/traffic-correction", { in: 1 })).toHaveProperty("data");
});

test("they go with their server, and what is made or deleted is written down and told", async () => {
  const told: number[] = [];
  corrections.onChange((serverId) => told.push(serverId));
  await call(alice, "POST /server/1/traffic-correction", { in: 5 });
  await call(alice, "POST /batch-delete/traffic-correction", [1]);
  await call(bob, "POST /server/2/traffic-correction", { in: 5 });
  await temporary.database.change((tx, changes) => corrections.cascades.servers(tx, [2], changes));
  expect(await temporary.database.kysely.selectFrom("wf_traffic_corrections").selectAll().execute()).toEqual([]);
  expect(told).toEqual([1, 1, 2, 2]);
  expect((await audit.newest(9)).map(({ username, action }) => [username, action])).toEqual([
    ["bob", "traffic-correction.create"],
    ["alice", "traffic-correction.delete"],
    ["alice", "traffic-correction.create"],
  ]);
});
