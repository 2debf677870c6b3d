import { expect, test } from "vitest";
import { auditFilter, isFiltered, valueText } from "./audit-query.ts";

const NOW = Date.parse("2026-06-15T12:34:56Z");

test.each([
  [{}, {}],
  [
    { actor: "token", user: "3", q: "rack" },
    { actor: "token", user: "3", text: "rack" },
  ],
  [
    { kind: "server", key: "7", action: "server.update" },
    { kind: "server", key: "7", action: "server.update" },
  ],
  [{ key: "7" }, {}],
  [{ since: "day" }, { since: "2026-06-14T12:00:00.000Z" }],
  [{ actor: "robot", user: "-1", since: "eon" }, {}],
] as const)("%j asks for %j", (search, query) => {
  expect(auditFilter(search, NOW)).toEqual(query);
});

test("a text is cut to what the log takes", () => {
  expect(auditFilter({ q: "x".repeat(300) }, NOW)["text"]).toHaveLength(200);
});

test("the page is no filter", () => {
  expect(isFiltered({ before: "7", open: "3" })).toBe(false);
  expect(isFiltered({ q: "a" })).toBe(true);
});

test.each([
  [undefined, "–"],
  [null, "–"],
  ["", "–"],
  ["a", "a"],
  [false, "false"],
  [0, "0"],
  [{ a: [1] }, '{"a":[1]}'],
] as const)("%j is shown as %s", (value, text) => {
  expect(valueText(value)).toBe(text);
});
