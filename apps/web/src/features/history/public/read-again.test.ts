import { LITERAL_ERRORS } from "@windfire/api";
import { expect, test } from "vitest";
import { readAgain } from "./read-again.ts";

const EVERY_MS = 30_000;

function setUp() {
  let timer: { ms: number; run: () => void } | undefined;
  const timers = {
    after(ms: number, run: () => void) {
      timer = { ms, run };
      return () => void (timer = undefined);
    },
  };
  const reads: { signal: AbortSignal; end: PromiseWithResolvers<void> }[] = [];
  const read = (signal: AbortSignal) => {
    const end = Promise.withResolvers<void>();
    reads.push({ signal, end });
    return end.promise;
  };
  const errors: Error[] = [];
  const stop = readAgain({ timers, everyMs: EVERY_MS, read, failed: (error) => void errors.push(error) });
  return { reads, errors, stop, timer: () => timer };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("it reads at once, again when it is due, and sooner while the history is away", async () => {
  const { reads, errors, timer } = setUp();
  expect([reads.length, timer()]).toEqual([1, undefined]);
  reads[0]?.end.resolve();
  await settle();
  expect(timer()?.ms).toBe(EVERY_MS);
  timer()?.run();
  reads[1]?.end.reject(new Error(LITERAL_ERRORS.historyAway));
  await settle();
  expect(timer()?.ms).toBe(5_000);
  expect(errors.map(({ message }) => message)).toEqual([LITERAL_ERRORS.historyAway]);
});

test("once it is over nothing is read, and what was on its way is aborted and not told", async () => {
  const waiting = setUp();
  waiting.reads[0]?.end.resolve();
  await settle();
  waiting.stop();
  expect(waiting.timer()).toBeUndefined();

  const reading = setUp();
  reading.stop();
  expect(reading.reads[0]?.signal.aborted).toBe(true);
  reading.reads[0]?.end.reject(new Error("aborted"));
  await settle();
  expect([reading.errors, reading.timer()]).toEqual([[], undefined]);
});
