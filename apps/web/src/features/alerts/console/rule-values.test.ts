import type { AlertRule } from "@windfire/api";
import { expect, test } from "vitest";
import { newCondition } from "./condition-draft.ts";
import { checkRule, hidesOffline, parseConditions, readRule, sharedCoverage, toJson, writeRule } from "./rule-values.ts";

const NOW = new Date("2026-06-15T12:00:00Z");
const STORED: AlertRule = {
  id: 5,
  created_at: "",
  updated_at: "",
  name: "Pressure",
  enable: true,
  trigger_mode: 0,
  notification_group_id: 1,
  severity: "critical",
  rules: [{ type: "cpu", max: 90, duration: 20, cover: 0, ignore: { "3": true } }],
  fail_trigger_tasks: [4],
  recover_trigger_tasks: null,
};

test("a rule goes out as it came in, as form and as text", () => {
  const values = readRule(STORED, NOW);
  const expected = {
    name: "Pressure",
    enable: true,
    rules: STORED.rules,
    notification_group_id: 1,
    severity: "critical",
    trigger_mode: 0,
    fail_trigger_tasks: [4],
    recover_trigger_tasks: [],
    keep_state: true,
  };
  expect(writeRule(values)).toEqual(expected);
  expect(writeRule({ ...values, json: toJson(values.conditions) })).toEqual(expected);
});

test("a new rule is on, tells once, and only lacks its name", () => {
  const values = readRule(undefined, NOW);
  expect(values).toMatchObject({ enabled: true, once: true, severity: "warning" });
  expect(checkRule(values, NOW.getTime())).toEqual({ name: "form.required" });
});

test.each(["", "{}", "[1]", '[{"max":1}]', "[null]"])("%j is no list of conditions", (json) => {
  expect(parseConditions(json)).toBeUndefined();
  expect(checkRule({ ...readRule(STORED, NOW), json }, 0).json).toBe("alerts.jsonWrong");
});

test("a rule without conditions is refused", () => {
  expect(checkRule({ ...readRule(STORED, NOW), conditions: [] }, 0).conditions).toBe("alerts.one");
  expect(checkRule({ ...readRule(STORED, NOW), json: "[]" }, 0).json).toBe("alerts.one");
});

test("conditions share their servers or not", () => {
  const draft = newCondition(NOW);
  const other = { ...draft, coverage: { mode: "only" as const, ids: [1] } };
  expect(sharedCoverage([draft, draft])).toEqual({ mode: "except", ids: [] });
  expect(sharedCoverage([draft, other])).toBeUndefined();
});

test("offline beside other values is warned of", () => {
  const draft = newCondition(NOW);
  expect(hidesOffline([draft, { ...draft, type: "offline" }])).toBe(true);
  expect(hidesOffline([{ ...draft, type: "offline" }])).toBe(false);
});

test("an element that is none leaves with the next save", () => {
  expect(writeRule(readRule({ ...STORED, rules: [null, ...(STORED.rules ?? [])] }, NOW)).rules).toEqual(STORED.rules);
});
