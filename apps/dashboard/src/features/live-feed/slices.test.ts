import { expect, test } from "vitest";
import { inSlices } from "./slices.ts";

test("others have their turn between slices, and few things are one slice", async () => {
  const log: string[] = [];
  const going = inSlices([1, 2, 3, 4, 5], 2, (slice) => void log.push(slice.join()));
  setImmediate(() => log.push("other"));
  await going;
  expect(log).toEqual(["1,2", "other", "3,4", "5"]);
  const few: number[] = [];
  const started = inSlices([1, 2], 2, (slice) => void few.push(...slice));
  expect(few).toEqual([1, 2]);
  await started;
});
