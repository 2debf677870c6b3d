import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock, startVictoriaMetrics } from "@windfire/testkit";
import type { VictoriaMetricsServer } from "@windfire/testkit";
import { nodeDisk, openStore } from "@windfire/tsdb";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { FAMILIES, PROBE_FAMILY, probeKey, SERVER_FAMILY } from "../columns.ts";
import { createHistory, moveHistory } from "../index.ts";
import type { History, MovedFamily, MovedHistory } from "../index.ts";
import { all, report, START } from "../testing/history-under-test.ts";
import { pointsText } from "../testing/points-text.ts";
import { createVictoriaBench } from "../victoria/testing/victoria-bench.ts";

const DAY_MS = 86_400_000;
const STEP_MS = 10 * 60_000;
const DAYS = 3;
const ROWS = (DAYS * DAY_MS) / STEP_MS;

let server: VictoriaMetricsServer;
let folder: string;
let installations = 0;
let installation: string;
beforeAll(async () => void (server = await startVictoriaMetrics()));
afterAll(() => server.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-move-"));
  installation = `moved-${++installations}`;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const now = START + 60_000;
const move = (options: { isDryRun?: boolean; url?: string; now?: number; onProgress?: () => void } = {}): Promise<MovedHistory> =>
  moveHistory({
    folder,
    address: { url: options.url ?? server.url, authorization: "" },
    installation,
    isDryRun: options.isDryRun ?? false,
    now: options.now ?? now,
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  });
const sums = ({ families }: MovedHistory): Record<string, Omit<MovedFamily, "name">> =>
  Object.fromEntries(families.map(({ name, ...counts }) => [name, counts]));
const none = { groups: 0, rows: 0, there: 0, tooOld: 0, sent: 0, different: 0 };

/** Three days of two servers, of which the first probes a service and was away for a while. */
async function fill(): Promise<History> {
  const clock = createFakeClock(START - DAYS * DAY_MS);
  const limits = { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 };
  const history = createHistory({ clock, log: { error: (text) => expect.unreachable(text) }, directory: folder, limits, enabled: true });
  for (let row = 0; row < ROWS; row++) {
    const at = clock.now();
    for (const id of [1, 2]) history.recordServer(id, at, report({ cpu: (row % 90) + id / 4, memory: 2 ** 33 + row, uptime: row }));
    const isUp = row % 9 !== 0;
    history.recordProbe(5, 1, at, 20 + (row % 7), isUp, { loss: isUp ? 0 : 1, jitter: isUp ? 2 : undefined });
    if (row % 50 === 0) await history.flush();
    clock.advance(STEP_MS);
  }
  const late = [1, 2].flatMap((minute) => [START - DAY_MS + minute * 60_000, ...report({ cpu: minute })]);
  await history.recordLate(1, Float64Array.from(late));
  await history.flush();
  return history;
}

test("everything is there afterwards as it was, is sent once however often it is moved, and nothing by a dry run", async () => {
  const embedded = await fill();
  await embedded.close();
  const wanted = {
    server: { ...none, groups: 2, rows: 2 * ROWS + 2 },
    late: { ...none, groups: 1, rows: 2 },
    probe: { ...none, groups: 1, rows: ROWS },
  };
  const sentBy = (line: Omit<MovedFamily, "name">) => ({ ...line, sent: line.rows });
  const thereBy = (line: Omit<MovedFamily, "name">) => ({ ...line, there: line.rows });
  const each = (of: (line: Omit<MovedFamily, "name">) => Omit<MovedFamily, "name">) =>
    Object.fromEntries(Object.entries(wanted).map(([name, line]) => [name, of(line)]));

  expect(sums(await move({ isDryRun: true }))).toEqual(each(sentBy));
  expect(await server.exported(`{__name__!="",installation="${installation}"}`)).toEqual([]);
  expect(sums(await move())).toEqual(each(sentBy));
  expect(sums(await move())).toEqual(each(thereBy));

  const bench = createVictoriaBench(now, installation);
  const clock = createFakeClock(now);
  const limits = { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 };
  const before = createHistory({ clock, log: { error: (text) => expect.unreachable(text) }, directory: folder, limits, enabled: true });
  try {
    const after = await bench.open({ url: server.url });
    for (const id of [1, 2]) {
      const series = (history: History) => history.serverSeries(id, ["cpu", "memory", "uptime"], START - DAYS * DAY_MS, now);
      expect((await series(after)).starts.length).toBeGreaterThan(ROWS - 2);
      expect(await series(after)).toEqual(await series(before));
    }
    for (const history of [before, after]) {
      const [seen] = await all(history.serviceHistory(5, [1, 2], "7d", now));
      expect(seen).toMatchObject({ serverId: 1, totalUp: (ROWS * 8) / 9, totalDown: ROWS / 9 });
    }
    const points = (history: History) => pointsText(history.serverMetricPoints(2, "uptime", "1d", now));
    expect(await points(after)).toBe(await points(before));
    expect(await after.coverage(1, START - 2 * DAY_MS, now, now)).toEqual(await before.coverage(1, START - 2 * DAY_MS, now, now));
  } finally {
    await before.close();
    await bench.remove();
  }
});

test("a move that was broken off is finished by the next one, which sends only what is missing", async () => {
  await (await fill()).close();
  let parts = 0;
  const broken = move({
    onProgress: () => {
      if (++parts === 3) throw new Error("somebody pressed Ctrl-C");
    },
  });
  await expect(broken).rejects.toThrow("Ctrl-C");
  const { server: servers, probe } = sums(await move());
  expect(servers).toMatchObject({ rows: 2 * ROWS + 2, different: 0 });
  expect(servers?.there).toBeGreaterThan(0);
  expect(servers?.sent).toBeGreaterThan(0);
  expect((servers?.there ?? 0) + (servers?.sent ?? 0)).toBe(2 * ROWS + 2);
  expect(probe).toMatchObject({ sent: ROWS });
  const [series] = await server.exported(`{__name__="windfire_server_cpu",installation="${installation}",server="2"}`);
  expect(series?.timestamps).toHaveLength(ROWS);
});

test("a point of a half minute that somebody else has written stays, and is not counted as a difference", async () => {
  await (await fill()).close();
  const bench = createVictoriaBench(START - DAY_MS, installation);
  const writer = await bench.open({ url: server.url });
  writer.recordServer(2, START - DAY_MS, report({ cpu: 77 }));
  await writer.close();
  await bench.remove();
  await server.settle();
  expect(sums(await move())["server"]).toEqual({ ...none, groups: 2, rows: 2 * ROWS + 2, there: 1, sent: 2 * ROWS + 1 });
});

test("what the place does not keep stays in the folder, and is said", async () => {
  await (await fill()).close();
  const short = await startVictoriaMetrics(["-retentionPeriod=2d"]);
  try {
    const moved = await move({ url: short.url, isDryRun: true });
    expect(moved.retentionDays).toBe(2);
    expect(sums(moved)["probe"]).toEqual({ ...none, groups: 1, rows: ROWS, tooOld: ROWS - 72, sent: 72 });
  } finally {
    await short.remove();
  }
});

test("years, of which only roll-ups are left, are moved with their sums and means", async () => {
  const days = 40;
  const clock = createFakeClock(START);
  const limits = { rawDays: 2, fiveMinuteDays: 20, hourDays: 3_660, sizeBudgetBytes: 2 ** 30, minFreeBytes: 0 };
  const store = await openStore({ folder, families: FAMILIES, limits, disk: nodeDisk, clock });
  for (let day = 0; day < days; day++) {
    for (let slot = 0; slot < 20; slot++) {
      const at = clock.now() + slot * 30_000;
      store.append(PROBE_FAMILY, probeKey(5, 1), at, [10 + slot, slot === 0 ? 0 : 1, slot === 0 ? 1 : 0, slot === 0 ? 1 : 0, 2]);
      store.append(SERVER_FAMILY, 1, at, report({ cpu: day, uptime: day }));
    }
    clock.advance(DAY_MS);
    await store.maintain();
  }
  await store.flush();
  expect(store.pointsFrom()).toBeGreaterThan(START + 30 * DAY_MS);
  await store.close();
  const moved = sums(await move({ now: clock.now() }));
  expect(moved["probe"]).toMatchObject({ there: 0, tooOld: 0, different: 0 });
  expect(moved["probe"]?.rows).toBeLessThan(20 * days);
  const bench = createVictoriaBench(clock.now(), installation);
  try {
    const after = await bench.open({ url: server.url });
    const [seen] = await all(after.serviceHistory(5, [1], "90d", clock.now(), true));
    expect(seen).toMatchObject({ totalUp: 19 * days, totalDown: days });
    expect(seen?.avgDelay).toBeCloseTo(20, 0);
  } finally {
    await bench.remove();
  }
});
