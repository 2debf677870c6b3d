import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createCsrf } from "./csrf.ts";

const csrf = createCsrf({ key: "k".repeat(32), random: randomBytes });
const foreign = createCsrf({ key: "x".repeat(32), random: randomBytes });

test("a minted value has the published form and is accepted as a pair", () => {
  const value = csrf.mint();
  expect(value).toMatch(/^[0-9a-f]{64}\.[0-9a-f]{64}$/);
  expect(csrf.accepts(value, value)).toBe(true);
  expect(csrf.mint()).not.toBe(value);
});

const value = csrf.mint();
const other = foreign.mint();
test.each([
  ["no cookie", undefined, value],
  ["no header", value, undefined],
  ["empty pair", "", ""],
  ["header differs", value, csrf.mint()],
  ["signed by somebody else", other, other],
  ["no signature", "a".repeat(64), "a".repeat(64)],
  ["short signature", `${"a".repeat(64)}.b`, `${"a".repeat(64)}.b`],
])("GHSA-8qhj-4f8c-j8qg: %s is refused", (_label, cookie, header) => {
  expect(csrf.accepts(cookie, header)).toBe(false);
});
