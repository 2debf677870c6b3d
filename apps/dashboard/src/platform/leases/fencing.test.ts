import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Database } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import { leaseStore } from "./store.ts";
import { contend, settled } from "./testing/contender.ts";
import type { Contender } from "./testing/contender.ts";

const STEP_MS = 250;
const NAMES = ["a", "b", "c"] as const;
const STEPS = 150;

/** What happens to one of them, from a step on. */
const event = fc.record({
  who: fc.nat(NAMES.length - 1),
  step: fc.nat(80),
  what: fc.oneof(
    fc.record({ kind: fc.constant("pause" as const), steps: fc.integer({ min: 1, max: 40 }) }),
    // The question, or the answer, takes so long.
    fc.record({
      kind: fc.constantFrom("late question" as const, "late answer" as const),
      steps: fc.integer({ min: 1, max: 24 }),
      lateMs: fc.integer({ min: 200, max: 6_000 }),
    }),
    fc.record({ kind: fc.constant("refused" as const), steps: fc.integer({ min: 1, max: 24 }) }),
    fc.record({ kind: fc.constant("jump" as const), byMs: fc.integer({ min: -4_000, max: 4_000 }) }),
  ),
});

type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

/** The same database over a line that may be slow or broken. */
function overLine(database: Database, clock: FakeClock, line: { question: number; answer: number; broken: boolean }): Database {
  const wait = (ms: number): Promise<void> | undefined =>
    ms === 0 ? undefined : new Promise((resolve) => void clock.setTimeout(resolve, ms));
  const over = async <T>(work: () => Promise<T>): Promise<T> => {
    await wait(line.question);
    if (line.broken) throw new Error("no connection");
    const value = await work();
    await wait(line.answer);
    if (line.broken) throw new Error("no connection");
    return value;
  };
  return Object.create(database, {
    transaction: { value: (run: Parameters<Database["transaction"]>[0]) => over(() => database.transaction(run)) },
    change: { value: (verb: Parameters<Database["change"]>[0]) => over(() => database.change(verb)) },
  }) as Database;
}

interface Written {
  readonly by: string;
  readonly holder: string;
  readonly fence: number;
}

/** Three of them on one database, over lines of their own. */
async function createField(database: Database) {
  const lines = NAMES.map(() => ({ ...lineOf(), until: 0 }));
  const pausedUntil = NAMES.map(() => 0);
  const contenders: Contender[] = [];
  for (const [at, name] of NAMES.entries()) {
    const clock = createFakeClock();
    contenders.push(await contend(name, overLine(database, clock, lines[at] ?? lineOf()), { clock }));
  }
  return {
    contenders,
    happen(step: number, { who, what }: Event): void {
      const line = lines[who];
      if (what.kind === "pause") pausedUntil[who] = step + what.steps;
      else if (what.kind === "jump") contenders[who]?.clock.jump(what.byMs);
      else if (line) Object.assign(line, lineOf(what), { until: step + what.steps });
    },
    /** Who runs in this step; time passes for the others too. */
    awake(step: number): Contender[] {
      for (const line of lines) if (line.until <= step) Object.assign(line, lineOf());
      const [asleep, awake] = [false, true].map((is) => contenders.filter((_one, at) => (pausedUntil[at] ?? 0) <= step === is));
      for (const one of asleep ?? []) one.sleep(STEP_MS);
      return awake ?? [];
    },
    async stop(): Promise<void> {
      for (const { lease, clock } of contenders) {
        const stopping = lease.stop();
        await clock.advanceAsync(60_000);
        await stopping;
      }
    },
  };
}

/** Lets all that happen; what was written, in the order of the commits. */
async function play(database: Database, events: readonly Event[]): Promise<readonly Written[]> {
  const field = await createField(database);
  const written: Written[] = [];
  const write = ({ lease, name: by }: Contender): Promise<void> =>
    lease.database
      .transaction(async (tx) => {
        const row = await leaseStore.get(tx, "judge");
        written.push({ by, holder: row?.holder ?? "", fence: row?.fence ?? 0 });
      })
      .catch(() => undefined);
  const writes: Promise<void>[] = [];
  for (let step = 0; step < STEPS; step++) {
    for (const one of events) if (one.step === step) field.happen(step, one);
    const awake = field.awake(step);
    // Right after a sleep, before any timer has run, is when an old judge does harm.
    expect(awake.filter(({ lease }) => lease.maySend).length).toBeLessThan(2);
    writes.push(...awake.map(write));
    for (const { clock } of awake) await clock.advanceAsync(STEP_MS);
    await settled(database);
  }
  // Nothing is wrong any more: somebody holds it.
  expect(field.contenders.filter(({ lease }) => lease.held).length).toBe(1);
  await field.stop();
  await Promise.all(writes);
  return written;
}

test("whatever sleeps, is late or fails: no two write under one number, none under an older one, and never may two send", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 24 }), async (events) => {
      const temporary = await openTemporaryDatabase();
      const written = await play(temporary.database, events);
      await temporary.remove();
      for (const { by, holder } of written) expect(holder).toBe(by);
      const fences = written.map(({ fence }) => fence);
      expect(fences).toEqual(fences.toSorted((a, b) => a - b));
      expect(written.length).toBeGreaterThan(20);
    }),
    { numRuns: process.env["WINDFIRE_TEST_DATABASE"] === undefined ? 30 : 4 },
  );
}, 60_000);

type Line = { readonly kind: "late question" | "late answer"; readonly lateMs: number } | { readonly kind: "refused" | "well" };

function lineOf(line: Line = { kind: "well" }) {
  return {
    question: line.kind === "late question" ? line.lateMs : 0,
    answer: line.kind === "late answer" ? line.lateMs : 0,
    broken: line.kind === "refused",
  };
}
