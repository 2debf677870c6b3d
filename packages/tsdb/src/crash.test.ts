import { describe, expect, test } from "vitest";
import { CONTRACT_FAMILIES } from "./testing/contract-families.ts";
import { createMemoryDisk, type Crash, type DiskImage, type MemoryDisk } from "./testing/memory-disk.ts";
import type { Store, StoreLimits } from "./store-types.ts";
import { openStore } from "./store.ts";
import { TEST_LIMITS } from "./testing/test-limits.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Three days before roll-ups of single days are gathered into files of 32. */
const START = (32 * 640 - 3) * DAY;
const WINDOW = { from: START - 3 * DAY, to: START + 60 * DAY, step: HOUR };
const DAYS = 11;
/** Points are rolled up after two days and a few spare ones. */
const LIMITS: Partial<StoreLimits> = { rawDays: 2 };

/** Results of each group by hour. Each sample counts one, so a sample that is there twice shows. */
type Sums = Map<number, Map<number, number>>;

interface Running {
  readonly store: Store;
  readonly time: { now: number; monotonic: number };
}

async function open(disk: MemoryDisk, now: number): Promise<Running> {
  const time = { now, monotonic: now - START };
  const store = await openStore({
    folder: "/history",
    families: CONTRACT_FAMILIES,
    limits: { ...TEST_LIMITS, ...LIMITS },
    disk,
    clock: { now: () => time.now, monotonic: () => time.monotonic },
    breathe: () => Promise.resolve(),
  });
  return { store, time };
}

async function advance({ store, time }: Running, ms: number): Promise<void> {
  time.now += ms;
  time.monotonic += ms;
  await store.maintain();
}

async function sumsOf(store: Store): Promise<Sums> {
  const sums: Sums = new Map();
  for (const group of await store.groups("probe")) {
    const { starts, counts, columns } = await store.query({ family: "probe", group, columns: [{ column: "up" }], ...WINDOW });
    const hours = new Map(Array.from(starts, (start, index) => [start, columns[0]?.[index] ?? 0]));
    expect([...counts], "as many samples as results").toEqual([...hours.values()]);
    if (hours.size > 0) sums.set(group, hours);
  }
  return sums;
}

/** A course of days with late samples and a group that is dropped. `step` is told what is on the way, and what is certainly on disk. */
async function run(disk: MemoryDisk, told: { appended: Sums; flushed: Sums }): Promise<Running> {
  const running = await open(disk, START);
  const { store, time } = running;
  const append = async (group: number, at: number): Promise<void> => {
    const { dropped } = await store.stats();
    store.append("probe", group, at, [5, 1]);
    if ((await store.stats()).dropped.stopped > dropped.stopped) return;
    const hours = told.appended.get(group) ?? new Map<number, number>();
    const hour = Math.floor(at / HOUR) * HOUR;
    told.appended.set(group, hours.set(hour, (hours.get(hour) ?? 0) + 1));
  };
  for (let round = 0; round < DAYS * 6; round++) {
    for (const group of [1, 2]) await append(group, time.now);
    // Late samples for days that lie in chunks, in a file of their own, and (while the clock was wrong) in a roll-up.
    if (round % 7 === 6) await append(1, time.now - 30 * HOUR);
    if (round > 35 && round % 5 === 0) {
      time.now -= 6 * DAY;
      await append(2, time.now);
      time.now += 6 * DAY;
    }
    if (round === 8) await append(3, time.now);
    if (round === 20) {
      await store.drop("probe", 3);
    }
    await advance(running, 4 * HOUR);
    // A disk that fails is tried again after a while; what was taken meanwhile is kept.
    await store.flush().then(
      () => (told.flushed = copyOf(told.appended)),
      () => undefined,
    );
  }
  return running;
}

function copyOf(sums: Sums): Sums {
  return new Map([...sums].map(([group, hours]) => [group, new Map(hours)]));
}

/** No sample is missing that was certainly on disk, none is there that was not appended, none is there twice. */
function expectBetween(seen: Sums, flushed: Sums, appended: Sums, at: string): void {
  for (const group of [1, 2]) {
    for (const [hour, most] of appended.get(group) ?? []) {
      const there = seen.get(group)?.get(hour) ?? 0;
      const least = flushed.get(group)?.get(hour) ?? 0;
      if (there < least || there > most) expect.unreachable(`${at}: group ${group} has ${there} at ${hour}, expected ${least} to ${most}`);
    }
    for (const hour of seen.get(group)?.keys() ?? [])
      if (appended.get(group)?.has(hour) !== true) expect.unreachable(`${at}: group ${group} has an hour that nobody appended`);
  }
}

interface Moment {
  readonly image: DiskImage;
  readonly what: string;
  readonly flushed: Sums;
  readonly appended: Sums;
}

/** The disk after each step of a course. */
async function momentsOf(crash: Crash): Promise<Moment[]> {
  const told: { appended: Sums; flushed: Sums } = { appended: new Map(), flushed: new Map() };
  const moments: Moment[] = [];
  const disk: MemoryDisk = createMemoryDisk(new Map(), {
    after: (what) => {
      moments.push({
        image: disk.image(crash),
        what: `step ${moments.length}, ${what}`,
        flushed: told.flushed,
        appended: copyOf(told.appended),
      });
    },
  });
  await run(disk, told);
  return moments;
}

describe("a crash after any step", { timeout: 300_000 }, () => {
  test.each<Crash>(["killed", "power-cut"])("%s: nothing is lost or there twice, now and later", async (crash) => {
    const moments = await momentsOf(crash);
    for (const name of ["raw-20479.seg", "half-20472-8.seg", "five-20477-1.seg", "five-20476-4.seg"])
      expect(
        moments.some(({ what }) => what.endsWith(`rename ${name}`)),
        name,
      ).toBe(true);
    for (const { image, what, flushed, appended } of moments) {
      const last = Math.max(START, ...(appended.get(1)?.keys() ?? []));
      const running = await open(createMemoryDisk(image), last);
      const seen = await sumsOf(running.store);
      expectBetween(seen, flushed, appended, what);
      expect((await running.store.stats()).damaged, what).toBe(0);
      for (let hours = 0; hours < 48; hours += 8) await advance(running, 8 * HOUR);
      expect(await sumsOf(running.store), `${what}, two days later`).toEqual(seen);
      await running.store.close();
    }
  });

  test("and once more in the middle of what the next start does", async () => {
    const moments = (await momentsOf("killed")).filter(({ what }) => /rename (?:raw|five|hour)|remove (?:raw|five|hour|chunks)/.test(what));
    for (const { image, what, appended } of moments.filter((_, index) => index % 3 === 0)) {
      const last = Math.max(START, ...(appended.get(1)?.keys() ?? []));
      const images: DiskImage[] = [];
      const disk: MemoryDisk = createMemoryDisk(image, { after: () => void images.push(disk.image("killed")) });
      const running = await open(disk, last);
      const seen = await sumsOf(running.store);
      await advance(running, 8 * HOUR);
      for (const [index, again] of images.entries()) {
        const { store } = await open(createMemoryDisk(again), last);
        expect(await sumsOf(store), `${what}, then step ${index}`).toEqual(seen);
      }
    }
  });
});

test("a disk that fails once, at any step, costs nothing that was taken", { timeout: 300_000 }, async () => {
  const steps: string[] = [];
  await run(createMemoryDisk(new Map(), { before: (what) => void steps.push(what) }), { appended: new Map(), flushed: new Map() });
  const chosen = [...steps.keys()].filter(
    (step) => step > 20 && (step % 40 === 7 || /^(?:rename|remove (?!open|rows))/.test(steps[step] ?? "")),
  );
  expect(chosen.length).toBeGreaterThan(150);
  for (const step of chosen) {
    let count = 0;
    const disk = createMemoryDisk(new Map(), {
      before: (what) => {
        if (count++ === step) throw Object.assign(new Error(`EIO: i/o error, ${what}`), { code: "EIO" });
      },
    });
    const told = { appended: new Map() as Sums, flushed: new Map() as Sums };
    const running = await run(disk, told);
    const at = `step ${step}, ${steps[step]}`;
    const seen = await sumsOf(running.store);
    expectBetween(seen, told.appended, told.appended, at);
    await running.store.close();
    const { store } = await open(createMemoryDisk(disk.image("power-cut")), running.time.now);
    expect(await sumsOf(store), `${at}, after a restart`).toEqual(seen);
    expect((await store.stats()).damaged, at).toBe(0);
  }
});
