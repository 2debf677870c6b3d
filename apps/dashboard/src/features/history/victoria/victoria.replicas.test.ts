import { startVictoriaMetrics } from "@windfire/testkit";
import type { VictoriaMetricsServer } from "@windfire/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { History } from "../index.ts";
import { all, report, START, whyRefused } from "../testing/history-under-test.ts";
import { pointsText } from "../testing/points-text.ts";
import { createVictoriaBench, type VictoriaBench } from "./testing/victoria-bench.ts";

const PATIENCE = { timeout: 20_000 };
const MINUTE_MS = 60_000;
/** All that is recorded lies in the past. */
const BASE = START - 3 * 3_600_000;
let server: VictoriaMetricsServer;
let bench: VictoriaBench;
let installations = 0;
let installation: string;
beforeAll(async () => void (server = await startVictoriaMetrics()));
afterAll(() => server.remove());
beforeEach(() => {
  installation = `faults-${++installations}`;
  bench = createVictoriaBench(START, installation);
});
afterEach(() => bench.remove());

const open = (options: Partial<Parameters<VictoriaBench["open"]>[0]> = {}): Promise<History> => bench.open({ url: server.url, ...options });
const waiting = async (history: History): Promise<number> => (await history.stats()).buffer?.rows ?? -1;
/** Everything recorded so far is there. */
const sent = async (history: History): Promise<void> => {
  bench.clock.advance(2 * MINUTE_MS);
  await bench.until(async () => (await waiting(history)) === 0 && (await history.stats()).state === "writing");
  await server.settle();
};
/** Everything recorded so far was taken, a moment ago. */
const taken = async (history: History): Promise<void> => {
  for (let beat = 0; beat < 4; beat++) {
    bench.clock.advance(10_000);
    await history.flush();
  }
  await bench.until(async () => (await waiting(history)) === 0);
};
const cpuOf = async (id: number): Promise<number[]> => {
  const [series] = await server.exported(`{__name__="windfire_server_cpu",installation="${installation}",server="${id}"}`);
  return series?.values ?? [];
};
/** One report a minute, the processor telling which. */
const reports = async (history: History, from: number, to: number): Promise<void> => {
  for (let minute = from; minute < to; minute++) history.recordServer(1, BASE + minute * MINUTE_MS, report({ cpu: minute }));
  await history.flush();
};
const minutes = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

describe("an outage", () => {
  test("what was recorded meanwhile comes in order when it is over, each point once", async () => {
    const history = await open();
    await reports(history, 0, 5);
    await sent(history);
    await server.stop("SIGKILL");
    await reports(history, 10, 60);
    await bench.until(async () => (await history.stats()).state === "unreachable");
    const { reason, pausedAt, buffer } = await history.stats();
    expect(reason).toMatch(/^VictoriaMetrics at http:\/\/127\.0\.0\.1:\d+ cannot be reached: E/);
    expect(pausedAt).toBeGreaterThan(START);
    expect(bench.errors).toEqual(["history waits here until it can be written"]);
    expect(buffer).toMatchObject({ dropped: 0, limitBytes: 2 ** 24 });
    expect(await whyRefused(history.serverMetricPoints(1, "cpu", "1d", bench.clock.now()))).toContain("VictoriaMetrics");
    await server.start();
    await sent(history);
    // What a kill takes from VictoriaMetrics itself are its last seconds, before the outage.
    expect((await cpuOf(1)).filter((cpu) => cpu >= 10)).toEqual(minutes(10, 60));
  });

  test("what it took just before it was killed comes again, however long nothing was sent in between", async () => {
    const history = await open();
    const now = bench.clock.now();
    history.recordServer(1, now, report({ cpu: 1 }));
    await taken(history);
    await server.stop("SIGKILL");
    history.recordServer(1, now + 45_000, report({ cpu: 2 }));
    bench.clock.advance(40_000);
    await bench.until(async () => (await history.stats()).state === "unreachable");
    await server.start();
    await sent(history);
    expect(await cpuOf(1)).toEqual([1, 2]);
  });

  test("one that was killed and is back before anything is sent is noticed, and gets what it took just before", async () => {
    const history = await open();
    const now = bench.clock.now();
    const begun = Date.now();
    history.recordServer(1, now, report({ cpu: 1 }));
    await taken(history);
    await server.stop("SIGKILL");
    // It tells its start in whole seconds.
    await expect.poll(() => Date.now(), PATIENCE).toBeGreaterThan(begun + 1_000);
    await server.start();
    history.recordServer(1, now + 45_000, report({ cpu: 2 }));
    await taken(history);
    await server.settle();
    expect(bench.errors).toEqual([]);
    expect(await cpuOf(1)).toEqual([1, 2]);
  });

  test("a restart of the dashboard during it loses nothing", async () => {
    const directory = await bench.folder();
    const history = await open({ directory });
    await server.stop();
    await reports(history, 0, 30);
    await history.close();
    const next = await open({ directory });
    expect(await waiting(next)).toBeGreaterThan(25);
    await server.start();
    await sent(next);
    expect(await cpuOf(1)).toEqual(minutes(0, 30));
  });

  test("past the bound the oldest go, and are counted", async () => {
    const history = await open({ bufferBytes: 10_000 });
    await server.stop();
    await reports(history, 0, 100);
    await bench.until(async () => (await history.stats()).state === "unreachable");
    const { buffer, dropped } = await history.stats();
    expect(buffer?.bytes).toBeLessThanOrEqual(10_000);
    expect(buffer?.dropped).toBeGreaterThan(50);
    expect(dropped.bufferFull).toBe(0);
    await server.start();
    await sent(history);
    const left = await cpuOf(1);
    expect(left).toEqual(minutes(buffer?.dropped ?? 0, 100));
  });

  test("who asks notices it at once, though nothing waits to be sent, and that it is over is noticed without a question", async () => {
    const history = await open();
    const now = bench.clock.now();
    const ask = () => history.serverMetricPoints(1, "cpu", "1d", now);
    await server.stop();
    expect(await whyRefused(ask())).toContain("VictoriaMetrics");
    await bench.until(async () => (await history.stats()).state === "unreachable");
    const { pausedAt, buffer } = await history.stats();
    expect([pausedAt !== undefined && pausedAt >= now, buffer?.rows]).toEqual([true, 0]);
    expect(await whyRefused(ask())).toContain("VictoriaMetrics");
    // A reader's trouble is not one of writing.
    expect(new Set(bench.errors)).toEqual(new Set(["history cannot be read"]));
    await server.start();
    await bench.until(async () => (await history.stats()).state === "writing");
    expect(await pointsText(ask())).toBe("[]");
  });

  test("a server that stands still is waited for, and takes all that came meanwhile once", async () => {
    const history = await open();
    server.signal("SIGSTOP");
    await reports(history, 0, 20);
    bench.clock.advance(2 * MINUTE_MS);
    await reports(history, 20, 40);
    expect(await waiting(history)).toBeGreaterThan(0);
    server.signal("SIGCONT");
    await sent(history);
    expect(await cpuOf(1)).toEqual(minutes(0, 40));
  });
});

test("what is deleted is gone, also what came a moment ago or waits, and nothing of others", async () => {
  const history = await open();
  for (const id of [1, 2]) history.recordServer(id, START, report({ cpu: id }));
  for (const service of [5, 6]) for (const id of [1, 2]) history.recordProbe(service, id, START, 3, true);
  const neighbour = createVictoriaBench(START, `${installation}-b`);
  const theirs = await neighbour.open({ url: server.url });
  theirs.recordServer(1, START, report({ cpu: 7 }));
  await theirs.close();
  bench.clock.advance(MINUTE_MS);
  await bench.until(async () => (await waiting(history)) === 0);
  history.recordServer(1, BASE + MINUTE_MS, report({ cpu: 9 }));
  await history.dropServers([1]);
  await history.dropServices([6]);
  history.recordServer(1, BASE + MINUTE_MS, report({ cpu: 9 }));
  history.recordProbe(6, 2, BASE + MINUTE_MS, 3, true);
  await sent(history);
  const left = await server.exported(`{installation="${installation}"}`);
  const owners = left.map(({ metric }) => `${metric["service"] ?? "-"}/${metric["server"]}`);
  expect([...new Set(owners)].toSorted()).toEqual(["-/2", "5/2"]);
  expect(await server.exported(`{__name__="windfire_server_cpu",installation="${installation}-b"}`)).toHaveLength(1);
  await neighbour.remove();
});

test("what another dashboard deletes does not come back from what waits here", async () => {
  const [one, two] = [await open(), await open()];
  await server.stop();
  for (const id of [1, 2]) two.recordServer(id, BASE, report({ cpu: id }));
  two.recordProbe(5, 2, BASE, 3, true);
  await bench.until(async () => (await two.stats()).state === "unreachable");
  await server.start();
  two.letGo("server", 1);
  two.letGo("service", 5);
  await one.dropServers([1]);
  await one.dropServices([5]);
  two.recordServer(1, BASE + MINUTE_MS, report({ cpu: 1 }));
  await sent(two);
  const left = await server.exported(`{__name__!="",installation="${installation}"}`);
  expect([...new Set(left.map(({ metric }) => metric["server"]))]).toEqual(["2"]);
  expect(left.some(({ metric }) => metric["service"] !== undefined)).toBe(false);
});

test("late states fill what is free, and count once however often they are handed over, to whomever", async () => {
  const [one, two] = [await open(), await open()];
  const states = (...of: number[]): Float64Array =>
    Float64Array.from(of.flatMap((minute) => [BASE + minute * MINUTE_MS, ...report({ cpu: minute })]));
  one.recordServer(1, BASE + 3 * MINUTE_MS, report({ cpu: 50 }));
  await sent(one);
  expect(await one.recordLate(1, states(1, 2, 3))).toBe(2);
  expect(await one.recordLate(1, states(1, 2, 3))).toBe(0);
  await sent(one);
  expect(await two.recordLate(1, states(1, 2, 3, 4))).toBe(1);
  await sent(two);
  expect(await cpuOf(1)).toEqual([1, 2, 50, 4]);
});

test("two who write the same points count as one, and of parts of a half minute the larger one counts", async () => {
  const [one, two] = [await open(), await open()];
  for (const history of [one, two]) {
    for (let minute = 0; minute < 10; minute++) history.recordProbe(5, 1, BASE + minute * MINUTE_MS, 20, true);
  }
  for (const second of [0, 1, 2]) one.recordProbe(5, 1, BASE + 10 * MINUTE_MS + second * 1_000, 30, true);
  two.recordProbe(5, 1, BASE + 10 * MINUTE_MS + 5_000, 90, true);
  await sent(one);
  await sent(two);
  const reader = await open();
  const now = bench.clock.now();
  for (const period of ["1d", "7d", "30d"] as const) {
    const [seen] = await all(reader.serviceHistory(5, [1], period, now));
    expect(seen, period).toMatchObject({ totalUp: 13, totalDown: 0 });
    expect(seen?.avgDelay, period).toBeCloseTo((10 * 20 + 3 * 30) / 13, 6);
  }
});

describe("a VictoriaMetrics with a password", () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;

  test("what is wrong with the password is said without it; with the right one all is taken", async () => {
    const guarded = await startVictoriaMetrics(["-httpAuth.username=me", "-httpAuth.password=hidden-one", "-retentionPeriod=20d"]);
    try {
      const now = bench.clock.now();
      const wrong = await bench.open({ url: guarded.url, authorization: basic("me:hidden-two") });
      await bench.until(async () => (await wrong.stats()).state === "refused");
      wrong.recordServer(1, now, report({ cpu: 1 }));
      const { reason } = await wrong.stats();
      expect(reason).toContain("answered 401");
      expect(JSON.stringify(await wrong.stats()) + bench.errors.join()).not.toMatch(/hidden|bWU6/);
      const failure = await whyRefused(wrong.serverMetricPoints(1, "cpu", "1d", now));
      expect(failure).toMatch(/answered 401/);
      expect(failure).not.toMatch(/hidden/);
      const right = await bench.open({ url: guarded.url, authorization: basic("me:hidden-one") });
      right.recordServer(1, now, report({ cpu: 1 }));
      await bench.until(async () => (await right.stats()).retentionDays === 20);
      await bench.until(async () => (await waiting(right)) === 0);
      expect(await right.stats()).toMatchObject({ state: "writing", kind: "victoriametrics", freeBytes: undefined });
    } finally {
      await guarded.remove();
    }
  });
});
