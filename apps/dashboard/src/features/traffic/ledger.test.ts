import type { KyselyPlugin } from "kysely";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "#platform/database";
import { openTemporaryDatabase, statement } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import type { Metered } from "./book.ts";
import { createTraffic } from "./index.ts";
import { TrafficMeter } from "./meter.ts";

const NOON = Date.UTC(2026, 0, 1, 12);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NO_RULE = { everywhere: undefined, byServer: new Map<number, number>() };
let temporary: TemporaryDatabase;

beforeEach(async () => {
  temporary = await openTemporaryDatabase();
  await statement(temporary.database, "INSERT INTO servers (id, name, uuid) VALUES (1, 's1', 'u1'), (2, 's2', 'u2')").run();
});
afterEach(() => temporary.remove());

/** A process on the file, with the counters of servers 1 and 2 in its memory. */
async function start(database: Database = temporary.database) {
  const ledger = createTraffic(database);
  const records = await ledger.records();
  const server = (id: number): Metered => {
    const traffic = new TrafficMeter();
    const record = records.get(id);
    if (record) traffic.restore(record);
    return { id, traffic };
  };
  return { ...ledger, one: server(1), two: server(2) };
}

const all = async (serverId = 1) => {
  const { in: inbound, out } = await createTraffic(temporary.database).sums({ serverId, from: 0, until: NOON + 1000 * DAY_MS });
  return [BigInt(inbound), BigInt(out)];
};
/** Writes as somebody else on the same file does. */
const write = (serverId: number | null, time: unknown, inbound: unknown, outbound: unknown = 0) =>
  statement(temporary.database, 'INSERT INTO transfers (created_at, user_id, server_id, "in", "out") VALUES (?, 0, ?, ?, ?)').run(
    time,
    serverId,
    inbound,
    outbound,
  );
const rowsThere = async () => (await temporary.database.kysely.selectFrom("transfers").select("id").execute()).length;

/** A database whose `at`th statement inside transactions is never run. */
function cutAt(database: Database, at: number): Database {
  let left = at;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      if (--left === 0) throw new Error("power cut");
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { ...database, transaction: (run) => database.transaction((tx) => run(tx.withPlugin(plugin))) };
}

test("rows of an existing directory are taken over once, whatever their times look like; what makes no sense counts for nothing", async () => {
  await write(1, "2026-01-01 10:00:00+08:00", 1, 10);
  await write(1, "2026-01-01T02:00:00Z", 2, 20);
  await write(1, "2026-01-01 02:00:00.25", 4, 40);
  await write(1, Date.UTC(2026, 0, 1, 2) / 1000, 8, 80);
  await write(1, "2026-01-01", 16, -5);
  await write(1, "soon", 32);
  await write(1, null, 64);
  await write(null, "2026-01-01 02:00:00", 128);
  await write(2, "2026-01-01 02:00:00", "x", null);
  for (let round = 0; round < 2; round++) {
    const { sums } = await start();
    expect(await all()).toEqual([31n, 150n]);
    expect(await all(2)).toEqual([0n, 0n]);
    const two = Date.UTC(2026, 0, 1, 2);
    expect(await sums({ serverId: 1, from: two, until: two })).toEqual({ in: 11, out: 110 });
  }
});

test("what is booked is there for who knows Nezha's file, and its nightly deletion takes nothing from the ledger", async () => {
  const { one, book } = await start();
  for (const bytes of [100, 130, 140]) {
    one.traffic.count(bytes, 2 * bytes);
    await book([one], NOON);
  }
  expect(await rowsThere()).toBe(2);
  await statement(temporary.database, "DELETE FROM transfers").run();
  await start();
  expect(await all()).toEqual([40n, 80n]);
});

test("rows that a script writes while this program runs count at the next look, before and after a booking", async () => {
  const { one, book } = await start();
  one.traffic.count(100, 0);
  await write(1, "2026-01-01 11:00:00+00:00", 5);
  expect(await all()).toEqual([5n, 0n]);
  await write(1, "2026-01-01 11:00:00+00:00", 7);
  one.traffic.count(130, 0);
  await book([one], NOON);
  expect(await all()).toEqual([42n, 0n]);
  const next = await start();
  next.one.traffic.count(150, 0);
  await next.book([next.one], NOON);
  expect(await all()).toEqual([62n, 0n]);
});

test("an earlier version of this program in between counts on, and its rows are taken up", async () => {
  const first = await start();
  first.one.traffic.count(100, 0);
  first.one.traffic.count(130, 0);
  await first.book([first.one], NOON);
  await write(1, "2026-01-01 12:00:00+00:00", 9);
  const { database } = temporary;
  await statement(database, "REPLACE INTO wf_traffic_mark VALUES (1, (SELECT seq FROM sqlite_sequence WHERE name = 'transfers'))").run();
  await statement(database, "UPDATE wf_traffic SET seen_in = '139'").run();
  const second = await start();
  second.one.traffic.count(140, 0);
  await second.book([second.one], NOON);
  expect(await all()).toEqual([40n, 0n]);
});

test("a table that was put in the place of the one we knew is not counted again", async () => {
  const { one, book } = await start();
  for (const bytes of [0, 10, 20, 30]) {
    one.traffic.count(bytes, 0);
    await book([one], NOON);
  }
  await statement(temporary.database, "DELETE FROM transfers WHERE id > 1").run();
  await statement(temporary.database, "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'transfers'").run();
  await start();
  await write(1, "2026-01-01 13:00:00+00:00", 5);
  expect(await all()).toEqual([35n, 0n]);
});

test("two months are kept without any rule, more where one asks for it; what belongs to nobody goes", async () => {
  for (const days of [400, 70, 61, 1]) for (const id of [1, 2, 9]) await write(id, new Date(NOON - days * DAY_MS).toISOString(), days);
  const { clean } = await start();
  await clean({ everywhere: undefined, byServer: new Map([[2, NOON - 300 * DAY_MS]]) }, { now: NOON });
  expect([await all(1), await all(2), await all(9)]).toEqual([
    [62n, 0n],
    [132n, 0n],
    [0n, 0n],
  ]);
  expect(await rowsThere()).toBe(3);
  await clean(NO_RULE, { now: NOON });
  expect([await rowsThere(), await all(2)]).toEqual([0, [62n, 0n]]);
});

test("a directory that is opened for the first time shows of a rule's servers what the reference showed", async () => {
  for (const days of [61, 40, 1]) for (const id of [1, 2]) await write(id, new Date(NOON - days * DAY_MS).toISOString(), days);
  const { clean } = await start();
  await clean({ everywhere: undefined, byServer: new Map([[1, NOON - 30 * DAY_MS]]) }, { now: NOON, isExact: true });
  expect([await all(1), await all(2)]).toEqual([
    [1n, 0n],
    [102n, 0n],
  ]);
});

test("a power cut before any statement of taking over and of booking loses nothing and counts nothing twice", async () => {
  // More than two transactions take.
  await statement(
    temporary.database,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
       INSERT INTO transfers (created_at, user_id, server_id, "in", "out") SELECT '2026-01-01 10:00:00+00:00', 0, 1, 1, 2 FROM n`,
  ).run();
  let cuts = 0;
  const untilDone = async (work: (database: Database) => Promise<void>): Promise<void> => {
    for (let at = 1; ; at++) {
      try {
        await work(cutAt(temporary.database, at));
        return;
      } catch (error) {
        expect(String(error)).toContain("power cut");
        cuts++;
      }
    }
  };
  await untilDone(async (database) => void (await start(database)));
  expect(await all()).toEqual([12_000n, 24_000n]);
  const calm = await start();
  calm.one.traffic.boot(1000);
  calm.one.traffic.count(500, 500);
  await calm.keep([calm.one]);
  let counter = 500;
  await untilDone(async (database) => {
    const { one } = await start();
    one.traffic.boot(1000);
    one.traffic.count((counter += 10), counter);
    await createTraffic(database).book([one], NOON);
  });
  expect(cuts).toBeGreaterThan(12);
  const last = await start();
  last.one.traffic.boot(1000);
  last.one.traffic.count((counter += 10), counter);
  await last.book([last.one], NOON);
  expect(await all()).toEqual([12_000n + BigInt(counter - 500), 24_000n + BigInt(counter - 500)]);
  expect(await rowsThere()).toBe(12_002);
});

/** The reference on the same file: its counters begin anew with it, and it ends in order. */
async function reference(counter: number, moves: readonly number[]): Promise<number> {
  let seen = counter;
  let now = counter;
  for (const bytes of moves) {
    now += bytes;
    await write(1, "2026-01-01 11:00:00+00:00", now - seen);
    seen = now;
  }
  return now;
}

test("back and forth between this program and the reference, whatever it deletes, each byte is counted once", async () => {
  type Deed = { readonly kind: "report" | "reference"; readonly bytes: number } | { readonly kind: "book" | "keep" | "kill" | "night" };
  const deed: fc.Arbitrary<Deed> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("report", "reference"), bytes: fc.integer({ min: 1, max: 1000 }) }) },
    fc.record({ kind: fc.constantFrom("book", "keep", "kill", "night") }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 25 }), async (deeds) => {
      for (const table of ["transfers", "wf_traffic", "wf_traffic_hours"])
        await statement(temporary.database, `DELETE FROM ${table}`).run();
      let run = await start();
      let [counter, moved] = [5000, 0];
      const report = () => {
        run.one.traffic.boot(1000);
        run.one.traffic.count(counter, 0);
      };
      report();
      await run.keep([run.one]);
      for (const step of deeds) {
        if (step.kind === "report") {
          counter += step.bytes;
          moved += step.bytes;
          report();
        } else if (step.kind === "reference") {
          await run.book([run.one], NOON);
          counter = await reference(counter, [step.bytes, step.bytes]);
          moved += 2 * step.bytes;
          run = await start();
          report();
          await run.keep([run.one]);
        } else if (step.kind === "book") await run.book([run.one], NOON);
        else if (step.kind === "keep") await run.keep([run.one]);
        else if (step.kind === "kill") {
          run = await start();
          report();
        } else await statement(temporary.database, "DELETE FROM transfers").run();
      }
      report();
      await run.book([run.one], NOON);
      expect((await all())[0]).toBe(BigInt(moved));
    }),
    { numRuns: 60 },
  );
});
