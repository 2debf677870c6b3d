import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createFakeClock, unusedPort } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Database } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import { openDashboardBench } from "./compose/testing/index.ts";
import type { DashboardBench } from "./compose/testing/index.ts";

const STEP_MS = 250;
const EVERY_SECONDS = 5;
const START = Date.UTC(2026, 4, 1, 12);
const JSON_TYPE = { "content-type": "application/json" };

interface Process {
  readonly clock: FakeClock;
  readonly bench: DashboardBench;
}

/** Somebody who is told. */
async function openReceiver(): Promise<{ readonly port: number; readonly told: string[] }> {
  const told: string[] = [];
  const server = createServer((request, response) => {
    told.push(String(request.url));
    response.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, told };
}

async function startProcess(replica: string, database: Database, port: number): Promise<Process> {
  const clock = createFakeClock(START);
  const config = `outbound_allow: ["127.0.0.1:${port}"]\n`;
  const bench = await openDashboardBench({ clock, config, port: await unusedPort(), among: { replica, database } });
  await bench.dashboard.start();
  await clock.advanceAsync(0);
  return { clock, bench };
}

/** A task that runs every few seconds on a server that is away, which a channel is told of each time. */
async function plan({ bench }: Process, port: number): Promise<void> {
  const headers = { ...(await bench.signIn("admin", "admin-password")), ...JSON_TYPE };
  const make = async (path: string, form: object): Promise<number> => {
    const { data, error } = await bench.call("POST", `/api/v1/${path}`, headers, form);
    expect([path, error]).toEqual([path, ""]);
    return Number(data);
  };
  const url = `http://127.0.0.1:${port}/told`;
  const channel = await make("notification", { name: "n", url, request_method: 1, request_type: 1, verify_tls: false, skip_check: true });
  const group = await make("notification-group", { name: "g", notifications: [channel] });
  const scheduler = `*/${EVERY_SECONDS} * * * * *`;
  await make("cron", { name: "c", task_type: 0, scheduler, command: "true", servers: [1], cover: 0, notification_group_id: group });
}

const runsIn = ({ kysely }: Database): Promise<{ cause: string; started_at: number }[]> =>
  kysely.selectFrom("wf_cron_runs").select(["cause", "started_at"]).orderBy("id").execute();
const causesOf = (runs: readonly { cause: string }[]): string[] => runs.map(({ cause }) => cause);
const holderIn = async ({ kysely }: Database): Promise<string | undefined> =>
  (await kysely.selectFrom("wf_leases").select("holder").executeTakeFirst())?.holder;

async function pass(ms: number, processes: readonly Process[]): Promise<void> {
  for (let left = ms; left > 0; left -= STEP_MS) for (const { clock } of processes) await clock.advanceAsync(STEP_MS);
}

test("of two dashboards on one database one judges, the other goes on where it was killed, and it does nothing when it wakes up", async () => {
  const { port, told } = await openReceiver();
  const { database, remove } = await openTemporaryDatabase({ clock: createFakeClock(START) });
  await database.kysely
    .insertInto("servers")
    .values({ id: 1, user_id: 1, name: "away", uuid: "00000000-0000-4000-8000-000000000001" })
    .execute();
  const first = await startProcess("a", database, port);
  const second = await startProcess("b", database, port);
  await plan(first, port);
  // What the judge sends, the other may have been asked for.
  await vi.waitFor(async () => expect(await database.kysely.selectFrom("crons").select("id").execute()).toHaveLength(1));
  await pass(19_000, [first, second]);
  expect(await holderIn(database)).toBe("a");
  expect(causesOf(await runsIn(database))).toEqual(["schedule", "schedule", "schedule"]);

  // A second before the next one is due.
  await pass(5_000, [second]);
  expect(await holderIn(database)).toBe("b");
  await pass(17_000, [second]);
  const after = await runsIn(database);
  // What was due while nobody judged is noted, and not made up for.
  expect(causesOf(after)).toEqual([
    ...Array.from({ length: 3 }, () => "schedule"),
    "missed",
    ...Array.from({ length: 4 }, () => "schedule"),
  ]);
  // By its own clock only a second has passed: as far as it knows it holds the lease, and its schedule comes up.
  await pass(1_250, [first]);
  expect(await runsIn(database)).toEqual(after);
  await pass(1_000, [first, second]);
  expect(await holderIn(database)).toBe("b");
  expect(await runsIn(database)).toEqual(after);

  const begun = after.filter(({ cause }) => cause === "schedule");
  expect(new Set(begun.map(({ started_at: at }) => Math.floor(at / 1_000))).size).toBe(begun.length);
  await vi.waitFor(async () => {
    await pass(STEP_MS, [second]);
    expect(told.length).toBeGreaterThanOrEqual(begun.length);
  });
  expect(told).toHaveLength(begun.length);
  for (const { bench } of [second, first]) await bench.close();
  await remove();
}, 60_000);
