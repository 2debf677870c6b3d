import type { DiskFile } from "./disk.ts";
import { frame, FRAME_HEAD, unframe } from "./frames.ts";
import type { StoredFamily } from "./schema.ts";

/** Tells one version of a day's segment from another. */
export interface DayStamp {
  readonly day: number;
  readonly stamp: number;
}

/** Every file begins with a frame that holds this as JSON text. */
export interface FileHeader {
  readonly format: "windfire-history";
  readonly version: 1;
  readonly kind: "rows" | "open" | "chunks" | "segment" | "dropped";
  readonly families: readonly StoredFamily[];
  /** Segments only: first day (days since the epoch, UTC), number of days, milliseconds per slot. */
  readonly day?: number;
  readonly days?: number;
  readonly resolution?: number;
  /** Segments of points: number of the last row of the store when it was written. Half-hour points: those of the days they were made of. */
  readonly stamps?: readonly DayStamp[];
}

const LONGEST_HEADER = 2 ** 20;

/** The header as the frame with which a file begins. */
export function headerFrame(header: Omit<FileHeader, "format" | "version">): Uint8Array {
  const full: FileHeader = { format: "windfire-history", version: 1, ...header };
  return frame(new TextEncoder().encode(JSON.stringify(full)));
}

/** Reads a payload as a header; undefined when it is none that this version understands. */
export function parseHeader(payload: Uint8Array): FileHeader | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload));
    return isHeader(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Header of a file, and the length of its frame. */
export function readHeader(file: DiskFile): { readonly header: FileHeader; readonly length: number } | undefined {
  const head = new Uint8Array(FRAME_HEAD);
  if (file.read(head, 0) < FRAME_HEAD) return undefined;
  const length = new DataView(head.buffer).getUint32(4, true);
  if (length > LONGEST_HEADER) return undefined;
  const framed = new Uint8Array(FRAME_HEAD + length);
  if (file.read(framed, 0) < framed.length) return undefined;
  const payload = unframe(framed);
  const header = payload === undefined ? undefined : parseHeader(payload);
  return header === undefined ? undefined : { header, length: framed.length };
}

function isHeader(value: unknown): value is FileHeader {
  if (typeof value !== "object" || value === null) return false;
  const header = value as Partial<FileHeader>;
  return header.format === "windfire-history" && header.version === 1 && typeof header.kind === "string" && Array.isArray(header.families);
}
