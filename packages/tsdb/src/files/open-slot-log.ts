import { createByteWriter } from "../codec/bytes.ts";
import type { Group } from "../head.ts";
import type { Disk } from "./disk.ts";
import type { LogFile } from "./log-file.ts";
import { writeRecord } from "./records.ts";

/** The slots that are being filled, on disk: only the newest state of each counts, so the log is begun anew every minute. */
export interface OpenSlotLog {
  /** Marks the group's open slot as changed. */
  touch(group: Group): void;
  /** Hands the changed slots to the file system. */
  write(): void;
  sync(): Promise<void> | undefined;
  /** Writes the open slots of all `groups` into a new log and removes the old ones. */
  rotate(groups: Iterable<Group>): Promise<void>;
  readonly size: number;
  close(): void;
}

/** Bytes of one frame: longer ones are not read back, and many groups have more. */
const FRAME_BYTES = 4 * 2 ** 20;

interface Deps {
  readonly disk: Disk;
  readonly begin: () => LogFile;
  /** Logs found when the store was opened; the first rotation removes them. */
  readonly stale: readonly string[];
}

export function createOpenSlotLog(deps: Deps): OpenSlotLog {
  const partial = createByteWriter(16_384);
  const dirty: Group[] = [];
  let stale = [...deps.stale];
  let open: LogFile | undefined;

  const writeFrame = (): void => {
    if (partial.length === 0) return;
    open ??= deps.begin();
    open.append(partial.view());
    partial.reset();
  };
  const writeSlots = (groups: Iterable<Group>): void => {
    partial.reset();
    for (const group of groups) {
      if (group.slot < 0 || group.count === 0) continue;
      const { family, key, closed, slot, count } = group;
      writeRecord(partial, { family, key, number: closed, slot, count }, group.values);
      if (partial.length >= FRAME_BYTES) writeFrame();
    }
    writeFrame();
  };
  return {
    touch: (group) => {
      group.dirty = true;
      dirty.push(group);
    },
    write: () => {
      writeSlots(dirty);
      for (const group of dirty) group.dirty = false;
      dirty.length = 0;
    },
    sync: () => open?.sync(),
    rotate: async (groups) => {
      const before = open;
      open = undefined;
      try {
        writeSlots(groups);
        await (open as LogFile | undefined)?.sync();
      } finally {
        if (before !== undefined) stale.push(before.path);
        before?.close();
      }
      for (const path of stale) {
        deps.disk.remove(path);
        stale = stale.filter((other) => other !== path);
      }
    },
    get size() {
      return open?.size ?? 0;
    },
    close: () => {
      open?.close();
      open = undefined;
    },
  };
}
