import { pathIn, type Disk } from "./disk.ts";
import type { Group } from "../head.ts";
import { createLogFile, type LogFile } from "./log-file.ts";
import { createOpenSlotLog } from "./open-slot-log.ts";
import { createRowLog, type ClosedLog } from "./row-log.ts";
import type { StoredFamily } from "../schema.ts";

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

export function createJournal({ disk, folder, families, ...deps }: Deps): Journal {
  let serial = deps.serial;
  const begin = (kind: "rows" | "open"): LogFile => createLogFile(disk, pathIn(folder, `${kind}-${serial++}.log`), { kind, families });
  const rows = createRowLog({ disk, begin: () => begin("rows"), closed: deps.closed, onFailure: deps.onFailure });
  const open = createOpenSlotLog({ disk, begin: () => begin("open"), stale: deps.staleOpen });
  return {
    closed: rows.closed,
    row: rows.row,
    touch: open.touch,
    write: async () => {
      rows.write();
      open.write();
      await Promise.all([rows.sync(), open.sync()]);
    },
    rotateRows: rows.rotate,
    rotateOpen: async (groups) => {
      // Slots that were closed since the last write are in no log of rows yet.
      rows.write();
      await rows.sync();
      await open.rotate(groups);
    },
    removeClosed: rows.removeClosed,
    get removedThrough() {
      return rows.removedThrough;
    },
    get bytes() {
      return rows.closed.reduce((sum, { size }) => sum + size, rows.size + open.size);
    },
    get rowsSize() {
      return rows.size;
    },
    close: () => {
      rows.close();
      open.close();
    },
  };
}
