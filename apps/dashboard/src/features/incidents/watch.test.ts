import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { incidentStore, openIncidentKind } from "./store.ts";
import { createIncidentWatch } from "./watch.ts";

let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
});
afterEach(() => temporary.remove());

test("an incident that cannot be written keeps no other from being told", async () => {
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
        if (id === 7) throw new Error("no such template");
        await incidentStore.hold(tx, id, "");
        changes.put(openIncidentKind.name, id);
      },
      remind: async () => undefined,
    },
    deliveries: { isReminderDue: () => false },
    holdOf: () => undefined,
    lookAtParents: () => undefined,
  });
  await expect(look()).rejects.toMatchObject({ errors: [{ message: "no such template" }] });
  expect(incidents.list().flatMap(({ id, held }) => (held === "" ? [] : [id]))).toEqual([7]);
});
