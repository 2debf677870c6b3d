import { afterEach, beforeEach, expect, test } from "vitest";
import type { Queries } from "#platform/database";
import { openTemporaryDatabase, queryPlan } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { incidentStore } from "./store.ts";

let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
});
afterEach(() => temporary.remove());

/** A year of incidents stays in the table: none is looked at for another's sake. */
test.each([
  ["what a member sees", ["wf_incidents_owner (owner_id=?)"], (queries: Queries) => incidentStore.list(queries, { ownerId: 2 }, 9)],
  [
    "what is deleted",
    ["wf_incidents_ended (ended_at>? AND ended_at<?)", "INTEGER PRIMARY KEY (rowid<?)"],
    (queries: Queries) => incidentStore.prune(queries, { before: 1, kept: 9, limit: 9 }),
  ],
])("%s is found by its index", async (_what, indexes, ask) => {
  const plan = await queryPlan(temporary.database, ask);
  for (const index of indexes) expect(plan).toContain(index);
});

test("what is too old and what is too many is deleted, but never what lasts", async () => {
  const { database } = temporary;
  const words = { title: "t", serverName: "s", text: "x", value: "", limit: "" } as const;
  const ids = await database.change(async (tx) => {
    const made: number[] = [];
    for (let sourceId = 1; sourceId <= 6; sourceId++) {
      const incident = { source: "alert", sourceId, serverId: 1, ownerId: 2, groupId: 0, reminds: false, severity: "info" } as const;
      made.push((await incidentStore.insert(tx, { ...incident, ...words, openedAt: 1 })).id);
    }
    return made;
  });
  const [lasting = 0, many = 0, , old = 0] = ids;
  await database.change(async (tx) => {
    for (const id of ids) if (id !== lasting) await incidentStore.end(tx, id, "recovered", id === old ? 5 : 100);
    expect(await incidentStore.prune(tx, { before: 50, kept: 4, limit: 9 })).toBe(2);
    expect(await incidentStore.prune(tx, { before: 50, kept: 4, limit: 9 })).toBe(0);
  });
  const left = (await incidentStore.list(database.kysely, {}, 9)).map(({ id }) => id);
  expect(left).toEqual(ids.filter((id) => id !== many && id !== old).toReversed());
});
