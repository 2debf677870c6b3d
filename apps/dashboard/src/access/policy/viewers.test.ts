import { expect, test } from "vitest";
import { adminOnly, adminSession, open, ownAccount, publicScope, scope, scopeByHeader, sessionOptional, stepUp } from "#kernel";
import type { AccessRule } from "#kernel";
import { isOpenToViewers } from "./viewers.ts";

test.each<[string, AccessRule, string, boolean]>([
  ["a read", scope("nezha:server:read"), "GET", true],
  ["two scopes for reading", scope("nezha:server:read", "nezha:cron:read"), "GET", true],
  ["a public read", publicScope("nezha:inventory:read"), "GET", true],
  ["what guests get", sessionOptional(), "GET", true],
  ["the way in", open(), "POST", true],
  ["the own account", ownAccount(), "POST", true],
  ["the own account, proven", stepUp(ownAccount(), "always"), "DELETE", true],
  ["a read that is sent", scope("nezha:notification:read"), "POST", false],
  ["a public route that changes", publicScope("nezha:inventory:read"), "POST", false],
  ["what guests may change", sessionOptional(), "POST", false],
  ["a terminal", scope("nezha:server:exec"), "GET", false],
  ["files: reading among others", scope("nezha:server:read", "nezha:server:write"), "GET", false],
  ["a GET that changes", scopeByHeader("nezha:server:read"), "GET", false],
  ["a GET that wants a fresh proof", stepUp(scope("nezha:server:read")), "GET", false],
  ["no scope for reading", scope("nezha:server:*"), "GET", false],
  ["administrators'", adminOnly(), "GET", false],
  ["administrators', no tokens", adminSession(), "GET", false],
])("%s", (_name, rule, method, expected) => {
  expect(isOpenToViewers(rule, method)).toBe(expected);
});
