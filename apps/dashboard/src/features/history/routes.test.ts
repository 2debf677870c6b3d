import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createServerDirectory } from "#features/servers";
import { testSettings } from "#features/servers/testing";
import type { Caller } from "#kernel";
import { createRouteCaller } from "#platform/http/testing";
import { createHistory, historyRoutes } from "./index.ts";
import type { History } from "./index.ts";
import { report, START as AROUND } from "./testing/history-under-test.ts";

const MINUTE_MS = 60_000;
const START = Math.ceil(AROUND / MINUTE_MS) * MINUTE_MS;
const guest: Caller = { kind: "guest" };

let folder: string;
let history: History;
let clock: FakeClock;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-history-routes-"));
  clock = createFakeClock(START);
  const limits = { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 };
  history = createHistory({ clock, log: { error: (text) => expect.unreachable(text) }, directory: folder, limits, enabled: true });
});
afterEach(async () => {
  await history.close();
  await rm(folder, { recursive: true, force: true });
});

function open(lateFrom: number) {
  const server = { ...testSettings, createdAt: new Date(START).toISOString() };
  const servers = createServerDirectory([server]);
  return createRouteCaller(historyRoutes({ history, servers, now: clock.now, lateFrom: () => lateFrom }));
}

test("an answer says how complete it is when that is asked for, since the server was made; else it is what it always was", async () => {
  const call = open(START + 3 * MINUTE_MS);
  history.recordServer(1, START, report({ cpu: 5 }));
  history.recordServer(1, START + MINUTE_MS / 2, report({ cpu: 5 }));
  clock.advance(4 * MINUTE_MS + 1_000);
  await history.recordLate(1, Float64Array.from([START + 2 * MINUTE_MS, ...report({ cpu: 7 })]));
  const span = (from: number, to: number, state: string) => ({ from: START + from * MINUTE_MS, to: START + to * MINUTE_MS, state });
  expect(await call(guest, "GET /server/1/metrics?metric=cpu&coverage=true")).toMatchObject({
    data: {
      data_points: [{ value: 5 }, { value: 5 }, { ts: START + 2 * MINUTE_MS, value: 7 }],
      coverage: {
        from: START,
        to: START + 4 * MINUTE_MS,
        spans: [span(1, 2, "lost"), span(2, 2.5, "late"), span(2.5, 3, "lost"), span(3, 4, "expected")],
      },
    },
  });
  for (const query of ["metric=cpu", "metric=cpu&coverage=false"]) {
    const answer = await call(guest, `GET /server/1/metrics?${query}`);
    expect("data" in answer && Object.keys(answer.data as object)).toEqual(["server_id", "server_name", "metric", "data_points"]);
  }
});
