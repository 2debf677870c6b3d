import { expect, test } from "vitest";
import { isScope, parseScope, SCOPES, scopeCovers } from "./scopes.ts";
import type { Scope } from "./scopes.ts";

test.each<[string[], Scope, boolean]>([
  [["nezha:server:read"], "nezha:server:read", true],
  [["nezha:server:read"], "nezha:server:write", false],
  [["nezha:server:*"], "nezha:server:exec", true],
  [["nezha:server:*"], "nezha:service:read", false],
  [["nezha:notification:*"], "nezha:notification-group:read", false],
  [["nezha:*"], "nezha:cron:exec", true],
  [["nezha:*"], "nezha:admin:*", true],
  [["nezha:admin:*"], "nezha:admin:*", true],
  [["nezha:admin:*"], "nezha:*", false],
  [["nezha:server:read", "nezha:server:write", "nezha:server:delete", "nezha:server:exec"], "nezha:server:*", false],
  [[], "nezha:server:read", false],
  [["", "*", "nezha", "nezha:"], "nezha:server:read", false],
])("%j covers %s: %s", (granted, wanted, covered) => {
  expect(scopeCovers(granted, wanted)).toBe(covered);
});

test("every scope covers itself and is covered by nezha:*", () => {
  for (const scope of SCOPES) {
    expect(scopeCovers([scope], scope)).toBe(true);
    expect(scopeCovers(["nezha:*"], scope)).toBe(true);
  }
});

test("literals that tokens may carry", () => {
  expect(SCOPES.filter((scope) => scope.endsWith(":*"))).toHaveLength(12);
  expect(new Set(SCOPES).size).toBe(SCOPES.length);
  for (const text of ["nezha:admin:read", "nezha:server", "nezha:inventory:write", "Nezha:server:read", "mcp:server:read"]) {
    expect(isScope(text), text).toBe(false);
  }
});

test.each([
  ["mcp:server:read", "nezha:server:read"],
  ["mcp:server:exec", "nezha:server:exec"],
  ["mcp:fs:read", "nezha:server:read"],
  ["mcp:fs:write", undefined],
  ["nezha:cron:exec", "nezha:cron:exec"],
  ["constructor", undefined],
])("%s is stored as %s", (text, stored) => {
  expect(parseScope(text)).toBe(stored);
});
