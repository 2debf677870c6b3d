import { SCOPES } from "@windfire/api";
import { expect, test } from "vitest";
import { packScopes, presetOf, PRESETS, RESOURCES, VERBS } from "./scope-matrix.tsx";

const every = RESOURCES.flatMap(({ name, verbs }) => verbs.map((verb) => `nezha:${name}:${verb}`));

test("the matrix has exactly the scopes the dashboard knows", () => {
  const known = SCOPES.filter((scope) => !scope.endsWith("*"));
  expect(every.toSorted()).toEqual([...known].toSorted());
  expect(VERBS).toHaveLength(4);
});

test("whole resources become one scope, and all of them fit the limit", () => {
  expect(packScopes(new Set(["nezha:inventory:read", "nezha:inventory:delete", "nezha:cron:read"]))).toEqual([
    "nezha:inventory:*",
    "nezha:cron:read",
  ]);
  const halves = new Set(every.filter((scope) => scope !== "nezha:server:exec"));
  expect(packScopes(halves).length).toBeLessThanOrEqual(32);
});

test("everything is one scope", () => {
  expect(packScopes(new Set([...every, "nezha:*", "nezha:admin:*"]))).toEqual(["nezha:*"]);
  expect(packScopes(new Set(["nezha:admin:*"]))).toEqual(["nezha:admin:*"]);
});

test("presets give no more than they say, and are known again", () => {
  expect([...PRESETS.read].every((scope) => scope.endsWith(":read"))).toBe(true);
  expect([...PRESETS.operate].some((scope) => /:(write|delete)$/.test(scope))).toBe(false);
  expect([...PRESETS.manage].some((scope) => scope.endsWith(":delete"))).toBe(false);
  expect(packScopes(PRESETS.manage).length).toBeLessThanOrEqual(32);
  expect(presetOf(new Set(PRESETS.operate))).toBe("operate");
  expect(presetOf(new Set([...PRESETS.read, "nezha:cron:delete"]))).toBeUndefined();
});
