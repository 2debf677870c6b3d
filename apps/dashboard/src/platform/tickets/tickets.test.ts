import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createSealing } from "#platform/sealing";
import { createLocalTickets } from "./local-tickets.ts";
import type { TicketOffice } from "./model.ts";
import { createSharedTickets } from "./shared-tickets.ts";

const KIND = { name: "test", lifeMs: 300_000, most: 10, mostOfHolder: 3 };
const sealing = createSealing(new Uint8Array(32).fill(7));
let temporary: TemporaryDatabase;
const clock = createFakeClock();
beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
});
afterEach(() => temporary.remove());

const shared = (): TicketOffice => createSharedTickets({ clock, database: temporary.database, sealing });

test.each<[string, () => TicketOffice]>([
  ["alone", () => createLocalTickets(clock)],
  ["among several", shared],
])("%s: a ticket works once, for what it fits, for a while", async (_where, office) => {
  const tickets = await office()<{ use: string }>(KIND);
  await tickets.put("key", { use: "this" });
  expect([tickets.has("key"), tickets.has("other")]).toEqual([true, false]);
  expect(await tickets.take("other", () => true)).toBeUndefined();
  expect(await tickets.take("key", ({ use }) => use === "that")).toBeUndefined();
  expect(await tickets.take("key", ({ use }) => use === "this")).toEqual({ use: "this" });
  expect(await tickets.take("key", () => true)).toBeUndefined();
  expect(tickets.has("key")).toBe(false);
  await tickets.put("late", { use: "this" });
  clock.advance(KIND.lifeMs + 1);
  expect([tickets.has("late"), await tickets.take("late", () => true)]).toEqual([false, undefined]);
});

test.each<[string, () => TicketOffice]>([
  ["alone", () => createLocalTickets(clock)],
  ["among several", shared],
])("%s: whoever floods pushes out the own ones, and all together are bounded", async (_where, office) => {
  const tickets = await office()<number>(KIND);
  const put = async (holder: string, count: number): Promise<void> => {
    for (let number = 1; number <= count; number++) {
      await tickets.put(`${holder} ${number}`, number, { holder });
      clock.advance(1);
    }
  };
  const left = (holder: string, count: number): number[] =>
    Array.from({ length: count }, (_none, at) => at + 1).filter((number) => tickets.has(`${holder} ${number}`));
  await put("a", 1);
  await put("b", 5);
  expect([left("a", 1), left("b", 5)]).toEqual([[1], [3, 4, 5]]);
  for (const holder of ["c", "d", "e"]) await put(holder, 3);
  expect(left("a", 1)).toEqual([]);
  expect(["b", "c", "d", "e"].flatMap((holder) => left(holder, 5))).toHaveLength(10);
});

test.each<[string, () => TicketOffice]>([
  ["alone", () => createLocalTickets(clock)],
  ["among several", shared],
])("%s: one more than there may be is refused where that is said, until one is used or over", async (_where, office) => {
  const tickets = await office()<number>({ ...KIND, name: "refused", most: 5, whenFull: "refused" });
  const put = (key: string, holder: string, lifeMs?: number): Promise<boolean> =>
    tickets.put(key, 1, { holder, ...(lifeMs === undefined ? {} : { lifeMs }) });
  expect(await Promise.all(["a1", "a2", "a3"].map((key) => put(key, "a")))).toEqual([true, true, true]);
  expect([await put("a4", "a"), tickets.has("a1"), tickets.has("a4")]).toEqual([false, true, false]);
  expect([await put("b1", "b", 1_000), await put("b2", "b"), await put("c1", "c")]).toEqual([true, true, false]);
  await tickets.take("a2", () => true);
  expect(await put("a4", "a")).toBe(true);
  clock.advance(1_001);
  expect([tickets.has("b1"), await put("c1", "c")]).toEqual([false, true]);
  expect([await tickets.clear(), tickets.has("a1"), await tickets.take("c1", () => true)]).toEqual([5, false, undefined]);
  expect(await put("a1", "a")).toBe(true);
});

test("what one process hands out works at another, once, and the rows tell nobody how", async () => {
  const [here, there] = [await shared()<string>(KIND), await shared()<string>(KIND)];
  await here.put("the key", "the value");
  expect(there.has("the key")).toBe(true);
  const taken = await Promise.all([here.take("the key", () => true), there.take("the key", () => true)]);
  expect(taken.filter((value) => value === "the value")).toHaveLength(1);
  await here.put("the key", "the value");
  expect(JSON.stringify(await temporary.database.kysely.selectFrom("wf_tickets").selectAll().execute())).not.toMatch(/the (key|value)/);
});
