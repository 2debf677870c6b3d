import { expect, test } from "vitest";
import { createSerialQueue } from "./index.ts";

test("work runs one at a time, in order, also after a failure", async () => {
  const queue = createSerialQueue();
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} begins`);
    await Promise.resolve();
    events.push(`${name} ends`);
    if (name === "b") throw new Error("no");
    return name;
  };
  const results = await Promise.allSettled([queue.run(work("a")), queue.run(work("b")), queue.run(work("c"))]);
  expect(events).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(queue.pending).toBe(0);
});

test("idle waits for what is handed in meanwhile, too", async () => {
  const queue = createSerialQueue();
  let done = 0;
  void queue.run(() => {
    void queue.run(() => void done++);
  });
  await queue.idle();
  expect(done).toBe(1);
});
