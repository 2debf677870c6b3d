import { expect, test } from "vitest";
import { createWallClock } from "#lib/wall-clock.ts";
import { changePlan, dateOf, isNever, momentOn, NEVER, readPlan } from "./plan-fields.ts";

const BERLIN = createWallClock("Europe/Berlin");
const NOTE = '{"customData":{"orderLink":"x"},"billingDataMod":{"amount":"5","cycle":"Month","tax":"7"},"planDataMod":{"IPv4":"1"}}';

test("only what is changed changes; what other programs know stays", () => {
  expect(JSON.parse(changePlan(NOTE, "amount", "6"))).toEqual({
    customData: { orderLink: "x" },
    billingDataMod: { amount: "6", cycle: "Month", tax: "7" },
    planDataMod: { IPv4: "1" },
  });
  expect(JSON.parse(changePlan(NOTE, "IPv4", ""))).toEqual({
    customData: { orderLink: "x" },
    billingDataMod: { amount: "5", cycle: "Month", tax: "7" },
  });
});

test("a plan begins in an empty note, and leaves it empty again", () => {
  const begun = changePlan("", "bandwidth", "1Gbps");
  expect(begun).toBe('{"planDataMod":{"bandwidth":"1Gbps"}}');
  expect(changePlan(begun, "bandwidth", "")).toBe("");
});

test("a note of several lines stays one", () => {
  expect(changePlan(JSON.stringify({ a: 1 }, undefined, 2), "extra", "x")).toContain("\n  ");
});

test.each(["hello", "[1]", "{broken"])("%j is a plain text", (note) => {
  expect(readPlan(note)).toBeUndefined();
});

test("fields that are no texts, and those that are not there, say nothing", () => {
  expect(readPlan('{"billingDataMod":{"amount":5},"planDataMod":"x"}')).toMatchObject({ amount: "", bandwidth: "" });
  expect(readPlan(NOTE)).toMatchObject({ amount: "5", cycle: "Month", IPv4: "1", IPv6: "" });
});

test("dates keep their time of day", () => {
  const stored = "2026-06-15T11:30:00.000Z";
  expect(dateOf(stored, BERLIN)).toBe("2026-06-15");
  expect(momentOn("2026-07-01", stored, BERLIN)).toBe("2026-07-01T11:30:00.000Z");
  expect(momentOn("2026-07-01", "", BERLIN)).toBe("2026-06-30T22:00:00.000Z");
  expect(momentOn("", stored, BERLIN)).toBe("");
  expect([isNever(NEVER), isNever(stored), dateOf("x", BERLIN)]).toEqual([true, false, ""]);
});
