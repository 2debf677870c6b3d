import { hash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, deflateRaw, gzip } from "node:zlib";
import { createSerialQueue } from "@windfire/kit";
import type { Coding } from "./accept-encoding.ts";

/** Sizes in bytes. */
export interface CompressorLimits {
  /** What was compressed lately is kept, oldest use goes first. */
  readonly cacheBytes: number;
  /** What waits to be compressed; who comes then gets plain bytes. */
  readonly waitingBytes: number;
}

/** `raw`: a piece of a deflate stream that others can be put behind. */
export type Form = Coding | "raw";

/**
 * Compresses off the event loop, two pieces at a time, so that the threads are there for others too. Equal content is compressed once,
 * however many ask for it at the same time or soon after.
 */
export interface Compressor {
  /** Undefined when too much is waiting. Nobody changes the bytes any more. */
  compress(bytes: Buffer, form: Form): Promise<Buffer | undefined>;
  readonly counters: Readonly<{ compressed: number; reused: number; busy: number }>;
  readonly cachedBytes: number;
}

/** Small pieces do not wait for large ones. */
const SMALL_BYTES = 64 * 1024;
const GZIP_LEVEL = 6;
/** The fourth of eleven takes as long as gzip and leaves a tenth less. */
const BROTLI_QUALITY = 4;

const FORMS: Readonly<Record<Form, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: GZIP_LEVEL }),
  raw: (bytes) => promisify(deflateRaw)(bytes, { level: GZIP_LEVEL, finishFlush: constants.Z_SYNC_FLUSH }),
};

export function createCompressor(limits: CompressorLimits): Compressor {
  const counters = { compressed: 0, reused: 0, busy: 0 };
  const cache = new Map<string, Buffer>();
  /** Of what is sent more than once as the same bytes, which nobody changes any more: a megabyte takes half a millisecond. */
  const digests = new WeakMap<Buffer, string>();
  const underWay = new Map<string, Promise<Buffer>>();
  const [small, large] = [createSerialQueue(), createSerialQueue()];
  let cachedBytes = 0;
  let waitingBytes = 0;

  function keep(key: string, bytes: Buffer): void {
    if (bytes.length > limits.cacheBytes / 4) return;
    cache.set(key, bytes);
    cachedBytes += bytes.length;
    for (const [oldest, { length }] of cache) {
      if (cachedBytes <= limits.cacheBytes) return;
      cache.delete(oldest);
      cachedBytes -= length;
    }
  }

  function digestOf(bytes: Buffer): string {
    const known = digests.get(bytes);
    if (known !== undefined) return known;
    const digest = hash("sha256", bytes, "base64url");
    digests.set(bytes, digest);
    return digest;
  }

  function reuse(key: string): Buffer | Promise<Buffer> | undefined {
    const kept = cache.get(key);
    if (kept === undefined) return underWay.get(key);
    cache.delete(key);
    cache.set(key, kept);
    return kept;
  }

  async function run(key: string, bytes: Buffer, form: Form): Promise<Buffer> {
    waitingBytes += bytes.length;
    try {
      const result = await (bytes.length < SMALL_BYTES ? small : large).run(() => FORMS[form](bytes));
      counters.compressed++;
      keep(key, result);
      return result;
    } finally {
      waitingBytes -= bytes.length;
      underWay.delete(key);
    }
  }

  return {
    counters,
    get cachedBytes() {
      return cachedBytes;
    },
    async compress(bytes, form) {
      const key = `${form} ${bytes.length} ${digestOf(bytes)}`;
      const known = reuse(key);
      if (known !== undefined) {
        counters.reused++;
        return known;
      }
      if (waitingBytes > 0 && waitingBytes + bytes.length > limits.waitingBytes) {
        counters.busy++;
        return undefined;
      }
      const made = run(key, bytes, form);
      underWay.set(key, made);
      return made;
    },
  };
}
