import { expect, test } from "vitest";
import { createLateWrites } from "./late-writes.ts";

test("a stop waits for writes under way; a failed one is reported", async () => {
  const errors: unknown[] = [];
  const writes = createLateWrites({ onError: (error) => errors.push(error) });
  const gate = Promise.withResolvers<void>();
  let written = false;
  writes.begin(async () => {
    await gate.promise;
    written = true;
  });
  writes.begin(async () => {
    throw new Error("disk full");
  });
  const settled = writes.settled();
  expect(written).toBe(false);
  gate.resolve();
  await settled;
  expect(written).toBe(true);
  expect(errors).toEqual([new Error("disk full")]);
});

test("only so many are under way; more are dropped and counted", async () => {
  const writes = createLateWrites({ onError: () => undefined });
  const gate = Promise.withResolvers<void>();
  for (let i = 0; i < 1_002; i++) writes.begin(async () => gate.promise);
  expect(writes.dropped).toBe(2);
  gate.resolve();
  await writes.settled();
});
