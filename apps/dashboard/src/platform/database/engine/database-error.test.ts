import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase, statement } from "../testing/index.ts";
import type { TemporaryDatabase } from "../testing/index.ts";

let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
  await statement(temporary.database, "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL)").run();
});
afterEach(() => temporary.remove());

test.each([
  ["INSERT INTO things (name) VALUES (NULL)", "constraint"],
  ["INSERT INTO things (id, name) VALUES ('x', 'a')", "statement"],
  ["INSERT INTO nothing DEFAULT VALUES", "statement"],
])("%s fails again however often it is tried", async (sql, failure) => {
  const tried = async (): Promise<unknown> => statement(temporary.database, sql).run();
  await expect(tried()).rejects.toMatchObject({ name: "DatabaseError", failure, isRetryable: false });
});

test("of a database that is closed the same may work elsewhere", async () => {
  await temporary.database.close();
  const tried = async (): Promise<unknown> => statement(temporary.database, "INSERT INTO things (name) VALUES ('a')").run();
  await expect(tried()).rejects.toMatchObject({ name: "DatabaseError", failure: "closed", isRetryable: true });
});
