import { expect, test } from "vitest";
import { createWallClock } from "#lib/wall-clock.ts";
import { firstWritten, readSubject, untilOf } from "./snooze-values.ts";

test.each([
  ["rule:5", { scope: "rule", id: 5 }],
  ["all", { scope: "all", id: 0 }],
  ["all:3", { scope: "all", id: 0 }],
  ["new", { scope: "rule", id: 0 }],
  ["server:x", { scope: "server", id: 0 }],
] as const)("%s is about %j", (text, subject) => {
  expect(readSubject(text)).toEqual(subject);
});

const NOON = Date.parse("2026-06-15T12:00:00Z");
const at = (moment: string, zone = "UTC") => ({ now: Date.parse(moment), wall: createWallClock(zone) });

test.each([
  ["1h", "", at("2026-06-15T12:00:00Z"), "2026-06-15T13:00:00Z"],
  ["morning", "", at("2026-06-15T12:00:00Z"), "2026-06-16T08:00:00Z"],
  ["morning", "", at("2026-06-15T03:00:00Z"), "2026-06-15T08:00:00Z"],
  ["morning", "", at("2026-06-15T23:30:00Z", "Asia/Tokyo"), "2026-06-16T23:00:00Z"],
  ["morning", "", at("2026-03-28T12:00:00Z", "Europe/Berlin"), "2026-03-29T06:00:00Z"],
  ["custom", "2026-06-15T14:00:00Z", at("2026-06-15T12:00:00Z"), "2026-06-15T14:00:00Z"],
] as const)("%s %s ends when it says", (length, written, where, end) => {
  expect(untilOf(length, written, where)).toBe(Date.parse(end));
});

test.each(["2026-06-15T11:00:00Z", ""])("%j is no end to come", (written) => {
  expect(untilOf("custom", written, at("2026-06-15T12:00:00Z"))).toBeUndefined();
});

test("the first written time is to come", () => {
  expect(Date.parse(firstWritten(NOON + 1))).toBeGreaterThan(NOON + 3_600_000);
});
