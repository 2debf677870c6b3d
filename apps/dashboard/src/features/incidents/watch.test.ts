import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DatabaseError } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { incidentStore, openIncidentKind } from "./store.ts";
import { createIncidentWatch } from "./watch.ts";

let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
});
afterEach(() => temporary.remove());

test.each([
  ["a text", new Error("no such template")],
  ["a rule of the table", new DatabaseError("constraint", "NOT NULL constraint failed")],
])("an incident that cannot be written because of %s keeps no other from being told", async (_why, fault) => {
  const { database } = temporary;
  const incidents = await database.keep(openIncidentKind);
  const words = { title: "t", serverName: "s", text: "x", value: "", limit: "" } as const;
  await database.change(async (tx, changes) => {
    for (let sourceId = 1; sourceId <= 150; sourceId++) {
      const about = { source: "alert", sourceId, serverId: 1, ownerId: 2, groupId: 3, reminds: false, severity: "info" } as const;
      const { id } = await incidentStore.insert(tx, { ...about, ...words, openedAt: 1 });
      await incidentStore.hold(tx, id, "snoozed");
      changes.put(openIncidentKind.name, id);
    }
  });
  const look = createIncidentWatch({
    clock: createFakeClock(),
    database,
    incidents,
    ledger: {
      async release(tx, changes, { id }) {
        if (id === 7) throw fault;
        await incidentStore.hold(tx, id, "");
        changes.put(openIncidentKind.name, id);
      },
      remind: async () => undefined,
    },
    deliveries: { isReminderDue: () => false },
    holdOf: () => undefined,
    lookAtParents: () => undefined,
  });
  await expect(look()).rejects.toMatchObject({ errors: [fault] });
  expect(incidents.list().flatMap(({ id, held }) => (held === "" ? [] : [id]))).toEqual([7]);
});
