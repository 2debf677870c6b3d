import type { Readable } from "node:stream";

/** Bytes of request bodies that are in memory at a time, of all requests. */
const MOST_BUFFERED_BYTES = 64 * 2 ** 20;

export type Body = { readonly text: string } | { readonly refused: "too-large" | "busy" | "gone" };

/** Reads bodies up to a limit; the rest of a longer one is left unread. */
export function createBodyReader(limitBytes: number) {
  let buffered = 0;
  const counters = { busy: 0 };
  return {
    counters,
    async read(source: Readable): Promise<Body> {
      const chunks: Buffer[] = [];
      let size = 0;
      try {
        for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
          size += chunk.length;
          buffered += chunk.length;
          if (size > limitBytes) return { refused: "too-large" };
          if (buffered > MOST_BUFFERED_BYTES) {
            counters.busy++;
            return { refused: "busy" };
          }
          chunks.push(chunk);
        }
        return { text: Buffer.concat(chunks).toString() };
      } catch {
        return { refused: "gone" };
      } finally {
        buffered -= size;
      }
    },
  };
}

export type BodyReader = ReturnType<typeof createBodyReader>;
