import { createHash } from "node:crypto";
import type { Compressor } from "#platform/compression";

/** Bytes that readers are sent, plain and compressed, with what names them. */
export interface Edition {
  readonly etag: string;
  readonly contentType: string;
  readonly policy: string;
  readonly plain: Buffer;
  readonly gzip: Buffer | undefined;
  readonly br: Buffer | undefined;
}

export interface Draft {
  readonly text: string;
  readonly contentType: string;
  /** "": none. */
  readonly policy: string;
}

interface Kept {
  readonly edition: number;
  readonly made: Promise<Edition>;
  bytes: number;
  /** Once it is there. */
  ready?: Edition;
}

/** What all pages together keep; least lately read goes first. */
const MOST_BYTES = 64 * 2 ** 20;
const LEAST_COMPRESSED = 512;

/**
 * Documents drawn and compressed once for all who read them. A document is drawn anew when what it shows was put together anew; who comes
 * while that is under way waits for it with everybody else.
 */
export function createEditions(compressor: Pick<Compressor, "compress">) {
  const kept = new Map<string, Kept>();
  let bytes = 0;

  const make = async ({ text, contentType, policy }: Draft): Promise<Edition> => {
    const plain = Buffer.from(text);
    const pack = (form: "gzip" | "br"): Promise<Buffer | undefined> | undefined =>
      plain.length < LEAST_COMPRESSED ? undefined : compressor.compress(plain, form);
    const [gzip, br] = [await pack("gzip"), await pack("br")];
    const etag = `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`;
    return { etag, contentType, policy, plain, gzip, br };
  };
  const drop = (key: string): void => {
    bytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  return {
    /** What is there of an edition; undefined: it has to be drawn. */
    ready(key: string, edition: number): Edition | undefined {
      const known = kept.get(key);
      return known?.edition === edition ? known.ready : undefined;
    },
    /** `key` names the document, `edition` the state of what it shows. */
    of(key: string, edition: number, draw: () => Draft): Promise<Edition> {
      const known = kept.get(key);
      if (known !== undefined && known.edition === edition) return known.made;
      drop(key);
      const entry: Kept = { edition, made: Promise.resolve().then(() => make(draw())), bytes: 0 };
      kept.set(key, entry);
      entry.made.then(
        (made) => {
          const { plain, gzip, br } = made;
          entry.ready = made;
          if (kept.get(key) !== entry) return;
          entry.bytes = plain.length + (gzip?.length ?? 0) + (br?.length ?? 0);
          bytes += entry.bytes;
          for (const oldest of kept.keys()) {
            if (bytes <= MOST_BYTES) break;
            drop(oldest);
          }
        },
        () => (kept.get(key) === entry ? drop(key) : undefined),
      );
      return entry.made;
    },
    get bytes() {
      return bytes;
    },
  };
}

export type Editions = ReturnType<typeof createEditions>;
