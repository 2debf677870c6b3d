/** Byte layouts of the file manager (spec 11 section 13.7); integers are big-endian. */
const LIST = 0;
const UPLOAD = 2;
const MARK_BYTES = 4;

/** Frames are relayed in pieces of at most this size; a shorter one ends what it belongs to. */
export const PIECE = 1024 * 1024;

export interface Entry {
  readonly name: string;
  readonly folder: boolean;
}

export interface Listing {
  /** What was really read: the home folder when the asked one is missing. */
  readonly path: string;
  readonly entries: readonly Entry[];
}

type Bytes = Uint8Array<ArrayBuffer>;
const encode = (text: string): Bytes => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

export const listRequest = (path: string): Bytes => joined([Uint8Array.of(LIST), encode(path)]);

export function uploadRequest(path: string, size: number): Bytes {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(size));
  return joined([Uint8Array.of(UPLOAD), length, encode(path)]);
}

export function joined(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export type Answer =
  | { readonly kind: "list" }
  | { readonly kind: "uploaded" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "unknown" };

/** What the first frame of an answer says. Only ask where a first frame is due: data carries no marks. */
export function readAnswer(frame: Uint8Array): Answer {
  switch (decode(frame.subarray(0, MARK_BYTES))) {
    case "NZFN":
      return { kind: "list" };
    case "NZUP":
      return { kind: "uploaded" };
    case "NERR":
      return { kind: "failed", reason: decode(frame.subarray(MARK_BYTES)) };
    default:
      return { kind: "unknown" };
  }
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A whole list; `undefined` when it is cut short. Folders first, then by name. */
export function readListing(frame: Uint8Array): Listing | undefined {
  if (frame.length < MARK_BYTES + 4) return undefined;
  const pathEnd = MARK_BYTES + 4 + view(frame).getUint32(MARK_BYTES);
  if (pathEnd > frame.length) return undefined;
  const entries: Entry[] = [];
  let at = pathEnd;
  while (at < frame.length) {
    const end = at + 2 + (frame[at + 1] ?? 0);
    if (at + 2 > frame.length || end > frame.length) return undefined;
    entries.push({ folder: frame[at] === 1, name: decode(frame.subarray(at + 2, end)) });
    at = end;
  }
  return { path: decode(frame.subarray(MARK_BYTES + 4, pathEnd)), entries: entries.toSorted(byKindAndName) };
}

function byKindAndName(a: Entry, b: Entry): number {
  return Number(b.folder) - Number(a.folder) || a.name.localeCompare(b.name, undefined, { numeric: true });
}
