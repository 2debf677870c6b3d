import type { Framing } from "./answer-head.ts";

/** What a piece of the connection brought. */
export interface BodyStep {
  readonly data: readonly Buffer[];
  /** `done`: the body is whole, what follows is not its; `broken`: it is no body of this framing. */
  readonly state: "open" | "done" | "broken";
}

/** Takes a body out of what the backend sends. */
export interface BodyReader {
  take(bytes: Buffer): BodyStep;
  /** Whether the body is whole when the backend says no more. */
  isWholeAtEnd(): boolean;
}

/** Longest line with a chunk's size, and most bytes of what comes after the last chunk. */
const MAX_LINE = 4_096;
const MAX_TRAILERS = 65_536;
const SIZE = /^[ \t]*([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i;

export function createBodyReader(framing: Framing): BodyReader {
  switch (framing.kind) {
    case "none":
      return lengthReader(0);
    case "length":
      return lengthReader(framing.bytes);
    case "chunked":
      return chunkReader();
    case "close":
      return closeReader();
  }
}

function lengthReader(length: number): BodyReader {
  let left = length;
  return {
    take(bytes) {
      const data = bytes.subarray(0, left);
      left -= data.length;
      return { data: data.length > 0 ? [data] : [], state: left === 0 ? "done" : "open" };
    },
    isWholeAtEnd: () => left === 0,
  };
}

/** Official agents say "EOF" in a message of its own after the last byte of the backend: that is no part of the body. */
function closeReader(): BodyReader {
  let held: Buffer | undefined;
  return {
    take(bytes) {
      const data = held === undefined ? [] : [held];
      held = bytes.length === 3 && bytes.toString("latin1") === "EOF" ? bytes : undefined;
      return { data: held === undefined && bytes.length > 0 ? [...data, bytes] : data, state: "open" };
    },
    isWholeAtEnd: () => true,
  };
}

/** Chunks whose lines may end without a carriage return; extensions and trailers are left out. */
function chunkReader(): BodyReader {
  let expects: "size" | "data" | "data-end" | "trailers" = "size";
  let left = 0;
  let line = "";
  let trailers = 0;

  /** The rest of a line, without its end; undefined while that is not there. */
  const takeLine = (bytes: Buffer, at: number): { text: string; next: number } | undefined => {
    const end = bytes.indexOf(0x0a, at);
    line += bytes.toString("latin1", at, end < 0 ? bytes.length : end);
    if (end < 0) return undefined;
    const text = line.trimEnd();
    line = "";
    return { text, next: end + 1 };
  };
  /** What a whole line means for what is expected next. */
  const takeText = (text: string): BodyStep["state"] => {
    if (expects === "trailers") return text === "" ? "done" : "open";
    if (expects === "data-end") {
      expects = "size";
      return text === "" ? "open" : "broken";
    }
    const size = SIZE.exec(text)?.[1];
    if (size === undefined) return "broken";
    left = parseInt(size, 16);
    expects = left === 0 ? "trailers" : "data";
    return "open";
  };
  return {
    take(bytes) {
      const data: Buffer[] = [];
      for (let at = 0; at < bytes.length;) {
        if (expects === "data") {
          const piece = bytes.subarray(at, at + left);
          data.push(piece);
          at += piece.length;
          left -= piece.length;
          if (left === 0) expects = "data-end";
          continue;
        }
        const whole = takeLine(bytes, at);
        if (expects === "trailers") trailers += (whole?.next ?? bytes.length) - at;
        if (line.length > MAX_LINE || trailers > MAX_TRAILERS) return { data, state: "broken" };
        if (whole === undefined) break;
        at = whole.next;
        const state = takeText(whole.text);
        if (state !== "open") return { data, state };
      }
      return { data, state: "open" };
    },
    // The last chunk is there; many forget the empty line after it.
    isWholeAtEnd: () => expects === "trailers",
  };
}
