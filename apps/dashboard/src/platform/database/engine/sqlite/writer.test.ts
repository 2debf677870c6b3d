import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Connection } from "./connection.ts";
import { openConnection } from "./connection.ts";
import { createWriter } from "./writer.ts";

const MAX_WAIT_MS = 60_000;

let connection: Connection;
beforeEach(() => {
  connection = openConnection(":memory:", { busyMs: 0 });
  connection.exec("CREATE TABLE t (word TEXT)");
});
afterEach(() => connection.close());

const insert = (word: string) => (one: Connection) => one.run("INSERT INTO t VALUES (?)", [word]);
const words = (): unknown[] => connection.all("SELECT word FROM t", []).map(({ word }) => word);

test("who waits for a transaction that does not end is refused in time", async () => {
  const clock = createFakeClock();
  const writer = createWriter({ clock, connection });
  await writer.begin();
  const late = writer.write(insert("late"));
  await Promise.all([expect(late).rejects.toMatchObject({ failure: "busy" }), clock.advanceAsync(MAX_WAIT_MS)]);
  writer.rollback();
});

test("who waits for maintenance is not refused, however long it takes, and has its whole time afterwards", async () => {
  const clock = createFakeClock();
  const writer = createWriter({ clock, connection });
  await writer.begin();
  const earlier = writer.write(insert("earlier"));
  const rewriting = Promise.withResolvers<void>();
  const maintenance = writer.exclusively(() => rewriting.promise);
  const begun = writer.begin();
  const later = writer.write(insert("later"));
  await clock.advanceAsync(MAX_WAIT_MS - 1);
  writer.rollback();
  await earlier;
  await clock.advanceAsync(10 * MAX_WAIT_MS);
  const during = writer.write(insert("during"));
  await clock.advanceAsync(10 * MAX_WAIT_MS);
  rewriting.resolve();
  await maintenance;
  await begun;
  await clock.advanceAsync(MAX_WAIT_MS - 1);
  writer.commit();
  await Promise.all([later, during]);
  expect(words()).toEqual(["earlier", "later", "during"]);
});
