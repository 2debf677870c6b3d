import { crc32 } from "node:zlib";
import type { DiskFile } from "./disk.ts";

/** Before each frame: magic, length and CRC-32 of the payload, four bytes each. */
export const FRAME_HEAD = 12;
const MAGIC = 0x66_74_66_57; // "Wftf" on disk
const LONGEST_PAYLOAD = 2 ** 26;
const WINDOW = 2 ** 20;

/** What a scan met. */
export interface Scan {
  /** End of the last intact frame: what lies behind it is a torn tail. */
  readonly end: number;
  /** Damaged stretches between intact frames. */
  readonly damaged: number;
}

/** The payload with its frame around it. */
export function frame(payload: Uint8Array): Uint8Array {
  const framed = new Uint8Array(FRAME_HEAD + payload.length);
  const data = new DataView(framed.buffer);
  data.setUint32(0, MAGIC, true);
  data.setUint32(4, payload.length, true);
  data.setUint32(8, crc32(payload), true);
  framed.set(payload, FRAME_HEAD);
  return framed;
}

/** The payload of a frame that fills `framed`; undefined when it is damaged. */
export function unframe(framed: Uint8Array): Uint8Array | undefined {
  if (framed.length < FRAME_HEAD) return undefined;
  const data = new DataView(framed.buffer, framed.byteOffset, framed.byteLength);
  const payload = framed.subarray(FRAME_HEAD);
  const intact =
    data.getUint32(0, true) === MAGIC && data.getUint32(4, true) === payload.length && data.getUint32(8, true) === crc32(payload);
  return intact ? payload : undefined;
}

/**
 * Hands every intact frame to `visit`, with the position of the frame. Behind a damaged one the search goes on at the next intact frame.
 * The payload is only valid during the call.
 */
export function scanFrames(file: DiskFile, visit: (payload: Uint8Array, offset: number) => void): Scan {
  const window = createWindow(file);
  let offset = 0;
  let end = 0;
  let damaged = 0;
  let searching = false;
  while (offset + FRAME_HEAD <= window.size) {
    const payload = frameAt(window, offset);
    if (payload === undefined) {
      if (offset === end) searching = true;
      offset = nextMagic(window, offset + 1);
      continue;
    }
    if (searching) damaged++;
    searching = false;
    visit(payload, offset);
    offset += FRAME_HEAD + payload.length;
    end = offset;
  }
  return { end, damaged };
}

interface Window {
  readonly size: number;
  /** Bytes from `offset`, at least `length` of them unless the file ends; valid until the next call. */
  at(offset: number, length: number): Uint8Array;
}

function createWindow(file: DiskFile): Window {
  const size = file.size();
  let bytes = new Uint8Array(Math.min(WINDOW, size));
  let start = 0;
  let held = 0;
  return {
    size,
    at: (offset, length) => {
      if (offset < start || offset + length > start + held) {
        if (length > bytes.length) bytes = new Uint8Array(Math.min(length, size));
        start = offset;
        held = file.read(bytes, offset);
      }
      return bytes.subarray(offset - start, held);
    },
  };
}

function frameAt(window: Window, offset: number): Uint8Array | undefined {
  const head = window.at(offset, FRAME_HEAD);
  const data = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (data.getUint32(0, true) !== MAGIC) return undefined;
  const length = data.getUint32(4, true);
  if (length > LONGEST_PAYLOAD || offset + FRAME_HEAD + length > window.size) return undefined;
  return unframe(window.at(offset, FRAME_HEAD + length).subarray(0, FRAME_HEAD + length));
}

function nextMagic(window: Window, from: number): number {
  for (let offset = from; offset + FRAME_HEAD <= window.size;) {
    const bytes = window.at(offset, FRAME_HEAD);
    const found = indexOfMagic(bytes);
    if (found >= 0) return offset + found;
    offset += Math.max(1, bytes.length - 3);
  }
  return window.size;
}

function indexOfMagic(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(0x57); at >= 0 && at + 4 <= bytes.length; at = bytes.indexOf(0x57, at + 1)) {
    if (bytes[at + 1] === 0x66 && bytes[at + 2] === 0x74 && bytes[at + 3] === 0x66) return at;
  }
  return -1;
}
