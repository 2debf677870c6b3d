/** A head that is there, one character a byte and without the empty line, and what came after it. */
export interface CollectedHead {
  readonly text: string;
  readonly rest: Buffer;
}

/** Routers and applications with many cookies send more than a browser does. In bytes. */
const MAX_HEAD = 256 * 1024;
/** What a piece counts for beside its bytes: a head in very many pieces takes memory too. */
const PIECE_COST = 64;
const LF = 0x0a;
const CR = 0x0d;

/** Puts heads together that come in pieces: everything up to an empty line, whose ends may lack the carriage return. */
export function createHeadCollector() {
  let pieces: Buffer[] = [];
  let cost = 0;
  /** Nothing but carriage returns since the last line's end. */
  let isBlank = true;
  /** Some line was not empty: empty ones before everything are passed over. */
  let hasBegun = false;

  /** @returns where the head ends in these bytes */
  const findEnd = (bytes: Buffer): number | undefined => {
    for (let at = 0; at < bytes.length;) {
      const end = bytes.indexOf(LF, at);
      const line = bytes.subarray(at, end < 0 ? bytes.length : end);
      isBlank &&= line.every((byte) => byte === CR);
      hasBegun ||= !isBlank;
      if (end < 0) return undefined;
      if (isBlank && hasBegun) return end + 1;
      isBlank = true;
      at = end + 1;
    }
    return undefined;
  };
  return {
    take(bytes: Buffer): CollectedHead | "too-large" | undefined {
      const end = findEnd(bytes);
      pieces.push(bytes.subarray(0, end));
      cost += (end ?? bytes.length) + PIECE_COST;
      if (cost > MAX_HEAD) return "too-large";
      if (end === undefined) return undefined;
      const text = Buffer.concat(pieces).toString("latin1").trim();
      pieces = [];
      cost = 0;
      isBlank = true;
      hasBegun = false;
      return { text, rest: bytes.subarray(end) };
    },
  };
}
