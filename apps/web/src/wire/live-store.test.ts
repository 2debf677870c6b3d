import type { LiveServer } from "@windfire/api";
import { expect, test } from "vitest";
import { createLiveStore } from "./live-store.ts";

const T0 = Date.parse("2026-11-24T10:00:00Z");
const ZERO = "0001-01-01T00:00:00Z";
const at = (seconds: number) => new Date(T0 + seconds * 1000).toISOString();

function server(id: number, more: Partial<LiveServer> = {}): LiveServer {
  return { id, name: `server-${id}`, host: { platform: "debian" }, state: { cpu: 10 }, last_active: at(0), ...more };
}
function setUp() {
  let now = 5_000_000;
  const store = createLiveStore({ now: () => now });
  const frame = (seconds: number, servers: LiveServer[], first = false) =>
    store.apply({ now: T0 + seconds * 1000, online: 2, servers }, first);
  return { store, frame, pass: (ms: number) => void (now += ms) };
}

test("a frame fills the store in the dashboard's order", () => {
  const { store, frame } = setUp();
  frame(1, [server(3, { display_index: 9, country_code: "jp" }), server(1)], true);
  expect(store.ids()).toEqual([3, 1]);
  expect(store.server(3)).toMatchObject({ name: "server-3", order: 9, country: "jp", online: true, lastSeen: T0 });
  expect(store.status()).toMatchObject({ phase: "open", viewers: 2, frameNow: T0 + 1000 });
});

test("a server without change keeps its record, and nobody is told", () => {
  const { store, frame } = setUp();
  frame(1, [server(1), server(2)], true);
  const told: number[] = [];
  store.subscribeServer(1, () => told.push(1));
  store.subscribeServer(2, () => told.push(2));
  const before = store.server(1);
  frame(3, [server(1), server(2, { state: { cpu: 50 }, last_active: at(2) })]);
  expect(store.server(1)).toBe(before);
  expect(told).toEqual([2]);
  expect(store.server(2)?.host).toBeDefined();
});

test("an equal part of a changed record stays the same object", () => {
  const { store, frame } = setUp();
  frame(1, [server(1)], true);
  const host = store.server(1)?.host;
  frame(3, [server(1, { state: { cpu: 99 }, last_active: at(2) })]);
  expect(store.server(1)?.host).toBe(host);
});

test("a changed host is seen, also in its lists", () => {
  const { store, frame } = setUp();
  frame(1, [server(1, { host: { platform: "debian", cpu: ["A"] } })], true);
  const before = store.server(1);
  frame(3, [server(1, { host: { platform: "debian", cpu: ["A"] } })]);
  expect(store.server(1)).toBe(before);
  frame(5, [server(1, { host: { platform: "debian", cpu: ["B"] } })]);
  expect(store.server(1)?.host.cpu).toEqual(["B"]);
});

test("public notes come with the first frame of a connection and stay", () => {
  const { store, frame } = setUp();
  frame(1, [server(1, { public_note: "hello" })], true);
  frame(3, [server(1)]);
  expect(store.server(1)?.note).toBe("hello");
  frame(5, [server(1)], true);
  expect(store.server(1)?.note).toBe("");
});

test.each([
  [30, true],
  [31, false],
])("a report %d s old means online: %s", (age, online) => {
  const { store, frame } = setUp();
  frame(age, [server(1)], true);
  expect(store.server(1)?.online).toBe(online);
});

test("a server whose time was zeroed keeps the moment it was last seen", () => {
  const { store, frame } = setUp();
  frame(1, [server(1)], true);
  frame(40, [server(1, { last_active: ZERO })]);
  expect(store.server(1)).toMatchObject({ online: false, lastSeen: T0 });
});

test("removed servers leave, and their watchers are told", () => {
  const { store, frame } = setUp();
  frame(1, [server(1), server(2)], true);
  let told = 0;
  store.subscribeServer(2, () => (told += 1));
  frame(3, [server(1)]);
  expect(store.server(2)).toBeUndefined();
  expect(store.ring(2)).toBeUndefined();
  expect(told).toBe(1);
});

test("only online servers add to their ring", () => {
  const { store, frame } = setUp();
  frame(1, [server(1)], true);
  frame(60, [server(1)]);
  expect(store.ring(1)?.times()).toEqual([T0 + 1000]);
});

test("a single peak barely moves the mean", () => {
  const { store, frame } = setUp();
  for (let i = 0; i < 14; i += 1) frame(i, [server(1)], i === 0);
  frame(15, [server(1, { state: { cpu: 100 }, last_active: at(14) })]);
  expect(store.server(1)?.cpuMean).toBeCloseTo(16);
});

test("the loss of the connection is dated once and forgotten with the next frame", () => {
  const { store, frame, pass } = setUp();
  frame(1, [server(1)], true);
  store.phase("waiting");
  pass(4000);
  store.phase("connecting");
  expect(store.status().lostAt).toBe(5_000_000);
  frame(9, [server(1)], true);
  expect(store.status().lostAt).toBeUndefined();
});

test("the dashboard's clock goes on between frames", () => {
  const { store, frame, pass } = setUp();
  frame(1, [server(1)], true);
  pass(700);
  expect(store.serverNow()).toBe(T0 + 1700);
});

test("the dashboard's verdict and what it is about are taken over; equal ones are no change", () => {
  const { store, frame } = setUp();
  frame(1, [server(1, { condition: "warn", over: { mem: "warn" } })], true);
  const before = store.server(1);
  expect(before).toMatchObject({ condition: "warn", over: { mem: "warn" } });
  frame(3, [server(1, { condition: "warn", over: { mem: "warn" } })]);
  expect(store.server(1)).toBe(before);
  frame(5, [server(1, { condition: "critical", over: { mem: "critical" } })]);
  expect(store.server(1)).toMatchObject({ condition: "critical", over: { mem: "critical" } });
});

test("a server that has not reported since the dashboard started was last seen when the history says", () => {
  const { store, frame } = setUp();
  frame(1, [server(1, { last_active: ZERO, last_seen: at(-600), condition: "waiting" })], true);
  expect(store.server(1)).toMatchObject({ online: false, lastSeen: T0 - 600_000, condition: "waiting" });
});

test("whether a server is online is the dashboard's verdict too: a cut stream is not offline at once, and its chart repeats nothing", () => {
  const { store, frame } = setUp();
  frame(1, [server(1, { condition: "up" })], true);
  const drawn = store.ring(1)?.values("cpu").length;
  frame(3, [server(1, { condition: "up", last_active: ZERO })]);
  expect(store.server(1)).toMatchObject({ online: true, lastSeen: T0 });
  expect(store.ring(1)?.values("cpu")).toHaveLength(drawn ?? 0);
  frame(35, [server(1, { condition: "offline", last_active: ZERO })]);
  expect(store.server(1)).toMatchObject({ online: false, lastSeen: T0 });
});
