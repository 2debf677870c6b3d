import fc from "fast-check";
import { expect, test } from "vitest";
import { CONTRACT_START } from "./testing/contract-families.ts";
import { pointsOf } from "./testing/store-under-test.ts";
import { makeTestbed } from "./testing/testbed.ts";

const SLOT = 30_000;
const DAY = 86_400_000;

type Step =
  | { readonly do: "append"; readonly group: number; readonly offset: number; readonly value: number }
  | { readonly do: "advance"; readonly ms: number }
  | { readonly do: "jump"; readonly ms: number }
  | { readonly do: "reopen" }
  | { readonly do: "crash" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      group: fc.integer({ min: 1, max: 3 }),
      offset: fc.oneof(fc.nat(60_000), fc.integer({ min: -3 * DAY, max: DAY })),
      value: fc.integer({ min: -10_000, max: 10_000 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("advance" as const), ms: fc.oneof(fc.nat(60_000), fc.nat(DAY)) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("jump" as const), ms: fc.integer({ min: -2 * DAY, max: 2 * DAY }) }) },
  { weight: 1, arbitrary: fc.constant({ do: "reopen" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "crash" as const }) },
);

test("whatever happens in between, what was appended is what is queried", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 120 }), async (steps) => {
      const bed = await makeTestbed({ headBytes: 1 });
      const expected = new Map<number, Map<number, { sum: number; last: number }>>();
      try {
        for (const todo of steps) {
          switch (todo.do) {
            case "append": {
              const at = bed.time.now + todo.offset;
              const slots = expected.get(todo.group) ?? new Map<number, { sum: number; last: number }>();
              expected.set(todo.group, slots);
              const start = Math.floor(at / SLOT) * SLOT;
              slots.set(start, { sum: (slots.get(start)?.sum ?? 0) + todo.value, last: todo.value });
              bed.store.append("host", todo.group, at, [0, todo.value]);
              bed.store.append("probe", todo.group, at, [1, todo.value]);
              break;
            }
            case "advance":
              await bed.advance(todo.ms);
              break;
            case "jump":
              bed.time.now += todo.ms;
              await bed.store.maintain();
              break;
            case "reopen":
              await bed.reopen();
              break;
            case "crash":
              await bed.store.flush();
              await bed.crash();
              break;
          }
        }
        const window = { from: CONTRACT_START - 20 * DAY, to: CONTRACT_START + 150 * DAY, step: SLOT };
        for (const [group, slots] of expected) {
          const starts = [...slots.keys()].toSorted((a, b) => a - b);
          const points = (column: "sum" | "last"): [number, number][] =>
            starts.map((start) => [start, slots.get(start)?.[column] ?? Number.NaN]);
          expect(await pointsOf(bed.store, "probe", "up", window, group)).toEqual(points("sum"));
          expect(await pointsOf(bed.store, "host", "bytes", window, group)).toEqual(points("last"));
        }
        expect((await bed.store.stats()).damaged).toBe(0);
      } finally {
        await bed.dispose();
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);
