import { once } from "node:events";
import { setImmediate as soon } from "node:timers/promises";
import { createFakeClock } from "@windfire/testkit";
import { expect, test, vi } from "vitest";
import { envelopeOf } from "./envelope-stream.ts";

/** Pieces that are made when the test says so. */
function slowPieces() {
  const made: PromiseWithResolvers<IteratorResult<string>>[] = [];
  const iterator = {
    next: () => {
      const piece = Promise.withResolvers<IteratorResult<string>>();
      made.push(piece);
      return piece.promise;
    },
    return: vi.fn<() => Promise<IteratorResult<string>>>(async () => ({ done: true, value: undefined })),
  };
  return { iterator, parts: { [Symbol.asyncIterator]: () => iterator }, make: (value: string) => made.at(-1)?.resolve({ value }) };
}

test("the time that a piece takes to be made is not the client's, that in which it is not taken is", async () => {
  const clock = createFakeClock();
  const { parts, make, iterator } = slowPieces();
  const stream = envelopeOf(parts, clock);
  const failed = once(stream, "error");
  let taken = "";
  stream.on("data", (text: Buffer) => (taken += text.toString()));
  await soon();
  clock.advance(120_000);
  make("[1");
  await vi.waitFor(() => expect(taken).toBe('{"success":true,"data":[1'));
  await soon();
  clock.advance(120_000);
  expect(stream.destroyed).toBe(false);
  stream.pause();
  make(",2");
  await soon();
  make(",3");
  await soon();
  clock.advance(29_999);
  expect(stream.destroyed).toBe(false);
  clock.advance(1);
  expect(await failed).toMatchObject([{ message: "the client is too slow" }]);
  await vi.waitFor(() => expect(iterator.return).toHaveBeenCalledOnce());
});

test.each([
  ["rejects", async () => Promise.reject(new Error("the source is gone"))],
  [
    "throws",
    () => {
      throw new Error("the source is gone");
    },
  ],
])("a source whose end %s harms nobody", async (_how, end) => {
  const unhandled = vi.fn<() => void>();
  process.on("unhandledRejection", unhandled);
  try {
    const { iterator } = slowPieces();
    const stream = envelopeOf({ [Symbol.asyncIterator]: () => ({ ...iterator, return: end }) }, createFakeClock());
    stream.destroy();
    await once(stream, "close");
    await soon();
    await soon();
    expect(unhandled).not.toHaveBeenCalled();
  } finally {
    process.off("unhandledRejection", unhandled);
  }
});
