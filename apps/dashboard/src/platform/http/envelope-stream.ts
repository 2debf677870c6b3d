import { Readable } from "node:stream";
import { systemClock } from "@windfire/kit";
import type { Clock, Timer } from "@windfire/kit";
import { ENVELOPE_HEAD, ENVELOPE_TAIL } from "./json-text.ts";

/** A client that asked for a long answer and has not taken the next piece for this long is cut off. */
const STALLED_MS = 30_000;

/** An answer in pieces, in the envelope of spec 10 section 4.1. */
export function envelopeOf(parts: AsyncIterable<string>, clock?: Pick<Clock, "setTimeout">): Readable {
  return streamOf(parts, clock, [ENVELOPE_HEAD, ENVELOPE_TAIL]);
}

/**
 * An answer in pieces, between a head and a tail. A client that takes none for a while is cut off, as is everybody when a piece cannot be
 * made; the time that making one takes is not the client's.
 */
export function streamOf(
  parts: AsyncIterable<string | Uint8Array>,
  clock: Pick<Clock, "setTimeout"> = systemClock,
  [head, tail] = ["", ""],
): Readable {
  const iterator = parts[Symbol.asyncIterator]();
  let timer: Timer | undefined;
  const pieces = async function* (): AsyncGenerator<string | Uint8Array> {
    if (head !== "") yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      timer = clock.setTimeout(() => stream.destroy(new Error("the client is too slow")), STALLED_MS).unref();
      yield next.value;
      timer.cancel();
    }
    if (tail !== "") yield tail;
  };
  const stream: Readable = Readable.from(pieces(), { objectMode: false, highWaterMark: 1 });
  // Also where the client was gone before the first piece: whoever makes the pieces has to hear of it.
  return stream.once("close", () => {
    timer?.cancel();
    void endOf(iterator);
  });
}

/** Whoever makes pieces for nobody may fail at that too. */
async function endOf(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The answer has ended already: nobody waits for what is wrong.
  }
}
