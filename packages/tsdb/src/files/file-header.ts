import type { DiskFile } from "./disk.ts";
import { frame, FRAME_HEAD, unframe } from "./frames.ts";
import type { StoredFamily } from "../schema.ts";

/** Tells one version of a day's segment from another. */
export interface DayStamp {
  readonly day: number;
  readonly stamp: number;
}

/** Every file begins with a frame that holds this as JSON text. */
export interface FileHeader {
  readonly format: "windfire-history";
  readonly version: number;
  readonly kind: "rows" | "open" | "chunks" | "segment" | "dropped";
  readonly families: readonly StoredFamily[];
  /** Segments only: first day (days since the epoch, UTC), number of days, milliseconds per slot. */
  readonly day?: number;
  readonly days?: number;
  readonly resolution?: number;
  /** Segments of points: number of the last row of the store when it was written. Half-hour points: those of the days they were made of. */
  readonly stamps?: readonly DayStamp[];
}

/** 2: means in roll-ups are finer, roll-ups have stamps. Files of version 1 are read. */
const VERSION = 2;
const LONGEST_HEADER = 2 ** 20;

/** The header as the frame with which a file begins. */
export function headerFrame(header: Omit<FileHeader, "format" | "version">): Uint8Array {
  const full: FileHeader = { format: "windfire-history", version: VERSION, ...header };
  return frame(new TextEncoder().encode(JSON.stringify(full)));
}

/** Reads a payload as a header; undefined when it is none. Throws when a newer version of this program wrote it: then nothing may be touched. */
export function parseHeader(payload: Uint8Array): FileHeader | undefined {
  const value = parseJson(payload);
  if (!isHeader(value)) return undefined;
  if (value.version > VERSION) throw new Error(`the history was written by a newer version (format ${value.version}, known ${VERSION})`);
  return value;
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
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
  return (
    header.format === "windfire-history" &&
    Number.isInteger(header.version) &&
    typeof header.kind === "string" &&
    Array.isArray(header.families)
  );
}
