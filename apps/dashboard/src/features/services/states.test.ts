import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createScheduler } from "#platform/scheduler";
import { FIRST_STATE, HEALTH } from "./engine.ts";
import { createProbeStates } from "./states.ts";
import type { KnownState } from "./states.ts";

let temporary: TemporaryDatabase;
let clock: ReturnType<typeof createFakeClock>;
const open = () =>
  createProbeStates({
    clock,
    database: temporary.database,
    scheduler: createScheduler({ clock, location: "UTC", log: { warn: () => undefined, error: (text) => expect.unreachable(text) } }),
    isKnown: () => true,
    onError: (error) => expect.unreachable(String(error)),
  });
const known = (health: KnownState["state"]["health"], epoch: number): KnownState => ({
  state: { ...FIRST_STATE, health, epoch },
  window: [],
  vantages: [],
});

beforeEach(async () => {
  clock = createFakeClock();
  temporary = await openTemporaryDatabase({ clock });
});
afterEach(() => temporary.remove());

test("what was to be kept before a change is not written over it", async () => {
  const states = open();
  states.touch(1, () => known(HEALTH.good, 5));
  states.change(1, known(HEALTH.down, 6), { follow: async () => undefined, startsTasks: false });
  await clock.advanceAsync(60_000);
  expect((await open().load()).get(1)?.state).toMatchObject({ health: HEALTH.down, epoch: 6 });
  await states.stop();
});
