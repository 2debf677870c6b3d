import { createFakeClock } from "@windfire/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Database } from "../database.ts";
import { StoredKey } from "../engine/index.ts";
import type { Queries } from "../queries.ts";
import { openTemporaryDatabase } from "../testing/index.ts";
import type { TemporaryDatabase } from "../testing/index.ts";
import { createChangeFeed } from "./change-feed.ts";
import type { ChangeFeed } from "./change-feed.ts";
import { createChangeLog } from "./change-log.ts";
import type { ChangeLog } from "./change-log.ts";
import type { RecordChange } from "./kind.ts";

interface Group {
  readonly id: number;
  readonly name: string;
}

let temporary: TemporaryDatabase;
let database: Database;

beforeAll(async () => {
  temporary = await openTemporaryDatabase();
  ({ database } = temporary);
});
afterAll(async () => temporary.remove());

const rows = async (queries: Queries, keys?: readonly number[]): Promise<Group[]> => {
  let query = queries.selectFrom("notification_groups").select(["id", "name"]).orderBy("id");
  if (keys) query = query.where("id", "in", keys);
  return (await query.execute()).map(({ id, name }) => ({ id, name: name ?? "" }));
};

const KIND = {
  name: "group",
  keyOf: (group: Group) => group.id,
  order: (a: Group, b: Group) => a.id - b.id,
  indexes: { name: (group: Group) => group.name },
  load: rows,
};

const bare = (): { feed: ChangeFeed } => ({
  feed: createChangeFeed({
    clock: createFakeClock(),
    queries: database.kysely,
    transaction: database.transaction,
    onError: () => expect.fail("no error expected"),
  }),
});
async function build(options: { log?: ChangeLog; load?: typeof rows; onError?: (error: unknown) => void } = {}) {
  const clock = createFakeClock();
  const onError = options.onError ?? ((error: unknown): void => void (error instanceof Error && expect.fail(error.message)));
  const feed = createChangeFeed({
    clock,
    queries: database.kysely,
    transaction: database.transaction,
    onError,
    ...(options.log ? { log: options.log } : {}),
  });
  const groups = await feed.keep({ ...KIND, load: options.load ?? rows });
  const heard: RecordChange<number, Group>[] = [];
  groups.subscribe({ changed: (change) => heard.push(change) });
  return { clock, feed, groups, heard };
}

const time = "2025-01-01 00:00:00+00:00";
const insert = async (feed: ChangeFeed, name: string): Promise<number> =>
  feed.change(async (tx, changes) => {
    const { id } = await tx
      .insertInto("notification_groups")
      .values({ created_at: time, updated_at: time, user_id: 1, name })
      .returning("id")
      .executeTakeFirstOrThrow();
    changes.put("group", id);
    return id;
  });
const rename = async (feed: ChangeFeed, id: number, name: string): Promise<void> =>
  feed.change(async (tx, changes) => {
    const { numUpdatedRows } = await tx.updateTable("notification_groups").set({ name }).where("id", "=", id).executeTakeFirstOrThrow();
    if (numUpdatedRows > 0n) changes.put("group", id);
  });
const remove = async (feed: ChangeFeed, id: number): Promise<void> =>
  feed.change(async (tx, changes) => {
    await tx.deleteFrom("notification_groups").where("id", "=", id).execute();
    changes.gone("group", [id]);
  });

test("a caller reads what it wrote, and subscribers heard of it before", async () => {
  const { feed, groups, heard } = await build();
  const id = await insert(feed, "one");
  expect(groups.get(id)).toEqual({ id, name: "one" });
  expect(heard).toMatchObject([{ key: id, before: undefined, after: { id, name: "one" } }]);
  await rename(feed, id, "two");
  expect(groups.by("name", "two").map((group) => group.id)).toEqual([id]);
  expect(groups.by("name", "one")).toEqual([]);
  await remove(feed, id);
  expect(groups.get(id)).toBeUndefined();
  expect(heard.at(-1)).toMatchObject({ key: id, before: { name: "two" }, after: undefined });
  await feed.stop();
});

test("a change before anything is kept waits for nobody", async () => {
  const { feed } = bare();
  expect(await insert(feed, "first")).toBeGreaterThan(0);
  await feed.stop();
});

test("a verb that throws changes neither tables nor memory, and runs nothing afterwards", async () => {
  const { feed, groups, heard } = await build();
  const before = await rows(database.kysely);
  let ran = false;
  const failing = feed.change(async (tx, changes) => {
    await tx.insertInto("notification_groups").values({ created_at: time, updated_at: time, user_id: 1, name: "lost" }).execute();
    changes.put("group", 1);
    changes.afterwards(() => (ran = true));
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await rows(database.kysely)).toEqual(before);
  expect([groups.list(), heard, ran]).toEqual([before, [], false]);
  await feed.stop();
});

test("a subscriber that throws is reported and keeps nobody else from hearing", async () => {
  const errors: unknown[] = [];
  const { feed, groups, heard } = await build({ onError: (error) => errors.push(error) });
  groups.subscribe({
    changed: () => {
      throw new Error("subscriber");
    },
  });
  const later: number[] = [];
  groups.subscribe({ changed: ({ key }) => later.push(key) });
  const id = await insert(feed, "x");
  expect([heard.length, later, errors.length]).toEqual([1, [id], 1]);
  await feed.stop();
});

test("what could not be read is read again, in order; who waits is let go in the end", async () => {
  let broken = 3;
  const errors: unknown[] = [];
  const load: typeof rows = async (queries, keys) => {
    if (keys !== undefined && broken-- > 0) throw new Error("database away");
    return rows(queries, keys);
  };
  const { clock, feed, groups, heard } = await build({ load, onError: (error) => errors.push(error) });
  const writing = Promise.all([insert(feed, "a"), insert(feed, "b")]);
  for (const failures of [1, 2, 3]) {
    await vi.waitFor(() => expect(errors).toHaveLength(failures), { timeout: 20_000, interval: 5 });
    clock.advance(200);
  }
  const ids = await writing;
  expect(ids.map((id) => groups.get(id)?.name)).toEqual(["a", "b"]);
  expect(heard.map(({ key }) => key)).toEqual(ids);
  await feed.stop();
});

test("a reader that fell behind a pruned log loads everything anew", async () => {
  const writer = await build();
  const reader = await build();
  let reloaded = 0;
  reader.groups.subscribe({ changed: () => undefined, reloaded: () => void reloaded++ });
  const id = await insert(writer.feed, "first");
  await insert(writer.feed, "second");
  await createChangeLog(database.kysely).prune(1);
  await rename(reader.feed, id, "mine");
  expect(reader.groups.list()).toEqual(await rows(database.kysely));
  expect(reloaded).toBe(1);
  await writer.feed.stop();
  await reader.feed.stop();
});

test.each([
  ["gives those numbers to nothing yet", []],
  ["gives those numbers to other changes", ["after"]],
])("a database that lost what it had committed is read anew, also when it %s", async (_how, others) => {
  const writer = await build();
  const reader = await build();
  const id = await insert(writer.feed, "kept");
  await bringUpTo(reader.feed, writer.feed);
  const from = reader.feed.stats.applied;
  const lost = await insert(writer.feed, "lost");
  await bringUpTo(reader.feed, writer.feed);
  expect(reader.groups.get(lost)?.name).toBe("lost");
  await database.kysely.deleteFrom("notification_groups").where("id", "=", lost).execute();
  await database.kysely.deleteFrom("wf_changes").where("sequence", ">", from).execute();
  for (const name of others) {
    await database.kysely.updateTable("notification_groups").set({ name }).where("id", "=", id).execute();
    await database.kysely
      .insertInto("wf_changes")
      .values({ sequence: from + 1, kind: "group", key: new StoredKey(id), what: "put" })
      .execute();
  }
  const heard = new Promise<void>((reloaded) => void reader.groups.subscribe({ changed: () => undefined, reloaded: () => reloaded() }));
  reader.feed.wake();
  await heard;
  expect(reader.groups.list()).toEqual(await rows(database.kysely));
  await writer.feed.stop();
  await reader.feed.stop();
});

const bringUpTo = async (reader: ChangeFeed, writer: ChangeFeed): Promise<void> => reader.reach(writer.stats.applied);

type Step =
  | { readonly do: "insert"; readonly name: string }
  | { readonly do: "rename" | "remove"; readonly nth: number; readonly name: string }
  | { readonly do: "crash" | "quiet" };
const name = fc.constantFrom("a", "b", "c");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: name.map((text) => ({ do: "insert" as const, name: text })) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("rename" as const), nth: fc.nat(9), name }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("remove" as const), nth: fc.nat(9), name }) },
  { weight: 1, arbitrary: fc.constant({ do: "crash" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "quiet" as const }) },
);

/** A face of the database that answers in an order of its own, as one over a network does. */
function slow(scheduler: fc.Scheduler): { log: ChangeLog; load: typeof rows } {
  const log = createChangeLog(database.kysely);
  const late = async <T>(answer: Promise<T>): Promise<T> => scheduler.schedule(answer);
  return {
    log: { ...log, from: async (sequence, limit) => late(log.from(sequence, limit)), newest: async () => late(log.newest()) },
    load: async (queries, keys) => late(rows(queries, keys)),
  };
}

test("memory equals the tables at every quiet point, nothing gone comes back, and every change is heard once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 30 }), async (scheduler, steps) => {
      await database.kysely.deleteFrom("notification_groups").execute();
      let current = await scheduler.waitFor(build(slow(scheduler)));
      let from = current.feed.stats.applied;
      const ids: number[] = [];
      let pending: Promise<unknown>[] = [];
      const settle = async (): Promise<void> => {
        await scheduler.waitFor(Promise.all(pending));
        pending = [];
        expect(current.groups.list()).toEqual(await rows(database.kysely));
        const logged = await createChangeLog(database.kysely).from(from + 1, 10_000);
        expect(current.heard.map(({ sequence }) => sequence)).toEqual(logged.map(({ sequence }) => sequence));
      };
      for (const next of steps) {
        if (next.do === "insert") pending.push(insert(current.feed, next.name).then((id) => ids.push(id)));
        else if (next.do === "rename" || next.do === "remove") {
          const id = ids[next.nth % Math.max(1, ids.length)];
          if (id === undefined) continue;
          pending.push(next.do === "rename" ? rename(current.feed, id, next.name) : remove(current.feed, id));
        } else if (next.do === "quiet") await settle();
        else {
          // The process ends between commit and feed: what was committed is there for the next one.
          const old = current;
          const stopped = old.feed.stop();
          await scheduler.waitFor(Promise.all([stopped, ...pending]));
          pending = [];
          current = await scheduler.waitFor(build(slow(scheduler)));
          from = current.feed.stats.applied;
        }
      }
      await settle();
      await scheduler.waitFor(current.feed.stop());
    }),
    { numRuns: 60 },
  );
});
