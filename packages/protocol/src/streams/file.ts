import { bytesOf, concatenated, readUint32, readUint64, startsWith, textOf, uint32Bytes, uint64Bytes } from "./bytes.ts";

const LIST = 0;
const DOWNLOAD = 1;
const UPLOAD = 2;
const UPLOAD_HEADER_BYTES = 9;

const LISTING = bytesOf("NZFN");
const DOWNLOAD_HEADER = bytesOf("NZTD");
const UPLOAD_DONE = bytesOf("NZUP");
const FAILURE = bytesOf("NERR");
const MAX_NAME_BYTES = 255;

/** What a browser asks the file manager for (spec 20 section 11.2). Sizes in bytes. */
export type FileRequest =
  | { readonly kind: "list"; readonly path: string }
  | { readonly kind: "download"; readonly path: string }
  | { readonly kind: "upload"; readonly size: number; readonly path: string };

export interface FileEntry {
  readonly kind: "file" | "directory";
  readonly name: string;
}

/** What the file manager answers (spec 20 section 11.3). Anything else on the stream is file data. */
export type FileResponse =
  | { readonly kind: "listing"; readonly path: string; readonly entries: readonly FileEntry[] }
  | { readonly kind: "download"; readonly size: number }
  | { readonly kind: "uploaded" }
  | { readonly kind: "error"; readonly text: string };

export function formatFileRequest(request: FileRequest): Uint8Array {
  const path = bytesOf(request.path);
  if (request.kind === "upload") return concatenated(Uint8Array.of(UPLOAD), uint64Bytes(request.size), path);
  return concatenated(Uint8Array.of(request.kind === "list" ? LIST : DOWNLOAD), path);
}

/** `invalid` is answered with the error `data is invalid`, `unknown` is not answered. */
export function parseFileRequest(bytes: Uint8Array): FileRequest | "invalid" | "unknown" {
  switch (bytes[0]) {
    case undefined:
      return "invalid";
    case LIST:
      return { kind: "list", path: textOf(bytes.subarray(1)) };
    case DOWNLOAD:
      return { kind: "download", path: textOf(bytes.subarray(1)) };
    case UPLOAD:
      if (bytes.length < UPLOAD_HEADER_BYTES) return "invalid";
      return { kind: "upload", size: readUint64(bytes, 1), path: textOf(bytes.subarray(UPLOAD_HEADER_BYTES)) };
    default:
      return "unknown";
  }
}

/** Entries whose names are longer than 255 bytes do not fit the format and are left out. */
export function formatFileResponse(response: FileResponse): Uint8Array {
  switch (response.kind) {
    case "listing":
      return formatListing(response.path, response.entries);
    case "download":
      return concatenated(DOWNLOAD_HEADER, uint64Bytes(response.size));
    case "uploaded":
      return UPLOAD_DONE.slice();
    case "error":
      return concatenated(FAILURE, bytesOf(response.text));
  }
}

/** Undefined for file data and for a frame that is cut short. */
export function parseFileResponse(bytes: Uint8Array): FileResponse | undefined {
  if (startsWith(bytes, FAILURE)) return { kind: "error", text: textOf(bytes.subarray(FAILURE.length)) };
  if (startsWith(bytes, LISTING)) return parseListing(bytes);
  if (startsWith(bytes, DOWNLOAD_HEADER) && bytes.length === 12) return { kind: "download", size: readUint64(bytes, 4) };
  return startsWith(bytes, UPLOAD_DONE) && bytes.length === 4 ? { kind: "uploaded" } : undefined;
}

function formatListing(path: string, entries: readonly FileEntry[]): Uint8Array {
  const pathBytes = bytesOf(path);
  const rows = entries.flatMap((entry) => {
    const name = bytesOf(entry.name);
    if (name.length > MAX_NAME_BYTES) return [];
    return [Uint8Array.of(entry.kind === "directory" ? 1 : 0, name.length), name];
  });
  return concatenated(LISTING, uint32Bytes(pathBytes.length), pathBytes, ...rows);
}

function parseListing(bytes: Uint8Array): FileResponse | undefined {
  if (bytes.length < 8) return undefined;
  const pathEnd = 8 + readUint32(bytes, 4);
  if (pathEnd > bytes.length) return undefined;
  const entries: FileEntry[] = [];
  for (let at = pathEnd; at < bytes.length;) {
    const end = at + 2 + (bytes[at + 1] ?? 0);
    if (at + 2 > bytes.length || end > bytes.length) return undefined;
    entries.push({ kind: bytes[at] === 1 ? "directory" : "file", name: textOf(bytes.subarray(at + 2, end)) });
    at = end;
  }
  return { kind: "listing", path: textOf(bytes.subarray(8, pathEnd)), entries };
}
