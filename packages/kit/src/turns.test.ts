import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";
import type { Turn, Turns } from "./turns.ts";

/** Work that ends when it is told to, and a log of what has begun. */
function yard(turns: Turns) {
  const log: string[] = [];
  const gates = new Map<string, () => void>();
  return {
    log,
    enter: async (name: string, lane: string, waiting = 10): Promise<Turn<string>> =>
      turns.take({ key: lane, waiting }, async () => {
        log.push(name);
        await new Promise<void>((resolve) => gates.set(name, resolve));
        return name;
      }),
    end: async (name: string): Promise<void> => {
      gates.get(name)?.();
      await settled();
    },
  };
}

const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const DISPLACED = { outcome: "displaced" };

test("only so many run at a time; lanes take turns, whatever one of them has piled up", async () => {
  const { enter, end, log } = yard(createTurns({ running: 1, waiting: 100 }));
  void enter("a0", "a");
  for (let i = 1; i <= 3; i++) void enter(`a${i}`, "a");
  void enter("b1", "b");
  void enter("c1", "c");
  await settled();
  for (let i = 0; i < 5; i++) await end(log.at(-1) ?? "");
  expect(log).toEqual(["a0", "a3", "b1", "c1", "a2", "a1"]);
});

test("in a lane the newest goes first, and the oldest gives way when too many wait", async () => {
  const turns = createTurns({ running: 1, waiting: 100 });
  const { enter, end, log } = yard(turns);
  void enter("running", "x");
  const [first, second, third] = [enter("first", "a", 2), enter("second", "a", 2), enter("third", "a", 2)];
  await expect(first).resolves.toEqual(DISPLACED);
  expect(turns.displaced).toBe(1);
  for (const name of ["running", "third", "second"]) await end(name);
  await expect(Promise.all([second, third])).resolves.toEqual([
    { outcome: "done", value: "second" },
    { outcome: "done", value: "third" },
  ]);
  expect(log).toEqual(["running", "third", "second"]);
});

test("when too many wait in all, the longest lane gives way", async () => {
  const { enter, end, log } = yard(createTurns({ running: 1, waiting: 4 }));
  void enter("running", "x");
  const burst = [0, 1, 2, 3].map(async (i) => enter(`burst ${i}`, "a"));
  void enter("other", "b");
  await expect(burst[0]).resolves.toEqual(DISPLACED);
  await end("running");
  await end("burst 3");
  expect(log).toEqual(["running", "burst 3", "other"]);
});

test("a failure gives the turn on", async () => {
  const turns = createTurns({ running: 1, waiting: 1 });
  const lane = { key: "a", waiting: 1 };
  const failed = turns.take(lane, async () => {
    throw new Error("broken");
  });
  const next = turns.take(lane, async () => "next");
  await expect(failed).rejects.toThrow("broken");
  await expect(next).resolves.toEqual({ outcome: "done", value: "next" });
  await expect(turns.take(lane, async () => "again")).resolves.toEqual({ outcome: "done", value: "again" });
});
