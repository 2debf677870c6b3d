import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createAuditLog } from "./audit-log.ts";
import { changedFields } from "./changed-fields.ts";

let temporary: TemporaryDatabase;
beforeEach(async () => void (temporary = await openTemporaryDatabase()));
afterEach(async () => temporary.remove());

const actor = { kind: "user", userId: 3, username: "ann", tokenId: 0, address: "192.0.2.7" } as const;

test("a deed is written with its change, and undone with it", async () => {
  const { database } = temporary;
  const audit = createAuditLog({ database, now: () => 42 });
  const deed = { actor, action: "server.update", kind: "server", key: 7, from: { name: "a" }, to: { name: "b" } };
  await database.transaction((tx) => audit.write(tx, deed));
  const undone = database.transaction(async (tx) => {
    await audit.write(tx, { ...deed, key: 8 });
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(await audit.newest(9)).toEqual([
    {
      id: 1,
      at: 42,
      ...actor,
      tokenName: "",
      action: "server.update",
      targetKind: "server",
      key: 7,
      fields: [{ field: "name", from: "a", to: "b" }],
    },
  ]);
});

test.each([
  [undefined, { name: "x" }, [{ field: "name", to: "x" }]],
  [{ name: "x" }, undefined, [{ field: "name", from: "x" }]],
  [{ ids: [1, 2], same: { a: 1 } }, { ids: [2], same: { a: 1 } }, [{ field: "ids", from: [1, 2], to: [2] }]],
  [{ secret: "old" }, { secret: "new" }, [{ field: "secret", from: "•••", to: "•••" }]],
  [{ secret: "" }, { secret: "new" }, [{ field: "secret", from: "", to: "•••" }]],
  [{ updatedAt: 1 }, { updatedAt: 2 }, []],
  [{ note: "a" }, { note: "b".repeat(600) }, [{ field: "note", from: "a", to: `${"b".repeat(500)}…` }]],
])("%j to %j", (from, to, expected) => {
  expect(changedFields(from, to, ["secret"])).toEqual(expected);
});
