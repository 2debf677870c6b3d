import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test("one after the other, in the order they came", async () => {
  const inTurn = createTurns(createFakeClock());
  const log: string[] = [];
  const ends = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const all = ends.map((end, index) =>
    inTurn(async () => {
      log.push(`start ${index}`);
      await end.promise;
      log.push(`end ${index}`);
      return index;
    }),
  );
  await settled();
  expect(log).toEqual(["start 0"]);
  ends[0]?.resolve();
  await settled();
  expect(log).toEqual(["start 0", "end 0", "start 1"]);
  ends[1]?.resolve();
  ends[2]?.resolve();
  expect(await Promise.all(all)).toEqual([0, 1, 2]);
});

test("a slow one does not hold up the others, and ends late without giving two turns", async () => {
  const clock = createFakeClock();
  const inTurn = createTurns(clock);
  const log: number[] = [];
  const ends = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const all = ends.map((end, index) =>
    inTurn(async () => {
      log.push(index);
      await end.promise;
    }),
  );
  await settled();
  clock.advance(24);
  await settled();
  expect(log).toEqual([0]);
  clock.advance(1);
  await settled();
  expect(log).toEqual([0, 1]);
  ends[0]?.resolve();
  await settled();
  expect(log).toEqual([0, 1]);
  ends[1]?.resolve();
  ends[2]?.resolve();
  await Promise.all(all);
  expect(log).toEqual([0, 1, 2]);
});

test("a failure passes the turn on", async () => {
  const inTurn = createTurns(createFakeClock());
  const failing = inTurn(() => Promise.reject(new Error("no")));
  const next = inTurn(() => Promise.resolve("yes"));
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("yes");
  expect(await inTurn(() => Promise.resolve("again"))).toBe("again");
});
