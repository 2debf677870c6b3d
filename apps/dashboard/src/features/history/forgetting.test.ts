import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createOutbox } from "#platform/outbox";
import { createForgetting, createHistory } from "./index.ts";
import type { History } from "./index.ts";
import { all, report, START } from "./testing/history-under-test.ts";
import { pointsText } from "./testing/points-text.ts";

const clock = createFakeClock(START);
let temporary: TemporaryDatabase;
let folder: string;
let history: History;

const open = (): History =>
  createHistory({
    clock,
    log: { error: (text) => expect.unreachable(text) },
    directory: folder,
    limits: { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 },
    enabled: true,
  });
/** What a process has: an outbox of its own over the same database. */
const build = (drops: Pick<History, "dropServers" | "dropServices"> = history) => {
  const outbox = createOutbox({ clock, database: temporary.database, onError: (error) => expect.unreachable(String(error)) });
  return { outbox, forgetting: createForgetting({ outbox, history: drops }) };
};
const isKept = async (serverId: number): Promise<boolean> =>
  (await pointsText(history.serverMetricPoints(serverId, "cpu", "1d", START + 1_000))) !== "[]";
const probes = async (serviceId: number): Promise<number[]> =>
  (await all(history.serviceHistory(serviceId, [1, 2, 3], "1d", START + 1_000))).map(({ serverId }) => serverId);

beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
  folder = await mkdtemp(join(tmpdir(), "windfire-forgetting-"));
  history = open();
  for (const server of [1, 2, 3]) history.recordServer(server, START, report({ cpu: server }));
  for (const service of [5, 6]) for (const server of [1, 2, 3]) history.recordProbe(service, server, START, 3, true);
});
afterEach(async () => {
  await history.close();
  await temporary.remove();
  await rm(folder, { recursive: true, force: true });
});

test("what was deleted just before the process ended is forgotten by the next one; nothing else is", async () => {
  const { forgetting } = build();
  await temporary.database.change(async (tx, changes) => {
    await forgetting.servers(tx, [1, 3], changes);
    await forgetting.services(tx, [6], changes);
  });
  expect(await isKept(1)).toBe(true);
  await history.close();
  history = open();
  const { outbox } = build();
  await outbox.start();
  await vi.waitFor(async () => expect((await outbox.stats()).waiting).toBe(0), { timeout: 5_000 });
  await outbox.stop();
  expect([await isKept(1), await isKept(2), await isKept(3)]).toEqual([false, true, false]);
  expect([await probes(5), await probes(6)]).toEqual([[2], []]);
});

test("a deletion that did not come about forgets nothing", async () => {
  const { outbox, forgetting } = build();
  await outbox.start();
  const failing = temporary.database.change(async (tx, changes) => {
    await forgetting.servers(tx, [1], changes);
    throw new Error("undone");
  });
  await expect(failing).rejects.toThrow("undone");
  expect((await outbox.stats()).waiting).toBe(0);
  await outbox.stop();
  expect(await isKept(1)).toBe(true);
});

test("what cannot be forgotten now is tried until it is; many go in several messages", async () => {
  const forgotten: number[] = [];
  let attempts = 0;
  const { outbox, forgetting } = build({
    async dropServers(ids) {
      if (++attempts < 3) throw new Error("history: the thread has ended");
      forgotten.push(...ids);
    },
    dropServices: async () => undefined,
  });
  await outbox.start();
  const ids = Array.from({ length: 700 }, (_, index) => index + 1);
  await temporary.database.change((tx, changes) => forgetting.servers(tx, ids, changes));
  await vi.waitFor(async () => {
    clock.advance(1_000);
    expect((await outbox.stats()).waiting).toBe(0);
  });
  await outbox.stop();
  expect(forgotten.toSorted((a, b) => a - b)).toEqual(ids);
  expect(attempts).toBe(4);
});
