import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createServerDirectory } from "#features/servers";
import type { WritableDirectory } from "#features/servers";
import { hostWith, testSettings } from "#features/servers/testing";
import type { Caller } from "#kernel";
import { ROLE } from "#kernel";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import { createScheduler } from "#platform/scheduler";
import type { Scheduler } from "#platform/scheduler";
import { createAgentChanges } from "./index.ts";
import type { AgentChanges } from "./index.ts";
import { changesIn } from "./model.ts";

const session = (id: number, rest: object = {}): Caller => ({
  kind: "session",
  user: { id, username: "u", role: ROLE.member, ...rest },
  sessionKey: "k",
  via: "cookie",
});
const ALICE = session(2);
const DAY_MS = 86_400_000;
const START = Date.parse("2026-03-10T10:00:00Z");

let clock: FakeClock;
let temporary: TemporaryDatabase;
let servers: WritableDirectory;
let room: AgentChanges;
let scheduler: Scheduler | undefined;

/** A process starts; an earlier one does nothing any more. Servers are alice's; guests see 1 alone. */
async function start(): Promise<void> {
  servers = createServerDirectory([
    { ...testSettings, id: 1, uuid: "u1", ownerId: 2, hideForGuest: false },
    { ...testSettings, id: 2, uuid: "u2", ownerId: 2, hideForGuest: true },
  ]);
  await scheduler?.stop();
  scheduler = createScheduler({ clock, location: "UTC", log: { warn: () => undefined, error: (text) => expect.unreachable(text) } });
  room = await createAgentChanges({ clock, database: temporary.database, scheduler, servers });
  await room.start();
}

beforeEach(async () => {
  scheduler = undefined;
  clock = createFakeClock(START);
  temporary = await openTemporaryDatabase({ clock });
  await start();
});
afterEach(() => temporary.remove());

async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 10) {
    await clock.advanceAsync(10_000);
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  }
}

/** The agent of a server reports. */
function report(id: number, version: string, ipv4 = "", ipv6 = ""): void {
  const server = servers.get(id) ?? expect.unreachable("the server");
  server.applyHost(hostWith({ version }), "updated");
  server.applyAddress({ ipv4, ipv6, countryCode: "" });
}

async function changesFor(caller: Caller, id = 1, days = 30): Promise<unknown> {
  const answer = await createRouteCaller(room.routes)(caller, `GET /server/${id}/agent-changes?days=${days}`);
  return "error" in answer ? answer.error : answer.data;
}

const rows = async (): Promise<number> => (await temporary.database.kysely.selectFrom("wf_agent_changes").selectAll().execute()).length;

test("the first report is where the record begins; what is another one afterwards is a change, newest first", async () => {
  report(1, "2.3.3", "192.0.2.1");
  await pass(120);
  expect(await changesFor(ALICE)).toEqual([]);
  report(1, "2.3.5", "192.0.2.1");
  await pass(60);
  report(1, "2.3.5", "192.0.2.1", "2001:db8::1");
  await pass(10);
  expect(await changesFor(ALICE)).toEqual([
    { at: "2026-03-10T10:03:10Z", what: "address", from: "192.0.2.1", to: "192.0.2.1/2001:db8::1" },
    { at: "2026-03-10T10:02:10Z", what: "version", from: "2.3.3", to: "2.3.5" },
  ]);
});

test("a change while the dashboard was down is noticed when the agent reports, and a restart alone is none", async () => {
  report(1, "2.3.3", "192.0.2.1");
  await pass(60);
  await start();
  await pass(60);
  report(1, "2.3.3", "192.0.2.9");
  await pass(20);
  expect(await changesFor(ALICE)).toMatchObject([{ what: "address", from: "192.0.2.1", to: "192.0.2.9" }]);
});

test("an agent that is another one at each report makes one row a minute", async () => {
  for (let second = 0; second < 600; second += 10) {
    report(1, `1.${second}`);
    await pass(10);
  }
  expect(await rows()).toBe(10);
  await pass(60);
  expect(await changesFor(ALICE)).toMatchObject([{ from: "1.540", to: "1.590" }, ...Array.from({ length: 9 }, () => ({}))]);
});

test("a clock that was set back keeps nothing waiting", async () => {
  report(1, "2.3.3");
  await pass(60);
  clock.jump(-DAY_MS);
  report(1, "2.3.5");
  await pass(20);
  expect(await rows()).toBe(2);
});

test("who does not see version and address learns nothing of them", async () => {
  for (const id of [1, 2]) report(id, "2.3.3");
  await pass(120);
  for (const id of [1, 2]) report(id, "2.3.5");
  await pass(20);
  expect(await changesFor({ kind: "guest" })).toEqual([]);
  expect(await changesFor(session(3))).toEqual([]);
  expect([await changesFor({ kind: "guest" }, 2), await changesFor(session(3), 2), await changesFor(ALICE, 9)]).toEqual([
    "server not found",
    "server not found",
    "server not found",
  ]);
  const viewer = session(4, { sight: new Set([1]) });
  expect([await changesFor(viewer), await changesFor(viewer, 2)]).toMatchObject([[{ to: "2.3.5" }], "server not found"]);
  expect(await changesFor(session(1, { role: ROLE.admin }), 2)).toHaveLength(1);
});

test("what is long ago goes, all but where the time that is kept begins; so does what belongs to a deleted server", async () => {
  report(1, "1");
  report(2, "1");
  await pass(10);
  for (const version of ["2", "3"]) {
    clock.advance(60 * DAY_MS);
    report(1, version);
    await pass(10);
  }
  expect(await rows()).toBe(4);
  clock.advance(50 * DAY_MS);
  await room.prune();
  expect(await rows()).toBe(3);
  expect(await changesFor(ALICE, 1, 90)).toMatchObject([{ from: "2", to: "3" }]);
  await temporary.database.change((tx, changes) => room.cascades.servers(tx, [1], changes));
  expect(await rows()).toBe(1);
  servers.remove([2]);
  await room.prune();
  expect(await rows()).toBe(0);
});

test("of a server with very many values the newest are kept", async () => {
  const values = Array.from({ length: 600 }, (_, index) => ({ server_id: 1, what: "version", at: START + index, value: String(index) }));
  await temporary.database.transaction(async (tx) => void (await tx.insertInto("wf_agent_changes").values(values).execute()));
  await room.prune();
  expect(await rows()).toBe(500);
  expect(await changesFor(ALICE)).toHaveLength(200);
});

test("a value that stays the same is no change, and one before the time that was asked for is not shown", () => {
  const values = [
    { at: 1, value: "a" },
    { at: 2, value: "b" },
    { at: 3, value: "b" },
    { at: 4, value: "c" },
  ];
  expect(changesIn("version", values, 0)).toEqual([
    { at: 2, what: "version", from: "a", to: "b" },
    { at: 4, what: "version", from: "b", to: "c" },
  ]);
  expect(changesIn("version", values, 3)).toEqual([{ at: 4, what: "version", from: "b", to: "c" }]);
});
