import fc from "fast-check";
import { expect, test } from "vitest";
import { CONTRACT_START } from "./testing/contract-families.ts";
import { pointsOf } from "./testing/store-under-test.ts";
import { makeTestbed, quickDisk, type Testbed } from "./testing/testbed.ts";
import type { Disk } from "./files/disk.ts";
import type { Points } from "./query/buckets.ts";
import type { Stat } from "./schema.ts";

const SLOT = 30_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Ask {
  readonly family: string;
  readonly columns: readonly { readonly column: string; readonly stat?: Stat }[];
  readonly days: number;
  readonly step: number;
}

const ASKS: readonly Ask[] = [
  { family: "host", columns: [{ column: "load" }], days: 1, step: SLOT },
  { family: "host", columns: [{ column: "load" }], days: 7, step: HOUR / 2 },
  { family: "host", columns: [{ column: "load", stat: "max" }], days: 30, step: 2 * HOUR },
  { family: "host", columns: [{ column: "bytes" }, { column: "load", stat: "min" }], days: 7, step: HOUR / 2 },
  { family: "probe", columns: [{ column: "delay" }, { column: "up" }], days: 30, step: 2 * HOUR },
  { family: "probe", columns: [{ column: "delay", stat: "p95" }, { column: "up" }], days: 7, step: 7 * SLOT },
  { family: "probe", columns: [{ column: "up" }], days: 60, step: DAY },
];

type Step =
  | { readonly do: "report"; readonly points: number; readonly samples: number }
  | { readonly do: "late"; readonly group: number; readonly ago: number; readonly value: number }
  | { readonly do: "pass"; readonly hours: number }
  | { readonly do: "jump"; readonly ms: number }
  | { readonly do: "drop"; readonly group: number }
  | { readonly do: "reopen" }
  | { readonly do: "ask"; readonly ago: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("report" as const),
      points: fc.integer({ min: 1, max: 90 }),
      samples: fc.integer({ min: 1, max: 2 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("late" as const),
      group: fc.integer({ min: 1, max: 2 }),
      ago: fc.integer({ min: -2 * HOUR, max: 12 * DAY }),
      value: fc.integer({ min: -10_000, max: 10_000 }).map((value) => value / 100),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), hours: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("jump" as const), ms: fc.integer({ min: -DAY, max: DAY }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), group: fc.integer({ min: 1, max: 2 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: "reopen" as const }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("ask" as const), ago: fc.oneof(fc.constant(0), fc.nat(2 * HOUR)) }),
  },
);

test("what is kept of answers changes none, whatever happens in between", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 50 }), fc.boolean(), async (steps, isSmall) => {
      const limits = { rawDays: 9, fiveMinuteDays: 20, ...(isSmall ? { sizeBudgetBytes: 20_000 } : {}) };
      const beds = await Promise.all(
        [0, 20_000, undefined].map(async (keptBytes) =>
          makeTestbed({ limits, headBytes: 1, ...(keptBytes === undefined ? {} : { keptBytes }) }),
        ),
      );
      try {
        for (const todo of steps) {
          const [first, ...others] = await Promise.all(beds.map(async (bed) => perform(bed, todo)));
          for (const other of others) expect(other).toEqual(first);
        }
      } finally {
        await Promise.all(beds.map(async (bed) => bed.dispose()));
      }
    }),
    { numRuns: 12 },
  );
}, 600_000);

/** The answers to what was asked. */
async function perform(bed: Testbed, todo: Step): Promise<Points[]> {
  switch (todo.do) {
    case "report":
      for (let point = 0; point < todo.points; point++) {
        for (let sample = 0; sample < todo.samples; sample++) {
          const value = ((bed.time.now / SLOT) % 977) + sample / 7;
          for (const group of [1, 2]) {
            bed.store.append("host", group, bed.time.now + sample, [value / group, value * 1_000]);
            bed.store.append("probe", group, bed.time.now + sample, [point % 3 === 0 ? Number.NaN : value, point % 3 === 0 ? 0 : 1]);
          }
        }
        await bed.advance(SLOT);
      }
      return [];
    case "late":
      bed.store.append("host", todo.group, bed.time.now - todo.ago, [todo.value, todo.value]);
      bed.store.append("probe", todo.group, bed.time.now - todo.ago, [todo.value, 1]);
      return [];
    case "pass":
      for (let hour = 0; hour < todo.hours; hour++) await bed.advance(HOUR);
      return [];
    case "jump":
      bed.time.now += todo.ms;
      await bed.store.maintain();
      return [];
    case "drop":
      for (const family of ["host", "probe"]) await bed.store.drop(family, todo.group);
      return [];
    case "reopen":
      await bed.reopen();
      return [];
    case "ask":
      return Promise.all(ASKS.flatMap((asked) => [1, 2].map(async (group) => ask(bed, asked, { group, ago: todo.ago }))));
  }
}

function ask({ store, time }: Testbed, { days, ...asked }: Ask, { group = 1, ago = 0 } = {}): Promise<Points> {
  const to = time.now - ago;
  return store.query({ ...asked, group, from: to - days * DAY, to });
}

test.each([
  ["a week", ASKS[1] as Ask],
  ["a month", ASKS[2] as Ask],
])("%s that is asked for again is not read again until its buckets have moved on or its points are others", async (_, asked) => {
  const reads = { count: 0 };
  const bed = await makeTestbed({ disk: counting(reads) });
  const readsOf = async (): Promise<number> => {
    const before = reads.count;
    await ask(bed, asked);
    return reads.count - before;
  };
  try {
    for (let hour = 0; hour < (asked.days + 2) * 24; hour++) {
      bed.store.append("host", 1, bed.time.now, [hour % 60, hour]);
      await bed.advance(HOUR);
    }
    await bed.advance(17_000);
    expect(await readsOf()).toBeGreaterThan(0);
    expect(await readsOf()).toBe(0);
    await bed.advance(SLOT);
    bed.store.append("host", 1, bed.time.now, [1, 1]);
    expect(await readsOf()).toBe(0);
    await bed.advance(asked.step);
    expect(await readsOf()).toBeGreaterThan(0);
    expect(await readsOf()).toBe(0);
    await bed.store.drop("host", 1);
    bed.store.append("host", 1, bed.time.now, [1, 1]);
    expect((await ask(bed, asked)).starts).toHaveLength(1);
  } finally {
    await bed.dispose();
  }
});

test("points from a time when the clock was ahead come into an answer when their time has come", async () => {
  const bed = await makeTestbed({ headBytes: 1 });
  const samples = async (): Promise<number> => (await ask(bed, ASKS[2] as Ask)).counts.reduce((sum, count) => sum + count, 0);
  try {
    for (let slot = 0; slot < 60; slot++) {
      bed.store.append("host", 1, bed.time.now, [slot, slot]);
      await bed.advance(SLOT);
    }
    bed.time.now -= 40 * SLOT;
    expect(await samples()).toBe(21);
    bed.time.now += 20 * SLOT;
    expect(await samples()).toBe(41);
    bed.time.now += 20 * SLOT;
    expect(await samples()).toBe(60);
  } finally {
    await bed.dispose();
  }
});

test("an hour that is longer than the buckets asked for is told once", async () => {
  const bed = await makeTestbed({ limits: { rawDays: 2, fiveMinuteDays: 4 } });
  try {
    for (let slot = 0; slot < HOUR / SLOT; slot++) bed.store.append("probe", 1, bed.time.now + slot * SLOT, [1, 1]);
    for (let day = 0; day < 20; day++) {
      await bed.advance(DAY);
      bed.store.append("probe", 1, bed.time.now, [1, 1]);
    }
    const window = { from: CONTRACT_START + HOUR / 6, to: CONTRACT_START + 2 * DAY, step: HOUR / 2 };
    const days = [1, 2].map((day) => [CONTRACT_START + day * DAY, 1]);
    expect(await pointsOf(bed.store, "probe", "up", window)).toEqual([[CONTRACT_START, 120], ...days]);
  } finally {
    await bed.dispose();
  }
});

/** Counts what is read of segments and chunks. */
function counting(reads: { count: number }): Disk {
  return {
    ...quickDisk,
    open: (path, mode) => {
      const file = quickDisk.open(path, mode);
      return {
        ...file,
        read: (into, position) => {
          reads.count++;
          return file.read(into, position);
        },
      };
    },
  };
}
