import { expect, test } from "vitest";
import { remembered } from "./remembered.ts";

test("an answer is kept for its time, and asked for once by those who come together", async () => {
  let now = 0;
  let asked = 0;
  const ask = remembered({ monotonic: () => now }, 1_000, async () => ++asked);
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  now = 999;
  expect(await ask()).toBe(1);
  now = 1_000;
  expect(await ask()).toBe(2);
});

test("a failure is not kept", async () => {
  let fails = true;
  const ask = remembered({ monotonic: () => 0 }, 1_000, async () => {
    if (fails) throw new Error("no folder");
    return "there";
  });
  await expect(ask()).rejects.toThrow("no folder");
  fails = false;
  expect(await ask()).toBe("there");
});
