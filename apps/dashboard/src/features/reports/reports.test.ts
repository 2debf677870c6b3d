import type { Report, ReportPreview } from "@windfire/api";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Notice } from "#features/notifications";
import { ROLE } from "#kernel";
import type { Caller } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createScheduler } from "#platform/scheduler";
import { createReports } from "./index.ts";
import type { ReportedIncident, ReportsRoom } from "./index.ts";

const ALICE = { id: 2, username: "alice", role: ROLE.member } as const;
const alice: Caller = { kind: "session", user: ALICE, sessionKey: "k", via: "cookie" };
const bob: Caller = { ...alice, user: { ...ALICE, id: 3 } };
const limited: Caller = { kind: "token", user: ALICE, tokenId: 1, scopes: ["nezha:*"], serverIds: new Set([1]) };
const HOUR_MS = 3_600_000;
/** A Tuesday. */
const START = Date.UTC(2026, 2, 10, 12);

let temporary: TemporaryDatabase;
let clock: FakeClock;
let room: ReportsRoom;
let call: RouteCaller;
let told: [number, Notice][];
let incidents: ReportedIncident[];
let failing: boolean;
let errors: unknown[];

async function open(): Promise<void> {
  const { database } = temporary;
  room = await createReports({
    database,
    audit: createAuditLog({ database, now: clock.now }),
    now: clock.now,
    location: "UTC",
    scheduler: createScheduler({ clock, location: "UTC", log: { warn: () => undefined, error: (text) => expect.unreachable(text) } }),
    deliveries: {
      tell: async (_tx, _changes, groupId, notice) => void told.push([groupId, notice]),
      wouldTell: (groupId) => groupId === 10,
    },
    translate: (id, ...args) => id.replaceAll(/%[sd]/g, () => String(args.shift())),
    requireRoom: () => undefined,
    notificationGroupOwner: async (id) => new Map([[10, ALICE.id]]).get(id),
    ownerOf: (_subject, id) => (id < 5 ? ALICE.id : undefined),
    serversOf: () => [
      { id: 1, name: "web", publicNote: "" },
      { id: 2, name: "mail", publicNote: '{"billingDataMod":{"endDate":"2026-03-20"}}' },
      { id: 3, name: "new", publicNote: "" },
    ],
    servicesOf: () => [{ id: 1, name: "site", certificateEnds: START + 5.5 * 24 * HOUR_MS }],
    membersOf: (groupId) => (groupId === 4 ? [2] : []),
    availability: async (ids) => {
      if (failing) throw new Error("no availability");
      return new Map(
        [
          [1, { onlineMs: 23 * HOUR_MS, offlineMs: HOUR_MS }],
          [2, { onlineMs: 24 * HOUR_MS, offlineMs: 0 }],
        ].filter(([id]) => ids.includes(Number(id))) as [number, { onlineMs: number; offlineMs: number }][],
      );
    },
    serviceResults: async () => new Map([[1, { up: 2_877, down: 3 }]]),
    incidents: async () => incidents,
    traffic: async (id) => ({ in: id * 1024 ** 3, out: id === 3 ? 0 : 512 }),
    onError: (error) => errors.push(error),
  });
  call = createRouteCaller(room.routes);
}

async function data<T>(caller: Caller, request: string, body?: unknown): Promise<T> {
  const answer = await call(caller, request, body);
  if ("error" in answer) throw new Error(answer.error);
  return answer.data as T;
}
const form = (over: object = {}) => ({
  name: "fleet",
  enable: true,
  every: "daily",
  at: "08:00",
  parts: ["availability", "services", "incidents", "traffic", "expiry"],
  notification_group_id: 10,
  ...over,
});
const list = (): Promise<Report[]> => data(alice, "GET /report");

beforeEach(async () => {
  clock = createFakeClock(START);
  temporary = await openTemporaryDatabase({ clock });
  told = [];
  errors = [];
  failing = false;
  incidents = [
    {
      id: 7,
      source: "alert",
      sourceId: 1,
      serverId: 1,
      severity: "critical",
      title: "cpu",
      serverName: "web",
      openedAt: START - 20 * HOUR_MS,
      endedAt: START - 19 * HOUR_MS,
    },
    {
      id: 8,
      source: "service",
      sourceId: 1,
      serverId: 0,
      severity: "warning",
      title: "site",
      serverName: "",
      openedAt: START - 40 * HOUR_MS,
      endedAt: 0,
    },
  ];
  await open();
});
afterEach(async () => {
  await room.stop();
  await temporary.remove();
});

test("a preview has the figures and the text of the last whole period", async () => {
  const preview = await data<ReportPreview>(alice, "POST /report/preview", form());
  expect([preview.from, preview.to]).toEqual(["2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"]);
  expect(preview.figures).toMatchObject({
    availability: [
      { server_id: 1, percent: 95.8333, offline_seconds: 3_600 },
      { server_id: 2, percent: 100 },
      { server_id: 3, percent: null },
    ],
    services: [{ service_id: 1, percent: 99.8958 }],
    incidents: {
      opened: 1,
      critical: 1,
      warning: 0,
      open_now: 1,
      longest: [
        { id: 8, seconds: 86_400 },
        { id: 7, seconds: 3_600 },
      ],
    },
    traffic: [{ server_id: 3 }, { server_id: 2 }, { server_id: 1 }],
    expiry: [
      { what: "certificate", name: "site", days_left: 5 },
      { what: "server", name: "mail", days_left: 9 },
    ],
  });
  expect(preview.text).toBe(
    [
      "[Daily report] fleet 2026-03-09",
      "Availability: 97.91 %",
      "- web: 95.83 %, offline for 1 h",
      "Services: 99.89 %",
      "- site: 99.89 %",
      "Incidents: 1, open now: 1",
      "- site: 1 d",
      "- cpu, web: 1 h",
      "Traffic: 6.0 GiB received, 1.0 KiB sent",
      "- new: ↓ 3.0 GiB, ↑ 0 B",
      "- mail: ↓ 2.0 GiB, ↑ 512 B",
      "- web: ↓ 1.0 GiB, ↑ 512 B",
      "Ends soon: 2",
      "- Certificate of site: 2026-03-16, days left: 5",
      "- Contract of mail: 2026-03-20, days left: 9",
    ].join("\n"),
  );
});

test("it is about what it names: servers, members of groups, services", async () => {
  const { figures } = await data<ReportPreview>(alice, "POST /report/preview", form({ servers: [1], groups: [4] }));
  expect(figures.availability?.map(({ name }) => name)).toEqual(["web", "mail"]);
  expect(figures.services).toEqual([]);
  expect(figures.incidents?.longest.map(({ title }) => title)).toEqual(["cpu"]);
});

describe("when it is due", () => {
  test("it is told once, and then at its next time", async () => {
    await data(alice, "POST /report", form({ every: "weekly", weekday: 3 }));
    expect((await list())[0]?.next_at).toBe("2026-03-11T08:00:00Z");
    room.start();
    await clock.advanceAsync(19 * HOUR_MS);
    expect(told).toEqual([]);
    await clock.advanceAsync(2 * HOUR_MS);
    await room.stop();
    expect(told).toMatchObject([[10, { severity: "info", facts: { subject: "fleet" } }]]);
    expect(told[0]?.[1].text).toContain("[Weekly report] fleet 2026-03-04 – 2026-03-10");
    expect(await list()).toMatchObject([{ next_at: "2026-03-18T08:00:00Z" }]);
  });

  test("what was due while the dashboard was down is told once", async () => {
    await data(alice, "POST /report", form());
    clock.advance(5 * 24 * HOUR_MS);
    await open();
    room.start();
    await clock.advanceAsync(60_000);
    await room.stop();
    expect(told).toHaveLength(1);
    expect(told[0]?.[1].text).toContain("2026-03-14");
    expect(await list()).toMatchObject([{ next_at: "2026-03-16T08:00:00Z" }]);
  });

  test("one whose time was found by a clock that was ahead comes up when it should", async () => {
    clock.jump(365 * 24 * HOUR_MS);
    await data(alice, "POST /report", form());
    clock.jump(-365 * 24 * HOUR_MS);
    expect((await list())[0]?.next_at).toBe("2027-03-11T08:00:00Z");
    room.start();
    await clock.advanceAsync(60_000);
    expect((await list())[0]?.next_at).toBe("2026-03-11T08:00:00Z");
    expect(told).toEqual([]);
    await clock.advanceAsync(21 * HOUR_MS);
    await room.stop();
    expect(told).toHaveLength(1);
  });

  test("one that cannot be made is tried again, and one that is switched off is not told", async () => {
    await data(alice, "POST /report", form({ name: "on" }));
    await data(alice, "POST /report", form({ name: "off", enable: false }));
    failing = true;
    clock.advance(24 * HOUR_MS);
    room.start();
    await clock.advanceAsync(60_000);
    expect([errors.length, told.length]).toEqual([1, 0]);
    failing = false;
    await clock.advanceAsync(6 * 60_000);
    await room.stop();
    expect(told.map(([, { facts }]) => facts?.subject)).toEqual(["on"]);
  });
});

test("is sent by hand, which is a deed and leaves the next time alone", async () => {
  const id = await data<number>(alice, "POST /report", form());
  await data(alice, `POST /report/${id}/send`);
  expect(told).toHaveLength(1);
  expect(await list()).toMatchObject([{ next_at: "2026-03-11T08:00:00Z", last_sent_at: "2026-03-10T12:00:00Z" }]);
  const lines = await temporary.database.kysely.selectFrom("wf_audit").select("action").orderBy("id").execute();
  expect(lines.map(({ action }) => action)).toEqual(["report.create", "report.send"]);
});

test.each([
  ["is somebody else's now", { owner_id: 9 }, (id: number) => `report id ${id} does not exist`],
  ["was changed while it was made", { updated_at: 1 }, () => "the report was changed meanwhile: send it again"],
])("one that %s is not sent", async (_what, set, error) => {
  const id = await data<number>(alice, "POST /report", form());
  await temporary.database.kysely.updateTable("wf_reports").set(set).execute();
  expect(await call(alice, `POST /report/${id}/send`)).toEqual({ error: error(id) });
  expect(told).toEqual([]);
});

test("one that would reach nobody is refused, and not said to be sent", async () => {
  const id = await data<number>(alice, "POST /report", form({ notification_group_id: 0 }));
  const error = "notification_group_id: nobody would be told: there is no such group, or it has no channel that takes reports";
  expect(await call(alice, `POST /report/${id}/send`)).toEqual({ error });
  expect(told).toEqual([]);
  expect((await list())[0]).not.toHaveProperty("last_sent_at");
});

test("one that is gone is not said to be sent", async () => {
  const id = await data<number>(alice, "POST /report", form());
  await temporary.database.kysely.deleteFrom("wf_reports").execute();
  expect(await call(alice, `POST /report/${id}/send`)).toEqual({ error: `report id ${id} does not exist` });
});

test("is its owner's; what it names has to be the caller's; tokens for some servers have no business with it", async () => {
  const id = await data<number>(alice, "POST /report", form());
  expect(await data(bob, "GET /report")).toEqual([]);
  expect(await data(limited, "GET /report")).toEqual([]);
  expect(await call(bob, `PATCH /report/${id}`, form())).toEqual({ error: `report id ${id} does not exist` });
  expect(await call(bob, `POST /report/${id}/send`)).toEqual({ error: `report id ${id} does not exist` });
  expect(await call(limited, "POST /report", form())).toEqual({ error: "permission denied" });
  expect(await call(bob, "POST /report", form({ notification_group_id: 0, servers: [1] }))).toEqual({
    error: "server id 1 does not exist",
  });
  expect(await call(alice, "POST /report", form({ services: [9] }))).toEqual({ error: "service id 9 does not exist" });
  expect(await call(bob, "POST /report/preview", form({ notification_group_id: 0, groups: [1] }))).toEqual({
    error: "group id 1 does not exist",
  });
  expect(await call(alice, "POST /report", form({ notification_group_id: 11 }))).toHaveProperty("error");
  expect(await call(alice, "POST /report", form({ zone: "Mars/Olympus" }))).toHaveProperty("error");
  expect(await call(bob, "POST /batch-delete/report", [id])).toEqual({ error: "permission denied" });
  expect(await list()).toHaveLength(1);
  await data(alice, "POST /batch-delete/report", [id]);
  expect(await list()).toEqual([]);
});

test("references go with what they name; a report of nothing any more is switched off", async () => {
  await data(alice, "POST /report", form({ servers: [1, 2] }));
  await data(alice, "POST /report", form({ servers: [2], services: [] }));
  await data(alice, "POST /report", form({ servers: [], groups: [4] }));
  await temporary.database.change(async (tx, changes) => {
    await room.cascades.servers(tx, [2], changes);
    await room.cascades.notificationGroups(tx, [10], changes);
    await room.cascades.serverGroups(tx, [4], changes);
  });
  expect(await list()).toMatchObject([
    { servers: [1], enable: true, notification_group_id: 0 },
    { servers: [], enable: false },
    { groups: [], enable: false },
  ]);
  await temporary.database.change((tx, changes) => room.cascades.users(tx, [ALICE.id], changes));
  expect(await list()).toEqual([]);
});

test("traffic is kept for the month before this one where a report tells of it", async () => {
  expect(room.trafficNeededSince()).toBeUndefined();
  await data(alice, "POST /report", form({ parts: ["traffic"] }));
  expect(room.trafficNeededSince()).toBeLessThan(START - 62 * 24 * HOUR_MS);
});

test("reports of an administrator who is none any more tell no group of others", async () => {
  const time = "2025-01-01 00:00:00+00:00";
  const row = { created_at: time, updated_at: time, name: "g" };
  await temporary.database.kysely
    .insertInto("notification_groups")
    .values([
      { ...row, id: 10, user_id: 3 },
      { ...row, id: 11, user_id: ALICE.id },
    ])
    .execute();
  const lost = await data<number>(alice, "POST /report", form());
  await temporary.database.change((tx, changes) => room.cascades.demotedUsers(tx, [3], changes));
  expect((await list()).map(({ id, notification_group_id: group }) => [id, group])).toEqual([[lost, 10]]);
  await temporary.database.change((tx, changes) => room.cascades.demotedUsers(tx, [ALICE.id], changes));
  expect((await list()).map(({ id, notification_group_id: group }) => [id, group])).toEqual([[lost, 0]]);
});
