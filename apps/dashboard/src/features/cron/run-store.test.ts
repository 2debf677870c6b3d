import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase, queryPlan } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { runStore } from "./run-store.ts";

let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
});
afterEach(() => temporary.remove());

test("runs to be deleted are found by their indexes", async () => {
  const plan = await queryPlan(temporary.database, (queries) => runStore.outdated(queries, { through: 1, before: 1 }, 9));
  expect(plan).toContain("INTEGER PRIMARY KEY (rowid<?)");
  expect(plan).toContain("wf_cron_runs_started (started_at<?)");
});
