import { bytesOf, concatenated, readUint64, startsWith, textOf, uint64Bytes } from "./bytes.ts";

const MAGIC_BYTES = 4;
const SIZE_END = 12;
const DIGEST_END = 44;

/** Largest payload of one data frame, in bytes. */
export const MCP_CHUNK_BYTES = 1024 * 1024;
/** Largest file, in bytes. */
export const MCP_TRANSFER_CAP = 104_857_600;
/** What is kept of an error text, in bytes. */
const ERROR_CAP = 8 * 1024;

/** Frames from the agent on an MCP file stream (spec 20 section 13). An all-zero sha256 means "not computed". */
export type McpFrame =
  | { readonly kind: "upload-ready"; readonly size: number }
  | { readonly kind: "download-header"; readonly size: number; readonly sha256: Uint8Array }
  | { readonly kind: "data"; readonly payload: Uint8Array }
  | { readonly kind: "done"; readonly size: number; readonly sha256: Uint8Array }
  | { readonly kind: "error"; readonly text: string };

/** Text of a frame that breaks the format, as callers are told. */
export type McpFrameFault =
  | "frame too short"
  | "upload header too short"
  | "download header too short"
  | "ok header too short"
  | "data frame length mismatch"
  | "unexpected frame magic";

const MAGIC = {
  "upload-ready": bytesOf("NZTU"),
  "download-header": bytesOf("NZTD"),
  data: bytesOf("NZTC"),
  done: bytesOf("NZTO"),
  error: bytesOf("NZTE"),
} as const;

export function formatMcpFrame(frame: McpFrame): Uint8Array {
  const magic = MAGIC[frame.kind];
  switch (frame.kind) {
    case "upload-ready":
      return concatenated(magic, uint64Bytes(frame.size));
    case "download-header":
    case "done":
      return concatenated(magic, uint64Bytes(frame.size), frame.sha256);
    case "data":
      return concatenated(magic, uint64Bytes(frame.payload.length), frame.payload);
    case "error":
      return concatenated(magic, bytesOf(frame.text).subarray(0, ERROR_CAP));
  }
}

/** One gRPC message is one frame. The text of the fault when it is none. */
export function parseMcpFrame(bytes: Uint8Array): McpFrame | McpFrameFault {
  if (bytes.length < MAGIC_BYTES) return "frame too short";
  if (startsWith(bytes, MAGIC.error)) return { kind: "error", text: textOf(bytes.subarray(MAGIC_BYTES, MAGIC_BYTES + ERROR_CAP)) };
  if (startsWith(bytes, MAGIC.data)) return parseData(bytes);
  if (startsWith(bytes, MAGIC["upload-ready"])) {
    return bytes.length < SIZE_END ? "upload header too short" : { kind: "upload-ready", size: readUint64(bytes, MAGIC_BYTES) };
  }
  if (startsWith(bytes, MAGIC["download-header"])) {
    return bytes.length < DIGEST_END ? "download header too short" : { kind: "download-header", ...sizeAndDigest(bytes) };
  }
  if (startsWith(bytes, MAGIC.done)) return bytes.length < DIGEST_END ? "ok header too short" : { kind: "done", ...sizeAndDigest(bytes) };
  return "unexpected frame magic";
}

function parseData(bytes: Uint8Array): McpFrame | McpFrameFault {
  if (bytes.length < SIZE_END) return "frame too short";
  if (readUint64(bytes, MAGIC_BYTES) !== bytes.length - SIZE_END) return "data frame length mismatch";
  return { kind: "data", payload: bytes.subarray(SIZE_END) };
}

function sizeAndDigest(bytes: Uint8Array): { size: number; sha256: Uint8Array } {
  return { size: readUint64(bytes, MAGIC_BYTES), sha256: bytes.subarray(SIZE_END, DIGEST_END) };
}
