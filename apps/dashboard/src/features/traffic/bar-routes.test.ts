import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ROLE } from "#kernel";
import type { Caller } from "#kernel";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createTraffic, trafficBarRoutes } from "./index.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const clock = createFakeClock(Date.parse("2026-03-10T12:34:56Z"));
const noon = Date.parse("2026-03-10T12:00:00Z");
const alice: Caller = { kind: "session", user: { id: 2, username: "alice", role: ROLE.member }, sessionKey: "k", via: "header" };
const root: Caller = { kind: "session", user: { id: 1, username: "root", role: ROLE.admin }, sessionKey: "r", via: "header" };
const guest: Caller = { kind: "guest" };
let temporary: TemporaryDatabase;
let call: RouteCaller;

beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
  const { readHours, readFleetHours, startOfHour } = createTraffic(temporary.database);
  const server = (id: number, hideForGuest: boolean) => ({
    id,
    settings: { id, ownerId: id, hideForGuest },
    traffic: { unbooked: { in: 3, out: 4 } },
  });
  const servers = new Map([
    [1, server(1, false)],
    [2, server(2, true)],
  ]);
  call = createRouteCaller(
    trafficBarRoutes({
      readHours,
      readFleetHours,
      startOfHour,
      corrections: { within: ({ from, until }) => ({ in: from <= noon && noon <= until ? 5n : 0n, out: 0n }) },
      servers: { get: (id) => servers.get(id), list: () => [...servers.values()] },
      calendar: { dayOf: (instant) => Math.floor(instant / DAY_MS), startOf: (day) => day * DAY_MS },
      zone: "UTC",
      now: clock.now,
    }),
  );
});
afterEach(() => temporary.remove());

async function book(serverId: number, at: number, bytes: number): Promise<void> {
  await temporary.database.kysely
    .insertInto("wf_traffic_hours")
    .values({ server_id: serverId, at, bytes_in: bytes, bytes_out: bytes * 2 })
    .execute();
}
interface Answer {
  readonly data?: {
    readonly step: string;
    readonly since: string | null;
    readonly bars: readonly { from: string; in: number; out: number }[];
  };
  readonly error?: string;
}
const read = async (caller: Caller, path: string) => (await call(caller, `GET ${path}`)) as Answer;

test("a day comes by the hour, with what people entered and what is not booked yet", async () => {
  await book(1, noon - 30 * HOUR_MS, 1000);
  await book(1, noon - HOUR_MS, 7);
  const { data } = await read(guest, "/server/1/traffic");
  expect(data).toMatchObject({ step: "hour", zone: "UTC", since: "2026-03-09T06:00:00Z" });
  expect(data?.bars).toHaveLength(24);
  expect(data?.bars.slice(-3)).toEqual([
    { from: "2026-03-10T10:00:00Z", in: 0, out: 0 },
    { from: "2026-03-10T11:00:00Z", in: 7, out: 14 },
    { from: "2026-03-10T12:00:00Z", in: 8, out: 4 },
  ]);
});

test("more days come by the day, and only to who is signed in", async () => {
  await book(1, noon - 30 * HOUR_MS, 1000);
  const { data } = await read(alice, "/server/1/traffic?days=3");
  expect(data?.bars.map(({ from, in: received }) => [from, received])).toEqual([
    ["2026-03-08T00:00:00Z", 0],
    ["2026-03-09T00:00:00Z", 1000],
    ["2026-03-10T00:00:00Z", 8],
  ]);
  expect((await read(guest, "/server/1/traffic?days=3")).error).toMatch(/guests/i);
  expect((await read(alice, "/server/1/traffic?days=63")).data).toBeUndefined();
});

test("a hidden server is none for guests, and one without records says so", async () => {
  expect((await read(guest, "/server/2/traffic")).error).toBe("server not found");
  expect((await read(guest, "/server/9/traffic")).error).toBe("server not found");
  expect((await read(guest, "/server/1/traffic")).data?.since).toBeNull();
});

test("servers together: those of whoever asks, from the first hour that is recorded of them", async () => {
  await book(1, noon - 30 * HOUR_MS, 1000);
  await book(1, noon - 2 * HOUR_MS, 7);
  await book(2, noon - 2 * HOUR_MS, 10);
  await book(2, noon - HOUR_MS, 1);
  await book(3, noon - HOUR_MS, 5000);
  const { data } = await read(root, "/traffic/hours");
  expect(data?.since).toBe("2026-03-10T10:00:00Z");
  expect(data?.bars).toHaveLength(24);
  expect(data?.bars.slice(-3)).toEqual([
    { from: "2026-03-10T10:00:00Z", in: 17, out: 34 },
    { from: "2026-03-10T11:00:00Z", in: 1, out: 2 },
    { from: "2026-03-10T12:00:00Z", in: 16, out: 8 },
  ]);
  const own = await read(alice, "/traffic/hours");
  expect(own.data?.bars.slice(-3)).toEqual([
    { from: "2026-03-10T10:00:00Z", in: 10, out: 20 },
    { from: "2026-03-10T11:00:00Z", in: 1, out: 2 },
    { from: "2026-03-10T12:00:00Z", in: 8, out: 4 },
  ]);
});
