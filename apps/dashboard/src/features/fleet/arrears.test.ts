import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createArrears } from "./arrears.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function open() {
  const clock = createFakeClock(Date.UTC(2026, 4, 18, 12));
  let lastReport = 0;
  const arrears = createArrears({ now: clock.now, lastReport: () => lastReport, longestMs: 2 * HOUR_MS });
  return {
    clock,
    arrears,
    reports: () => (lastReport = clock.now()),
    /** Milliseconds back to the moment from which on states may still come. */
    back: () => clock.now() - arrears.from(1),
    connect: () => {
      arrears.connected(1);
      arrears.handedOver(1, 0);
      lastReport = clock.now();
    },
  };
}

test("after a start of the dashboard any server may have an hour to tell", () => {
  expect(open().back()).toBe(HOUR_MS);
});

test("a connected agent that has told everything owes nothing but what is missing since its last state", () => {
  const { clock, back, connect, reports } = open();
  connect();
  expect(back()).toBe(0);
  clock.advance(MINUTE_MS);
  reports();
  clock.advance(40_000);
  expect(back()).toBe(40_000);
});

test("while it is gone it owes what was since its last state, of the newest hour", () => {
  const { clock, arrears, back, connect, reports } = open();
  connect();
  clock.advance(10 * MINUTE_MS);
  reports();
  clock.advance(MINUTE_MS);
  arrears.disconnected(1);
  expect(back()).toBe(MINUTE_MS);
  clock.advance(10 * MINUTE_MS);
  expect(back()).toBe(11 * MINUTE_MS);
  clock.advance(2 * HOUR_MS);
  expect(back()).toBe(HOUR_MS);
});

test("when it is back it owes the hour before, until it has told the last of it; what is missing then is lost", () => {
  const { clock, arrears, back, connect } = open();
  connect();
  arrears.disconnected(1);
  clock.advance(3 * HOUR_MS);
  arrears.connected(1);
  clock.advance(5 * MINUTE_MS);
  expect(back()).toBe(HOUR_MS + 5 * MINUTE_MS);
  arrears.handedOver(1, 700);
  expect(back()).toBe(HOUR_MS + 5 * MINUTE_MS);
  arrears.handedOver(1, 0);
  expect(back()).toBe(0);
  arrears.disconnected(1);
  expect(back()).toBe(0);
});

test("what it does not tell within two hours of its time is not taken any more", () => {
  const { clock, arrears, back, connect } = open();
  connect();
  arrears.disconnected(1);
  clock.advance(HOUR_MS);
  arrears.connected(1);
  clock.advance(90 * MINUTE_MS);
  expect(back()).toBe(2 * HOUR_MS);
});

test("an agent that does not hand over owes nothing: known after a minute, and for good", () => {
  const { clock, arrears, back } = open();
  arrears.connected(1);
  clock.advance(59_000);
  expect(back()).toBeGreaterThan(0);
  clock.advance(1_000);
  expect(back()).toBe(0);
  arrears.disconnected(1);
  clock.advance(MINUTE_MS);
  expect(back()).toBe(0);
});

test("a connection that takes another's place begins a hand-over of its own", () => {
  const { clock, arrears, back, connect } = open();
  connect();
  clock.advance(MINUTE_MS);
  arrears.connected(1);
  expect(back()).toBe(MINUTE_MS);
  arrears.handedOver(1, 0);
  expect(back()).toBe(0);
});

test("a deleted server is forgotten", () => {
  const { arrears, back, connect } = open();
  connect();
  arrears.forget(1);
  expect(back()).toBe(HOUR_MS);
});
