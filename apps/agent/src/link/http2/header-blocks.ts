import { ERROR_CODE, Http2Error } from "./errors.ts";
import { contentOf, FLAG, FRAME } from "./frames.ts";
import type { Frame } from "./frames.ts";
import { createHeaderDecoder } from "./hpack.ts";
import type { HeaderField } from "./hpack.ts";

const MAX_BLOCK_BYTES = 64 * 1024;

/** One complete list of fields, and whether the other side said its last with it. */
export interface HeaderBlock {
  readonly stream: number;
  readonly endStream: boolean;
  readonly fields: readonly HeaderField[];
}

/** Puts HEADERS and CONTINUATION frames together. */
export interface HeaderBlocks {
  /**
   * To be called with every frame. The block that a frame completes, undefined for the others.
   * @throws Http2Error when a block is interrupted, too large or broken
   */
  take(frame: Frame): HeaderBlock | undefined;
}

export function createHeaderBlocks(): HeaderBlocks {
  const decoder = createHeaderDecoder();
  let unfinished: { stream: number; endStream: boolean; bytes: Buffer } | undefined;
  return {
    take: (frame) => {
      const isContinued = frame.type === FRAME.continuation;
      if (unfinished === undefined ? isContinued : !isContinued || frame.stream !== unfinished.stream) {
        throw new Http2Error(ERROR_CODE.protocol, "header block out of order");
      }
      if (!isContinued && frame.type !== FRAME.headers) return undefined;
      const { stream, endStream, bytes } = unfinished ?? {
        stream: frame.stream,
        endStream: (frame.flags & FLAG.endStream) !== 0,
        bytes: Buffer.alloc(0),
      };
      const whole = Buffer.concat([bytes, isContinued ? frame.payload : contentOf(frame)]);
      if (whole.length > MAX_BLOCK_BYTES) throw new Http2Error(ERROR_CODE.enhanceYourCalm, "header block too large");
      const isComplete = (frame.flags & FLAG.endHeaders) !== 0;
      unfinished = isComplete ? undefined : { stream, endStream, bytes: whole };
      return isComplete ? { stream, endStream, fields: decoder.decode(whole) } : undefined;
    },
  };
}
