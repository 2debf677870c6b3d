import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createLoneLease } from "#platform/leases";
import { createPlannedTime } from "./planned-time.ts";
import type { PlannedTimeDeps } from "./planned-time.ts";

const MINUTE_MS = 60_000;

let temporary: TemporaryDatabase;
const clock = createFakeClock(Date.UTC(2026, 2, 10, 12));
beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
});
afterEach(() => temporary.remove());

test("a server that joins a group during planned work was not worked on before", async () => {
  const begin = clock.now();
  const whole = { from: begin, to: begin + 60 * MINUTE_MS };
  const members = [1];
  const window = { id: 1, enable: true, serverIds: [], serviceIds: [], groupIds: [4], updatedAt: begin - MINUTE_MS };
  const open = () =>
    createPlannedTime({
      judge: createLoneLease(temporary.database),
      database: temporary.database,
      now: clock.now,
      windows: { list: () => [window] as unknown as ReturnType<PlannedTimeDeps["windows"]["list"]> },
      plans: { runOf: () => whole },
      serversOf: () => members,
    });
  const planned = open();
  await planned.look();
  clock.advance(20 * MINUTE_MS);
  members.push(2);
  await planned.look();
  clock.advance(10 * MINUTE_MS);
  members.push(3);
  const again = open();
  await again.look();
  const joinedAt = (minutes: number) => [{ from: begin + minutes * MINUTE_MS, to: whole.to }];
  expect([...(await again.ofServers([1, 2, 3], whole))]).toEqual([
    [1, joinedAt(0)],
    [2, joinedAt(20)],
    [3, joinedAt(30)],
  ]);
});
