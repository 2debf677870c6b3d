import type { Part } from "./envelope.ts";

/** A message whose other parts do not come is given up. */
const PATIENCE_MS = 10_000;

interface Unfinished {
  readonly parts: (Uint8Array | undefined)[];
  readonly since: number;
  missing: number;
  bytes: number;
}

export interface AssemblyDeps {
  readonly monotonic: () => number;
  /** Most bytes of all messages that are not whole yet. */
  readonly mostBytes: number;
}

/** Puts messages together that came in parts. What does not fit, or does not come to an end, is dropped and counted. */
export function createAssembly({ monotonic, mostBytes }: AssemblyDeps) {
  const unfinished = new Map<string, Unfinished>();
  let bytes = 0;
  let dropped = 0;
  const remove = (key: string, message: Unfinished): void => {
    unfinished.delete(key);
    bytes -= message.bytes;
  };
  const dropOldest = (): void => {
    for (const [key, message] of unfinished) {
      if (bytes <= mostBytes && monotonic() - message.since < PATIENCE_MS) return;
      remove(key, message);
      dropped++;
    }
  };
  return {
    get dropped() {
      return dropped;
    },
    get bytes() {
      return bytes;
    },
    /** The body of the message that is whole with this part. */
    take(part: Part): Uint8Array | undefined {
      if (part.parts === 1) return part.body;
      if (part.part >= part.parts) return undefined;
      const key = `${part.from} ${part.kind} ${part.number}`;
      const message = unfinished.get(key) ?? {
        parts: Array.from({ length: part.parts }),
        since: monotonic(),
        missing: part.parts,
        bytes: 0,
      };
      if (message.parts.length !== part.parts || message.parts[part.part] !== undefined) return undefined;
      unfinished.set(key, message);
      message.parts[part.part] = part.body;
      message.missing--;
      message.bytes += part.body.length;
      bytes += part.body.length;
      if (message.missing > 0) {
        dropOldest();
        return undefined;
      }
      remove(key, message);
      return Buffer.concat(message.parts.filter((body) => body !== undefined));
    },
  };
}
