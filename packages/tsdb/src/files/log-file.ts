import { dirname } from "node:path";
import type { Disk, DiskFile } from "./disk.ts";
import { headerFrame, type FileHeader } from "./file-header.ts";
import { frame } from "./frames.ts";

/** A file that only grows, frame by frame. */
export interface LogFile {
  readonly path: string;
  /** Bytes written. */
  readonly size: number;
  /** Adds a frame and returns its position. On failure nothing of it stays in the file, and the failure is thrown. */
  append(payload: Uint8Array): number;
  /** Reads a stretch of the file. */
  read(into: Uint8Array, position: number): number;
  /** Resolves when everything has reached the disk; asks the disk only when there is something new. */
  sync(): Promise<void>;
  close(): void;
}

/** Begins a file. */
export function createLogFile(disk: Disk, path: string, header: Omit<FileHeader, "format" | "version">): LogFile {
  const log = logOn(disk.open(path, "create"), path, 0, () => disk.syncFolder(dirname(path)));
  try {
    log.write(headerFrame(header));
  } catch (error) {
    log.file.close();
    disk.remove(path);
    throw error;
  }
  return log.face;
}

/** Goes on with a file whose intact part ends at `end`; what lies behind it is cut off. */
export function continueLogFile(disk: Disk, path: string, end: number): LogFile {
  const file = disk.open(path, "write");
  if (file.size() > end) file.truncate(end);
  return logOn(file, path, end, () => Promise.resolve()).face;
}

function logOn(
  file: DiskFile,
  path: string,
  start: number,
  syncName: () => Promise<void>,
): { face: LogFile; file: DiskFile; write: (bytes: Uint8Array) => number } {
  let size = start;
  /** Bytes known to have reached the disk. */
  let synced = start;
  let named = start > 0;
  const write = (bytes: Uint8Array): number => {
    const position = size;
    try {
      file.write(bytes, position);
    } catch (error) {
      cutBack(file, position);
      throw error;
    }
    size += bytes.length;
    return position;
  };
  const face: LogFile = {
    path,
    get size() {
      return size;
    },
    append: (payload) => write(frame(payload)),
    read: (into, position) => file.read(into, position),
    sync: async () => {
      const length = size;
      if (synced < length) await file.sync();
      synced = Math.max(synced, length);
      if (!named) await syncName();
      named = true;
    },
    close: () => file.close(),
  };
  return { face, file, write };
}

/** Takes back a half-written frame. If that fails too, the next write overwrites it, and after a crash it is cut as a torn tail. */
function cutBack(file: DiskFile, length: number): void {
  try {
    file.truncate(length);
  } catch {
    return;
  }
}
