import { expect, test } from "vitest";
import { historyQuery, isFiltered } from "./history-query.ts";

const NOW = Date.parse("2026-06-15T12:34:56Z");

test.each([
  [{}, {}],
  [
    { state: "open", severity: "critical", server: "3" },
    { open: "true", severity: "critical", server: "3" },
  ],
  [
    { state: "ended", source: "service" },
    { open: "false", source: "service" },
  ],
  [
    { source: "service", rule: "4" },
    { source: "alert", source_id: "4" },
  ],
  [
    { since: "day", before: "77" },
    { since: "2026-06-14T12:00:00.000Z", before: "77" },
  ],
  [{ state: "x", severity: "y", server: "-1", rule: "0", since: "z", before: "1e3" }, {}],
] as const)("%j asks for %j", (search, query) => {
  expect(historyQuery(search, NOW)).toEqual({ ...query, limit: "100" });
});

test("only what narrows the list is a filter", () => {
  expect(isFiltered({ snooze: "new" })).toBe(false);
  expect(isFiltered({ before: "7" })).toBe(true);
});
