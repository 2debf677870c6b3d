import { createByteWriter } from "../codec/bytes.ts";
import type { Group } from "../head.ts";
import type { Disk } from "./disk.ts";
import type { LogFile } from "./log-file.ts";
import { writeRecord } from "./records.ts";

/** Closed rows beyond this many bytes are written at once instead of with the next beat. */
const PENDING_LIMIT = 4 * 2 ** 20;

/** A log of closed rows that takes no more; it may go when all its rows are sealed. */
export interface ClosedLog {
  readonly path: string;
  readonly size: number;
  /** Number of the last row in it. */
  readonly last: number;
}

/** Closed rows that are not sealed yet, on disk. */
export interface RowLog {
  /** Takes a closed row, to be written with the next `write`. */
  row(group: Group, number: number, row: { slot: number; count: number; values: Float64Array }): void;
  /** Hands everything taken so far to the file system; throws its error, and keeps what was not written. */
  write(): void;
  sync(): Promise<void> | undefined;
  /** Begins a new log. */
  rotate(last: number): Promise<void>;
  /** Logs that are complete. */
  readonly closed: readonly ClosedLog[];
  removeClosed(log: ClosedLog): void;
  /** Number of the last row in the logs removed so far. */
  readonly removedThrough: number;
  /** Bytes in the current log. */
  readonly size: number;
  close(): void;
}

interface Deps {
  readonly disk: Disk;
  readonly begin: () => LogFile;
  readonly closed: readonly ClosedLog[];
  /** Told when rows cannot be written between two beats; they are kept. */
  readonly onFailure: (error: unknown) => void;
}

export function createRowLog(deps: Deps): RowLog {
  const closed = [...deps.closed];
  const pending = createByteWriter(16_384);
  let removedThrough = 0;
  /** Bytes taken at which they are written without waiting for the beat. */
  let early = PENDING_LIMIT;
  let rows: LogFile | undefined;

  const write = (): void => {
    if (pending.length === 0) return;
    rows ??= deps.begin();
    rows.append(pending.view());
    pending.reset();
    early = PENDING_LIMIT;
  };
  const writeEarly = (): void => {
    try {
      write();
    } catch (error) {
      // Not again with every row: where the disk is full each attempt writes all of it.
      early = pending.length + PENDING_LIMIT;
      deps.onFailure(error);
    }
  };
  return {
    closed,
    row: (group, number, row) => {
      writeRecord(pending, { family: group.family, key: group.key, number, slot: row.slot, count: row.count }, row.values);
      if (pending.length > early) writeEarly();
    },
    write,
    sync: () => rows?.sync(),
    rotate: async (last) => {
      if (rows === undefined) return;
      await rows.sync();
      closed.push({ path: rows.path, size: rows.size, last });
      rows.close();
      rows = undefined;
    },
    removeClosed: (log) => {
      deps.disk.remove(log.path);
      closed.splice(closed.indexOf(log), 1);
      removedThrough = Math.max(removedThrough, log.last);
    },
    get removedThrough() {
      return removedThrough;
    },
    get size() {
      return rows?.size ?? 0;
    },
    close: () => {
      rows?.close();
      rows = undefined;
    },
  };
}
