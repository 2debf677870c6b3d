import { startNatsServer, startPostgres } from "@windfire/testkit";
import type { NatsServer, PostgresServer } from "@windfire/testkit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openReplicas } from "./compose/testing/replica-set.ts";
import type { TestReplica, TestReplicas } from "./compose/testing/replica-set.ts";

/** Two dashboards in processes of their own, which are paused and killed. */
const within = { timeout: 30_000, interval: 100 };
let nats: NatsServer;
let postgres: PostgresServer;
let set: TestReplicas;
let a: TestReplica;
let b: TestReplica;

beforeAll(async () => {
  nats = await startNatsServer();
  postgres = await startPostgres();
  const database = await postgres.createDatabase("replicas");
  set = await openReplicas({ bus: `nats://127.0.0.1:${nats.port}`, database, count: 2, servers: 2, beside: true });
  const [first, second] = set.replicas;
  if (!first || !second) throw new Error("there are not two");
  [a, b] = [first, second];
}, 120_000);
afterAll(async () => {
  await set.close();
  await nats.stop();
  await postgres.remove();
});

const cpuAt = async (replica: TestReplica, id: number): Promise<number | undefined> =>
  ((await replica.call("GET", "/server")) as { id: number; state: { cpu?: number } }[]).find((server) => server.id === id)?.state.cpu;
const upgraded = (replica: TestReplica, id: number): Promise<unknown> => replica.call("POST", "/force-update/server", [id]);

test("a dashboard that stood still finds its agent elsewhere when it goes on, and leaves it there", async () => {
  const before = a.agent(1);
  await before.connect();
  await before.report({ cpu: 1 });
  await vi.waitFor(async () => expect(await cpuAt(b, 1)).toBe(1), within);
  a.pause();
  try {
    await vi.waitFor(async () => expect(await upgraded(b, 1)).toEqual({ offline: [1] }), within);
    const after = b.agent(1);
    await after.connect();
    await after.report({ cpu: 2 });
    expect(await upgraded(b, 1)).toEqual({ success: [1] });
    a.goOn();
    await expect(before.nextTask()).rejects.toThrow("superseded");
    await vi.waitFor(async () => expect(await cpuAt(a, 1)).toBe(2), within);
    expect(await upgraded(a, 1)).toEqual({ success: [1] });
    await after.report({ cpu: 3 });
    await vi.waitFor(async () => expect([await cpuAt(a, 1), await cpuAt(b, 1)]).toEqual([3, 3]), within);
  } finally {
    a.goOn();
  }
});

test("the agents of one that is killed come to the other, and are seen there as they were", async () => {
  const before = a.agent(2);
  await before.connect();
  await before.report({ cpu: 4 });
  await vi.waitFor(async () => expect(await cpuAt(b, 2)).toBe(4), within);
  await a.stop();
  expect(await cpuAt(b, 2)).toBe(4);
  const after = b.agent(2);
  await after.connect();
  await after.report({ cpu: 5 });
  expect(await cpuAt(b, 2)).toBe(5);
  expect(await upgraded(b, 2)).toEqual({ success: [2] });
});
