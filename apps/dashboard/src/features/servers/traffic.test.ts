import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTraffic } from "#features/traffic";
import type { TrafficBook } from "#features/traffic";
import { readTime } from "#platform/database";
import type { Database } from "#platform/database";
import { openTemporaryDatabase, statement } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createServerDirectory } from "./directory.ts";
import type { ServerDirectory } from "./directory.ts";
import type { LiveServer } from "./live-server.ts";
import { serverKind, serverStore } from "./store.ts";
import { hostWith } from "./testing/samples.ts";

const NOON = Date.UTC(2026, 0, 1, 12);
let temporary: TemporaryDatabase;

beforeEach(async () => {
  temporary = await openTemporaryDatabase();
});
afterEach(() => temporary.remove());

/** A process on the file: what it holds in memory is lost with it. */
interface Run {
  readonly servers: ServerDirectory;
  readonly book: TrafficBook;
  one(id: number): LiveServer;
}

async function start(database: Database = temporary.database): Promise<Run> {
  const book = createTraffic(database);
  const servers = createServerDirectory(await serverKind.load(database.kysely));
  for (const [id, record] of await book.records()) servers.get(id)?.traffic.restore(record);
  const one = (id: number): LiveServer => {
    const server = servers.get(id);
    if (!server) throw new Error(`no server ${id}`);
    return server;
  };
  return { servers, book, one };
}

async function addServers(count: number): Promise<void> {
  const { kysely } = temporary.database;
  for (let id = 1; id <= count; id++) await serverStore.insert(kysely, { uuid: `u${id}`, ownerId: 1, name: `s${id}` }, NOON);
}

/** A database whose transactions fail: `commits` says whether before or after everything is written. */
function broken(database: Database, commits: boolean): Database {
  const transaction: Database["transaction"] = async (work) => {
    if (commits) await database.transaction(work);
    else
      await database.transaction(async (tx) => {
        await work(tx);
        throw new Error("power cut");
      });
    throw new Error("power cut");
  };
  return { ...database, transaction };
}

async function booked(serverId = 1): Promise<{ in: bigint; out: bigint }> {
  const sums = await statement<{ in: string; out: string }>(
    temporary.database,
    `SELECT cast(coalesce(sum("in"), 0) AS text) AS "in", cast(coalesce(sum("out"), 0) AS text) AS "out" FROM transfers WHERE server_id = ?`,
  ).get(serverId);
  return { in: BigInt(sums?.in ?? 0), out: BigInt(sums?.out ?? 0) };
}

test("the traffic of a whole fleet is written, and once", async () => {
  await addServers(250);
  const { servers, book } = await start();
  for (const { traffic } of servers.list()) for (const bytes of [100, 130]) traffic.count(bytes, bytes);
  await book.book(servers.list(), NOON);
  await book.book(servers.list(), NOON + 3_600_000);
  const rows = await temporary.database.kysely.selectFrom("transfers").select(["server_id", "in", "out"]).execute();
  expect(new Set(rows.map((row) => row.server_id)).size).toBe(250);
  expect(rows.every((row) => row.in === 30 && row.out === 30)).toBe(true);
  expect(rows).toHaveLength(250);
});

test("two bookings that come at once book one traffic once", async () => {
  await addServers(1);
  const { one, book } = await start();
  for (const bytes of [100, 130]) one(1).traffic.count(bytes, bytes);
  await Promise.all([book.book([one(1)], NOON), book.book([one(1)], NOON), book.book([one(1)], NOON)]);
  expect(await booked()).toEqual({ in: 30n, out: 30n });
});

test("traffic beyond 2^53 keeps its digits, beyond SQLite's integers the most they hold", async () => {
  await addServers(2);
  const { one, book, servers } = await start();
  one(1).traffic.count(0, 0);
  one(1).traffic.count(2n ** 53n + 1n, 3);
  one(2).traffic.count(0, 0);
  one(2).traffic.count(2n ** 64n - 1n, 3);
  await book.book(servers.list(), NOON);
  expect([(await booked(1)).in, (await booked(2)).in]).toEqual([2n ** 53n + 1n, 2n ** 63n - 1n]);
});

test("a server that was deleted while its traffic was under way leaves nothing behind", async () => {
  await addServers(1);
  const { one, book } = await start();
  for (const bytes of [100, 130]) one(1).traffic.count(bytes, bytes);
  const server = one(1);
  await serverStore.delete(temporary.database.kysely, [1]);
  await book.book([server], NOON);
  await book.keep([server]);
  expect(await booked()).toEqual({ in: 0n, out: 0n });
  expect(await temporary.database.kysely.selectFrom("wf_traffic").selectAll().execute()).toEqual([]);
});

test("the record of a deleted server goes with it, and what was booked", async () => {
  await addServers(1);
  const { one, book } = await start();
  for (const bytes of [1, 5]) one(1).traffic.count(bytes, bytes);
  await book.book([one(1)], NOON);
  await serverStore.delete(temporary.database.kysely, [1]);
  expect(await temporary.database.kysely.selectFrom("wf_traffic_hours").selectAll().execute()).toEqual([]);
  expect(await temporary.database.kysely.selectFrom("wf_traffic").selectAll().execute()).toEqual([]);
});

test("only what changed is kept", async () => {
  await addServers(2);
  const { one, book, servers } = await start();
  one(1).traffic.count(1, 1);
  await book.keep(servers.list());
  expect((await temporary.database.kysely.selectFrom("wf_traffic").select("server_id").execute()).map((row) => row.server_id)).toEqual([1]);
});

/** Killed at every step of what writes: the next process goes on, and the sum is what the host moved. */
test.each([
  ["before anything was written", async () => undefined, 0n],
  [
    "while counters were kept, before the commit",
    async (run: Run) => (await start(broken(temporary.database, false))).book.keep([run.one(1)]),
    0n,
  ],
  [
    "while counters were kept, after the commit",
    async (run: Run) => (await start(broken(temporary.database, true))).book.keep([run.one(1)]),
    0n,
  ],
  [
    "while traffic was booked, before the commit",
    async (run: Run) => (await start(broken(temporary.database, false))).book.book([run.one(1)], NOON),
    0n,
  ],
  [
    "while traffic was booked, after the commit",
    async (run: Run) => (await start(broken(temporary.database, true))).book.book([run.one(1)], NOON),
    30n,
  ],
] as const)("killed %s", async (_case, write, already) => {
  await addServers(1);
  const first = await start();
  first.one(1).applyHost(hostWith({ bootTime: 1000 }), "first");
  first.one(1).traffic.count(100, 100);
  await first.book.keep(first.servers.list());
  first.one(1).traffic.count(130, 130);
  await write(first)?.catch((error: Error) => expect(error.message).toBe("power cut"));
  expect((await booked()).in).toBe(already);
  const second = await start();
  second.one(1).applyHost(hostWith({ bootTime: 1001 }), "first");
  second.one(1).traffic.count(150, 170);
  await second.book.book(second.servers.list(), NOON);
  expect(await booked()).toEqual({ in: 50n, out: 70n });
});

test("rows of an hour, and of a graceful stop, are dated by the hour that the zone's clocks show", async () => {
  await addServers(1);
  const { one } = await start();
  const ledger = createTraffic(temporary.database, "Asia/Kolkata");
  for (const [bytes, time] of [
    [100, "2026-01-01T12:30:00Z"],
    [110, "2026-01-01T13:29:59Z"],
    [120, "2026-01-01T13:30:00Z"],
    [130, "2026-01-01T13:31:17.5Z"],
  ] as const) {
    one(1).traffic.count(bytes, 0);
    await ledger.bookHour([one(1)], Date.parse(time));
  }
  const rows = await temporary.database.kysely.selectFrom("transfers").select(["created_at", "in"]).execute();
  expect(rows.map((row) => [readTime(row.created_at).epochMs, row.in])).toEqual([
    [Date.parse("2026-01-01T12:30:00Z"), 10],
    [Date.parse("2026-01-01T13:30:00Z"), 10],
    [Date.parse("2026-01-01T13:30:00Z"), 10],
  ]);
});

test("a booking that fails is made up for by the next", async () => {
  await addServers(1);
  const { one, book } = await start();
  one(1).traffic.count(100, 100);
  one(1).traffic.count(130, 130);
  const failing = createTraffic(broken(temporary.database, false));
  await expect(failing.book([one(1)], NOON)).rejects.toThrow("power cut");
  one(1).traffic.count(131, 130);
  await book.book([one(1)], NOON);
  expect(await booked()).toEqual({ in: 31n, out: 30n });
});

test("after somebody else wrote traffic the counters begin anew, what was taken in before is still booked", async () => {
  await addServers(1);
  const first = await start();
  first.one(1).traffic.count(100, 100);
  first.one(1).traffic.count(110, 100);
  await first.book.book(first.servers.list(), NOON);
  first.one(1).traffic.count(115, 100);
  await first.book.keep(first.servers.list());
  await statement(
    temporary.database,
    `INSERT INTO transfers (created_at, user_id, server_id, "in", "out") VALUES ('2026-01-01 13:00:00+00:00', 0, 1, 50, 0)`,
  ).run();
  await statement(temporary.database, 'DELETE FROM transfers WHERE "in" = 50').run();
  const second = await start();
  second.one(1).traffic.count(165, 100);
  second.one(1).traffic.count(167, 100);
  await second.book.book(second.servers.list(), NOON);
  expect((await booked()).in).toBe(10n + 5n + 2n);
  const third = await start();
  third.one(1).traffic.count(170, 100);
  await third.book.book(third.servers.list(), NOON);
  expect((await booked()).in).toBe(10n + 5n + 2n + 3n);
});

test("a damaged record counts for nothing and stops nothing", async () => {
  await addServers(1);
  await statement(temporary.database, "INSERT INTO wf_traffic VALUES (1, 5, 'x', '-3', '99999999999999999999', '7')").run();
  const { one } = await start();
  expect(one(1).traffic.record()).toEqual({ bootTime: 5, seen: { in: 0, out: 0 }, unbooked: { in: 0, out: 7 } });
});

type Deed = { readonly kind: "report"; readonly bytes: number } | { readonly kind: "book" | "keep" | "kill" | "fail" };

test("whatever happens to this program while a host runs, its traffic is booked once", async () => {
  const deed = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("report" as const), bytes: fc.nat(1000) }) },
    fc.record({ kind: fc.constantFrom("book", "keep", "kill", "fail") }),
  ) as fc.Arbitrary<Deed>;
  await addServers(1);
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 25 }), async (deeds) => {
      await statement(temporary.database, "DELETE FROM transfers").run();
      await statement(temporary.database, "DELETE FROM wf_traffic").run();
      let run = await start();
      let [counter, moved] = [5000, 0];
      const report = (): void => {
        run.one(1).applyHost(hostWith({ bootTime: 1000 }), run.one(1).host ? "updated" : "first");
        run.one(1).traffic.count(counter, 0);
      };
      report();
      await run.book.keep(run.servers.list());
      for (const step of deeds) {
        if (step.kind === "report") {
          counter += step.bytes;
          moved += step.bytes;
          report();
        } else if (step.kind === "book") await run.book.book(run.servers.list(), NOON);
        else if (step.kind === "keep") await run.book.keep(run.servers.list());
        else if (step.kind === "kill") run = await start();
        else
          await createTraffic(broken(temporary.database, false))
            .book(run.servers.list(), NOON)
            .catch(() => undefined);
      }
      report();
      await run.book.book(run.servers.list(), NOON);
      expect((await booked()).in).toBe(BigInt(moved));
    }),
    { numRuns: 60 },
  );
});
