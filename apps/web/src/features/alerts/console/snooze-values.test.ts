import { expect, test } from "vitest";
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

const NOON = new Date(2026, 5, 15, 12).getTime();

test("lengths end where they say", () => {
  expect(untilOf("1h", "", NOON)).toBe(new Date(2026, 5, 15, 13).getTime());
  expect(untilOf("morning", "", NOON)).toBe(new Date(2026, 5, 16, 8).getTime());
  expect(untilOf("morning", "", new Date(2026, 5, 15, 3).getTime())).toBe(new Date(2026, 5, 15, 8).getTime());
  expect(untilOf("custom", "2026-06-15T14:00", NOON)).toBe(new Date(2026, 5, 15, 14).getTime());
  expect(untilOf("custom", "2026-06-15T11:00", NOON)).toBeUndefined();
  expect(untilOf("custom", "", NOON)).toBeUndefined();
});

test("the first written time is to come", () => {
  expect(Date.parse(firstWritten(NOON + 1))).toBeGreaterThan(NOON + 3_600_000);
});
