import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createCalendar } from "./calendar.ts";
import { createServiceHalves } from "./halves.ts";
import type { ServiceHalves } from "./halves.ts";

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 2, 10, 12);
const utc = createCalendar("UTC");
const today = utc.dayOf(NOON);

let temporary: TemporaryDatabase;
let clock: FakeClock;
let halves: ServiceHalves;
beforeAll(async () => {
  temporary = await openTemporaryDatabase();
  await temporary.database.kysely
    .insertInto("services")
    .values([1, 2].map((id) => ({ id, user_id: 1, name: `s${id}` })))
    .execute();
});
afterAll(() => temporary.remove());
beforeEach(async () => {
  await temporary.database.kysely.deleteFrom("wf_service_halves").execute();
  clock = createFakeClock(NOON);
  halves = createServiceHalves({ database: temporary.database, now: clock.now });
});

const at = (moment: number, successful: boolean, planned = false): void => {
  clock.jump(moment - clock.now());
  halves.count(1, { successful, planned });
};

test("a result belongs to the day of the zone that asks", async () => {
  at(Date.UTC(2026, 2, 10, 22, 40), false);
  at(Date.UTC(2026, 2, 10, 23, 10), true);
  await halves.store();
  const of = async (zone: string) =>
    (await halves.days([1, 2], createCalendar(zone), { first: today - 1, last: today + 1 })).map(({ day, up, down }) => [
      day - today,
      up,
      down,
    ]);
  expect(await of("UTC")).toEqual([[0, 1, 1]]);
  expect(await of("Europe/Berlin")).toEqual([
    [0, 0, 1],
    [1, 1, 0],
  ]);
  expect(await of("Asia/Tokyo")).toEqual([[1, 1, 1]]);
  // Days of Nepal begin at 18:15 UTC; the half hour beside it counts as the earlier day or the later one, whole.
  at(Date.UTC(2026, 2, 10, 18, 20), true);
  at(Date.UTC(2026, 2, 10, 18, 40), true);
  await halves.store();
  expect(await of("Asia/Kathmandu")).toEqual([
    [0, 1, 0],
    [1, 2, 1],
  ]);
});

test("planned work is kept apart, and what is counted after a restart or an earlier clock is added", async () => {
  at(NOON, true);
  at(NOON, false, true);
  await halves.store();
  halves = createServiceHalves({ database: temporary.database, now: clock.now });
  at(NOON + DAY_MS, true);
  await halves.store();
  at(NOON, true);
  await halves.store();
  const days = await halves.days([1], utc, { first: today, last: today + 1 });
  expect(days).toEqual([
    { serviceId: 1, day: today, up: 2, down: 0, plannedUp: 0, plannedDown: 1 },
    { serviceId: 1, day: today + 1, up: 1, down: 0, plannedUp: 0, plannedDown: 0 },
  ]);
  expect(await halves.sums([1], { from: NOON - DAY_MS, to: NOON + DAY_MS })).toMatchObject(new Map([[1, { up: 2, down: 0 }]]));
});

test("what cannot be stored now is stored later, and services that are gone leave nothing", async () => {
  let isFull = true;
  const { database } = temporary;
  halves = createServiceHalves({
    now: clock.now,
    database: {
      kysely: database.kysely,
      transaction: (verb) => (isFull ? Promise.reject(new Error("full")) : database.transaction(verb)),
    },
  });
  halves.count(1, { successful: true });
  halves.count(9, { successful: true });
  await expect(halves.store()).rejects.toThrow("full");
  halves.count(1, { successful: false });
  isFull = false;
  await halves.store();
  expect(await halves.sums([1, 9], { from: 0, to: NOON + DAY_MS })).toMatchObject(new Map([[1, { up: 1, down: 1 }]]));
  await database.transaction((tx) => halves.delete(tx, [1]));
  clock.jump(200 * DAY_MS);
  await halves.prune();
  expect(await database.kysely.selectFrom("wf_service_halves").selectAll().execute()).toEqual([]);
});

test("days of any zone add up to what was counted", async () => {
  const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Chatham");
  const results = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 * 48 }), fc.boolean(), fc.boolean()), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(zones, results, async (zone, list) => {
      await temporary.database.kysely.deleteFrom("wf_service_halves").execute();
      for (const [half, successful, planned] of list) at(NOON + half * 1_800_000, successful, planned);
      await halves.store();
      const calendar = createCalendar(zone);
      const days = await halves.days([1], calendar, { first: today - 1, last: today + 9 });
      const sum = (of: (day: (typeof days)[number]) => number): number => days.reduce((total, day) => total + of(day), 0);
      const having = (good: boolean, work: boolean): number => list.filter(([, is, planned]) => is === good && planned === work).length;
      expect([sum((d) => d.up), sum((d) => d.down), sum((d) => d.plannedUp), sum((d) => d.plannedDown)]).toEqual([
        having(true, false),
        having(false, false),
        having(true, true),
        having(false, true),
      ]);
    }),
    { numRuns: 40 },
  );
});

test("results of services together come by the hour, without those of planned work and of times before", async () => {
  at(NOON - 2 * 3_600_000 - 1, false);
  at(NOON - 2 * 3_600_000, true);
  at(NOON - 1, false);
  at(NOON - 1, false, true);
  at(NOON, true);
  halves.count(2, { successful: true });
  await halves.store();
  const starts = [2, 1, 0].map((hours) => NOON - hours * 3_600_000);
  expect(await halves.course([1, 2], starts)).toEqual([
    { up: 1, down: 0 },
    { up: 0, down: 1 },
    { up: 2, down: 0 },
  ]);
  expect(await halves.course([], starts)).toEqual(starts.map(() => ({ up: 0, down: 0 })));
});
