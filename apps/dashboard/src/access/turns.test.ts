import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

test("only so many run at a time, in order, and only so many wait", async () => {
  const turns = createTurns({ running: 2, waiting: 3 });
  const log: string[] = [];
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const jobs = gates.map(({ promise }, i) =>
    turns.take(async () => {
      log.push(`begin ${i}`);
      await promise;
    }),
  );
  expect(turns.take(async () => "too many")).toBeUndefined();
  expect(turns.refused).toBe(1);
  await Promise.resolve();
  expect(log).toEqual(["begin 0", "begin 1"]);
  for (const [i, gate] of gates.entries()) {
    gate.resolve();
    await jobs[i];
  }
  expect(log).toEqual(["begin 0", "begin 1", "begin 2", "begin 3", "begin 4"]);
  await expect(turns.take(async () => "again")).resolves.toBe("again");
});

test("a failure gives the turn on", async () => {
  const turns = createTurns({ running: 1, waiting: 1 });
  const failed = turns.take(async () => {
    throw new Error("broken");
  });
  const next = turns.take(async () => "next");
  await expect(failed).rejects.toThrow("broken");
  await expect(next).resolves.toBe("next");
});
