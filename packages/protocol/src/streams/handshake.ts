import { bytesOf, concatenated, startsWith, textOf } from "./bytes.ts";

const MAGIC = Uint8Array.of(0xff, 0x05, 0xff, 0x05);

/** First message of an agent on IOStream (spec 20 section 8.2). */
export function formatHandshake(streamId: string): Uint8Array {
  return concatenated(MAGIC, bytesOf(streamId));
}

/** The stream id, which may be empty; undefined without the magic. */
export function parseHandshake(bytes: Uint8Array): string | undefined {
  return startsWith(bytes, MAGIC) ? textOf(bytes.subarray(MAGIC.length)) : undefined;
}
