import { expect, test } from "vitest";
import type { Changes } from "./change-feed/change-feed.ts";
import type { Database } from "./database.ts";
import { DatabaseError } from "./engine/index.ts";
import { createLateWrites } from "./late-writes.ts";
import type { Queries } from "./queries.ts";

/** A database that refuses as often as there are refusals. */
function build(...refusals: Error[]) {
  const written: string[] = [];
  const errors: unknown[] = [];
  const change: Database["change"] = async (verb) => {
    const refusal = refusals.shift();
    if (refusal) throw refusal;
    return verb({} as Queries, {} as Changes);
  };
  const late = createLateWrites({ database: { change }, onError: (error) => void errors.push(error) });
  const write = (text: string, bytes = 0): Promise<void> => late.write(async () => void written.push(text), bytes);
  return { late, write, written, errors };
}
const full = new DatabaseError("full", "no space");

test("what a full database refused is written before what comes next, as soon as there is room", async () => {
  const { late, write, written } = build(full, full);
  await write("a");
  await write("b");
  expect([written, late.waiting]).toEqual([[], 2]);
  await write("c");
  expect([written, late.waiting]).toEqual([["a", "b", "c"], 0]);
});

test("what no other try can heal is thrown, or keeps nothing else from being written", async () => {
  const broken = new DatabaseError("constraint", "NOT NULL constraint failed");
  const { late, write, written, errors } = build(broken, full, broken);
  await expect(write("a")).rejects.toBe(broken);
  await write("b");
  await write("c");
  expect([written, late.waiting, errors]).toEqual([["c"], 0, [full, broken]]);
});

test("what waits has a bound", async () => {
  const { late, write, written, errors } = build(full, full, full);
  await write("a", 10 * 1024 * 1024);
  await write("b", 10 * 1024 * 1024);
  expect(late.waiting).toBe(1);
  await late.again();
  await late.again();
  expect([written, errors.length]).toEqual([["a"], 4]);
});
