import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Queries } from "../queries.ts";
import { openTemporaryDatabase } from "../testing/index.ts";
import type { TemporaryDatabase } from "../testing/index.ts";
import { createChangeFeed } from "./change-feed.ts";
import type { ChangeFeed } from "./change-feed.ts";
import { createChangeLog } from "./change-log.ts";
import type { LazyKind } from "./lazy-kind.ts";

interface Group {
  readonly id: number;
  readonly name: string;
}

let temporary: TemporaryDatabase;
let reads: number[];
let feed: ChangeFeed;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
  reads = [];
  feed = createFeed();
});
afterEach(async () => {
  await feed.stop();
  await temporary.remove();
});

const createFeed = (): ChangeFeed => {
  const { kysely, transaction } = temporary.database;
  const onError = (error: unknown): void => void (error instanceof Error && expect.fail(error.message));
  return createChangeFeed({ clock: createFakeClock(), queries: kysely, transaction, onError });
};
const find = async (queries: Queries, id: number): Promise<Group | undefined> => {
  reads.push(id);
  const row = await queries.selectFrom("notification_groups").select(["id", "name"]).where("id", "=", id).executeTakeFirst();
  return row && { id: row.id, name: row.name ?? "" };
};
const KIND: LazyKind<number, Group> = { name: "group", find, limit: 2 };
const time = "2025-01-01 00:00:00+00:00";
const insert = async (by: ChangeFeed, name: string): Promise<number> =>
  by.change(async (tx, changes) => {
    const values = { created_at: time, updated_at: time, user_id: 1, name };
    const { id } = await tx.insertInto("notification_groups").values(values).returning("id").executeTakeFirstOrThrow();
    changes.put("group", id);
    return id;
  });
const rename = async (by: ChangeFeed, id: number, name: string): Promise<void> =>
  by.change(async (tx, changes) => {
    await tx.updateTable("notification_groups").set({ name }).where("id", "=", id).execute();
    changes.put("group", id);
  });
const remove = async (by: ChangeFeed, id: number): Promise<void> =>
  by.change(async (tx, changes) => {
    await tx.deleteFrom("notification_groups").where("id", "=", id).execute();
    changes.gone("group", [id]);
  });

test("a record is read once, and again after it changed; a caller reads what it wrote", async () => {
  const groups = await feed.keepLazily(KIND);
  const id = await insert(feed, "one");
  expect([await groups.get(id), groups.get(id)]).toEqual([
    { id, name: "one" },
    { id, name: "one" },
  ]);
  expect(reads).toEqual([id]);
  await rename(feed, id, "two");
  expect(await groups.get(id)).toEqual({ id, name: "two" });
  await remove(feed, id);
  expect(await groups.get(id)).toBeUndefined();
  expect(groups.size).toBe(0);
});

test("another process's change empties the cache too, and is heard of", async () => {
  const groups = await feed.keepLazily(KIND);
  const other = createFeed();
  const id = await insert(feed, "one");
  await groups.get(id);
  const heard: unknown[] = [];
  groups.subscribe({ changed: (change) => heard.push(change) });
  await remove(other, id);
  const mine = await insert(feed, "mine");
  expect(groups.get(id)).toBeInstanceOf(Promise);
  expect(await groups.get(id)).toBeUndefined();
  expect(heard).toEqual([{ put: [mine], gone: [id] }]);
  await other.stop();
});

test("what is read while it changes is not kept as it was", async () => {
  const id = await insert(feed, "one");
  const held = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const groups = await feed.keepLazily<number, Group>({
    ...KIND,
    find: async (queries, key) => {
      const found = await find(queries, key);
      began.resolve();
      await held.promise;
      return found;
    },
  });
  const reading = groups.get(id);
  await began.promise;
  await rename(feed, id, "two");
  held.resolve();
  expect(await reading).toEqual({ id, name: "two" });
  expect(groups.get(id)).toEqual({ id, name: "two" });
});

test("only so many are kept, and after a gap in the log none", async () => {
  const groups = await feed.keepLazily(KIND);
  const ids = [await insert(feed, "a"), await insert(feed, "b"), await insert(feed, "c")];
  for (const id of ids) await groups.get(id);
  expect(groups.size).toBe(2);
  const other = createFeed();
  for (const name of ["d", "e"]) await insert(other, name);
  await createChangeLog(temporary.database.kysely).prune(1);
  await insert(feed, "f");
  expect(groups.size).toBe(0);
  await other.stop();
});

test("a follower is handed everything at the start, each change with its record", async () => {
  const id = await insert(feed, "one");
  const heard: unknown[] = [];
  const load = async (queries: Queries, keys?: readonly number[]): Promise<Group[]> => {
    const rows = await queries
      .selectFrom("notification_groups")
      .select(["id", "name"])
      .where("id", "in", keys ?? [id])
      .execute();
    return rows.map((row) => ({ id: row.id, name: row.name ?? "" }));
  };
  await feed.follow(
    { name: "group", keyOf: (group: Group) => group.id, load },
    { changed: (key, group) => heard.push([key, group?.name]), reloaded: (groups) => heard.push(groups.map(({ name }) => name)) },
  );
  await rename(feed, id, "two");
  await remove(feed, id);
  expect(heard).toEqual([["one"], [id, "two"], [id, undefined]]);
});
