import { expect, test } from "vitest";
import { DatabaseError } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import { contend, settled } from "./testing/contender.ts";
import { testLeases } from "./testing/contract.ts";

testLeases(openTemporaryDatabase);

test("a database that is away is told once, however often it is asked, and once more when it goes away again", async () => {
  const { database, remove } = await openTemporaryDatabase();
  let isAway = true;
  const away = new DatabaseError("io", "away");
  const one = await contend("a", {
    ...database,
    transaction: (run) => (isAway ? Promise.reject(away) : database.transaction(run)),
  });
  const looks = async (count: number): Promise<void> => {
    for (let look = 0; look < count; look++) {
      await one.clock.advanceAsync(1_000);
      await settled(database);
    }
  };
  await looks(10);
  expect(one.failures).toEqual([away]);
  isAway = false;
  await looks(10);
  expect(one.lease.held).toBe(true);
  isAway = true;
  await looks(10);
  expect(one.lease.held).toBe(false);
  // What could not be renewed, and later what could not be taken.
  expect(one.failures).toEqual([away, away, away]);
  isAway = false;
  await one.lease.stop();
  await remove();
});
