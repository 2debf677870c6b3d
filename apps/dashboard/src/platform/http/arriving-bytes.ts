import type { Readable } from "node:stream";
import { refuseText } from "#kernel";
import type { AppError } from "#kernel";

const CUT_SHORT = refuseText("unexpected EOF", 400);

/**
 * The bytes of a request as they arrive, up to a limit; what follows is left unread. Nothing is read before somebody asks.
 *
 * @throws an `AppError` in place of the next piece: the limit is passed, or the sender went away before the end
 */
export async function* arrivingBytes(
  source: Readable,
  limitBytes: number,
  tooLarge: (limitBytes: number) => AppError,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const piece of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > limitBytes) break;
      yield piece;
    }
  } catch {
    throw CUT_SHORT;
  }
  if (size > limitBytes) throw tooLarge(limitBytes);
}
