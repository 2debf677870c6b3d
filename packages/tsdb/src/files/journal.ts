import { createByteWriter } from "../codec/bytes.ts";
import { pathIn, type Disk } from "./disk.ts";
import type { Group } from "../head.ts";
import { createLogFile, type LogFile } from "./log-file.ts";
import { writeRecord } from "./records.ts";
import type { StoredFamily } from "../schema.ts";

/** Closed rows beyond this many bytes are written at once instead of with the next beat. */
const PENDING_LIMIT = 4 * 2 ** 20;

/** A log of closed rows that takes no more; it may go when all its rows are sealed. */
export interface ClosedLog {
  readonly path: string;
  readonly size: number;
  /** Number of the last row in it. */
  readonly last: number;
}

/**
 * What is not sealed yet, on disk: closed rows in one log, and the slots that are being filled in another, which is begun anew every
 * minute because only the newest state of each slot counts.
 */
export interface Journal {
  /** Takes a closed row, to be written with the next `write`. */
  row(group: Group, number: number, row: { slot: number; count: number; values: Float64Array }): void;
  /** Marks the group's open slot as changed. */
  touch(group: Group): void;
  /** Writes everything taken so far; resolves when it has reached the disk. Throws the file system's error, and keeps what was not written. */
  write(): Promise<void>;
  /** Begins a new log of rows. */
  rotateRows(last: number): Promise<void>;
  /** Writes the open slots of all `groups` into a new log and removes the old ones. */
  rotateOpen(groups: Iterable<Group>): Promise<void>;
  /** Logs of closed rows that are complete. */
  readonly closed: readonly ClosedLog[];
  removeClosed(log: ClosedLog): void;
  /** Number of the last row in the logs removed so far. */
  readonly removedThrough: number;
  readonly bytes: number;
  /** Bytes in the current log of rows. */
  readonly rowsSize: number;
  close(): void;
}

interface Deps {
  readonly disk: Disk;
  readonly folder: string;
  readonly families: readonly StoredFamily[];
  /** Number in the name of the first new file. */
  readonly serial: number;
  readonly closed: readonly ClosedLog[];
  /** Told when rows cannot be written between two beats; they are kept. */
  readonly onFailure: (error: unknown) => void;
  /** Logs of open slots found when the store was opened; the first rotation removes them. */
  readonly staleOpen: readonly string[];
}

export function createJournal(deps: Deps): Journal {
  const { disk, folder, families } = deps;
  const closed = [...deps.closed];
  const pending = createByteWriter(16_384);
  const partial = createByteWriter(16_384);
  const dirty: Group[] = [];
  let stale = [...deps.staleOpen];
  let serial = deps.serial;
  let removedThrough = 0;
  const begin = (kind: "rows" | "open"): LogFile => createLogFile(disk, pathIn(folder, `${kind}-${serial++}.log`), { kind, families });
  let rows: LogFile | undefined;
  let open: LogFile | undefined;

  const writeRows = (): void => {
    if (pending.length === 0) return;
    rows ??= begin("rows");
    rows.append(pending.view());
    pending.reset();
  };
  const writeEarly = (): void => {
    try {
      writeRows();
    } catch (error) {
      deps.onFailure(error);
    }
  };
  const writeOpen = (groups: Iterable<Group>): void => {
    partial.reset();
    for (const group of groups) {
      if (group.slot < 0 || group.count === 0) continue;
      writeRecord(
        partial,
        { family: group.family, key: group.key, number: group.closed, slot: group.slot, count: group.count },
        group.values,
      );
    }
    if (partial.length === 0) return;
    open ??= begin("open");
    open.append(partial.view());
  };
  return {
    closed,
    row: (group, number, row) => {
      writeRecord(pending, { family: group.family, key: group.key, number, slot: row.slot, count: row.count }, row.values);
      if (pending.length > PENDING_LIMIT) writeEarly();
    },
    touch: (group) => {
      group.dirty = true;
      dirty.push(group);
    },
    write: async () => {
      writeRows();
      writeOpen(dirty);
      for (const group of dirty) group.dirty = false;
      dirty.length = 0;
      await Promise.all([rows?.sync(), open?.sync()]);
    },
    rotateRows: async (last) => {
      if (rows === undefined) return;
      await rows.sync();
      closed.push({ path: rows.path, size: rows.size, last });
      rows.close();
      rows = undefined;
    },
    rotateOpen: async (groups) => {
      // Slots that were closed since the last write are in no log of rows yet.
      writeRows();
      await rows?.sync();
      const before = open;
      open = undefined;
      try {
        writeOpen(groups);
        await (open as LogFile | undefined)?.sync();
      } catch (error) {
        if (before !== undefined) stale.push(before.path);
        before?.close();
        throw error;
      }
      before?.close();
      if (before !== undefined) stale.push(before.path);
      for (const path of stale) {
        disk.remove(path);
        stale = stale.filter((other) => other !== path);
      }
    },
    removeClosed: (log) => {
      disk.remove(log.path);
      closed.splice(closed.indexOf(log), 1);
      removedThrough = Math.max(removedThrough, log.last);
    },
    get removedThrough() {
      return removedThrough;
    },
    get bytes() {
      return closed.reduce((sum, { size }) => sum + size, (rows?.size ?? 0) + (open?.size ?? 0));
    },
    get rowsSize() {
      return rows?.size ?? 0;
    },
    close: () => {
      rows?.close();
      open?.close();
      rows = undefined;
      open = undefined;
    },
  };
}
