import { expect, test } from "vitest";
import { runQuery } from "./run-query.ts";

test.each([
  [{}, {}],
  [
    { cron: "3", server: "7", state: "failed", before: "99" },
    { cron: "3", server: "7", state: "failed", before: "99" },
  ],
  [{ cron: "x", server: "0", state: "odd", before: "-2", open: "1" }, {}],
] as const)("%j asks for %j", (search, query) => {
  expect(runQuery(search)).toEqual({ ...query, limit: "50" });
});
