import { expect, test } from "vitest";
import { createConfirmations } from "./confirmations.ts";

test("requests that wait share one question, and the next one asks anew", async () => {
  const confirmations = createConfirmations();
  let told = 0;
  confirmations.subscribe(() => told++);
  const answers = [confirmations.ask(), confirmations.ask()];
  expect([told, confirmations.waiting()]).toEqual([1, true]);
  confirmations.settle(true);
  expect(await Promise.all(answers)).toEqual([true, true]);
  const next = confirmations.ask();
  confirmations.settle(false);
  expect([await next, told, confirmations.waiting()]).toEqual([false, 4, false]);
});

test("where nobody shows the question nothing waits for an answer", async () => {
  const confirmations = createConfirmations();
  confirmations.subscribe(() => undefined)();
  expect([await confirmations.ask(), confirmations.waiting()]).toEqual([false, false]);
});
