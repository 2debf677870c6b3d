import { createFakeClock } from "@windfire/testkit";
import { expect, test, vi } from "vitest";
import { DatabaseError } from "#platform/database";
import type { Database } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import { createHistoryRows } from "./history-rows.ts";

test("rows that a full database refuses are written with the next one, in their order", async () => {
  const temporary = await openTemporaryDatabase({ clock: createFakeClock() });
  const { kysely } = temporary.database;
  let isFull = true;
  const refusing = kysely.withPlugin({
    transformQuery: ({ node }) => {
      if (isFull) throw new DatabaseError("full", "no space");
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const onError = vi.fn<(error: unknown) => void>();
  // All other members are the database's own.
  const database = Object.create(temporary.database, { kysely: { value: refusing } }) as Database;
  const rows = createHistoryRows({ database, withPoints: true, onError });
  const add = (at: number): void => rows.addSummary({ serviceId: 1, at, delay: 1, up: 1, down: 0, data: "" });
  add(1_000);
  await rows.settled();
  expect(onError).toHaveBeenCalledTimes(1);
  isFull = false;
  add(2_000);
  await rows.settled();
  const stored = await kysely.selectFrom("service_histories").select(["id", "created_at"]).orderBy("id").execute();
  expect(stored.map(({ created_at: at }) => Date.parse(String(at)))).toEqual([1_000, 2_000]);
  expect(rows.dropped).toBe(0);
  await temporary.remove();
});
