import { expect, test } from "vitest";
import { createAnswerMemory } from "./answer-memory.ts";

test("memory is used again once all who read it gave it back, and what they held is empty then", () => {
  const memory = createAnswerMemory();
  const bytes = new Uint8Array(new ArrayBuffer(64), 1, 10).fill(7);
  const [first, second] = [memory.lend(bytes), memory.lend(bytes)];
  first.giveBack();
  first.giveBack();
  expect([memory.take(), [...first.bytes]]).toEqual([undefined, Array(10).fill(7)]);
  second.giveBack();
  expect([bytes.length, second.bytes.length]).toEqual([0, 0]);
  expect(memory.take()?.byteLength).toBe(64);
  expect(memory.take()).toBeUndefined();
});

test("not more is kept than is needed at once, and nothing that is unusually large", () => {
  const memory = createAnswerMemory();
  const give = (bytes: number): void => memory.lend(new Uint8Array(bytes)).giveBack();
  give(2 ** 19 + 1);
  expect(memory.take()).toBeUndefined();
  for (let index = 0; index < 20; index++) give(16);
  let kept = 0;
  while (memory.take() !== undefined) kept++;
  expect(kept).toBe(8);
});

test("when nobody asks any more nothing is kept", () => {
  const memory = createAnswerMemory();
  memory.take();
  memory.lend(new Uint8Array(16)).giveBack();
  memory.rest();
  expect(memory.take()?.byteLength).toBe(16);
  memory.lend(new Uint8Array(16)).giveBack();
  memory.rest();
  memory.rest();
  expect(memory.take()).toBeUndefined();
});
