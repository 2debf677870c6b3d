import { expect, test } from "vitest";
import { leaves } from "./draft-guard.tsx";

const at = (pathname: string, search: object = {}) => ({ pathname, search });

test.each([
  ["another page", at("/servers"), at("/settings"), [], true],
  ["another tab of the same form", at("/settings", { tab: "site" }), at("/settings", { tab: "agents" }), [], false],
  ["closing the drawer", at("/servers", { s: "1", t: "settings" }), at("/servers"), ["s", "t"], true],
  ["another tab of the drawer", at("/servers", { s: "1", t: "settings" }), at("/servers", { s: "1" }), ["s", "t"], true],
  ["a filter behind the drawer", at("/servers", { s: "1" }), at("/servers", { s: "1", q: "x" }), ["s", "t"], false],
])("%s", (_name, current, next, holds, expected) => {
  expect(leaves(current, next, holds)).toBe(expected);
});
