import { expect, test } from "vitest";
import { createAllowance } from "./allowance.ts";

test("answers and a few beyond them are taken, for each pair of task and server by itself", () => {
  const allowance = createAllowance(2);
  const takes = (taskId: number, serverId: number, times: number) => Array.from({ length: times }, () => allowance.take(taskId, serverId));
  expect(takes(1, 1, 3)).toEqual([true, true, false]);
  allowance.add(1, 1);
  expect(takes(1, 1, 2)).toEqual([true, false]);
  expect([allowance.take(1, 11), allowance.take(11, 1)]).toEqual([true, true]);
  for (let times = 0; times < 5; times++) allowance.add(1, 1);
  expect(takes(1, 1, 3)).toEqual([true, true, false]);
  allowance.forget(1);
  expect(allowance.take(1, 1)).toBe(true);
});
