import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createLedger } from "./ledger.ts";
import { createServiceHealth } from "./service-health.ts";
import type { BookedHealth, Booking } from "./service-health.ts";
import { incidentStore } from "./store.ts";

let temporary: TemporaryDatabase;
let snoozed: boolean;
/** What was told after it was held. */
let released: string[];
const clock = createFakeClock();
beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
  snoozed = false;
  released = [];
});
afterEach(() => temporary.remove());

const holdOf = (): string | undefined => (snoozed ? "snoozed" : undefined);
const none = async (): Promise<void> => undefined;
const ledger = createLedger({
  deliveries: { raise: none, clear: none, remind: none, move: none, dropEvents: none },
  holdOf,
  now: clock.now,
  tellHeldService: async (_tx, _changes, _id, { text }) => void released.push(text),
});
const health = createServiceHealth({ ledger, holdOf, now: clock.now });
const STATES: Record<"down" | "low" | "good", Pick<BookedHealth, "health" | "severity">> = {
  down: { health: "failing", severity: "critical" },
  low: { health: "failing", severity: "warning" },
  good: { health: "good", severity: "info" },
};
const book = (state: keyof typeof STATES): Promise<Booking> =>
  temporary.database.change((tx, changes) => health.book(tx, changes, { id: 1, ownerId: 2, name: "site", text: state, ...STATES[state] }));
const tells = async (state: keyof typeof STATES): Promise<boolean> => (await book(state)).mayTell;
/** As the look does that follows the end of a snooze. */
async function wake(): Promise<void> {
  snoozed = false;
  const pair = { source: "service", sourceId: 1, serverId: 0 } as const;
  await temporary.database.change(async (tx, changes) => {
    const incident = await incidentStore.openOf(tx, pair);
    if (incident && incident.held !== "") await ledger.release(tx, changes, incident);
  });
}

test("what a service became during a snooze is told after it to who knows what it was", async () => {
  expect(await tells("down")).toBe(true);
  snoozed = true;
  expect([await tells("down"), await tells("low")]).toEqual([false, false]);
  await wake();
  expect(released).toEqual(["low"]);
  expect(await tells("good")).toBe(true);
});

test("nothing is told after a snooze in which nothing changed", async () => {
  await book("down");
  snoozed = true;
  await book("down");
  await wake();
  expect(released).toEqual([]);
});

test("the end is told to who knew of the beginning, also while what it became is held", async () => {
  await book("down");
  snoozed = true;
  await book("low");
  expect(await tells("good")).toBe(true);
});

test("the end of what nobody knew is not told", async () => {
  snoozed = true;
  expect([await tells("down"), await tells("low"), await tells("good")]).toEqual([false, false, false]);
});
