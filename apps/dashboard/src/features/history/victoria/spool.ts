import { createHash } from "node:crypto";
import { open, readdir, readFile, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { createSerialQueue, makeFolder } from "@windfire/kit";
import type { FamilyPlan } from "@windfire/tsdb";
import { belongsTo } from "./belonging.ts";
import { dropFrame, readFrames, rowFrames } from "./spool-records.ts";
import type { SpoolDrop, SpoolRow } from "./spool-records.ts";

/** Files of what waits to be sent: what is acknowledged survives the end of the process. */
export interface Spool {
  /** Number of the file that is written to. */
  readonly current: number;
  /** Bytes in it. */
  readonly bytes: number;
  /** Files that are there, with it. */
  readonly files: number;
  /** Writes rows behind what is there. */
  write(rows: readonly SpoolRow[]): Promise<void>;
  /** Writes that earlier rows count no more. */
  drop(drop: SpoolDrop): Promise<void>;
  /** Begins a new file. */
  rotate(): Promise<void>;
  /** Removes files that nothing is waited for from; never the one that is written to. */
  keepOnly(isNeeded: (file: number) => boolean): Promise<void>;
  /** Resolves when what was written is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

const NAME = /^waiting-(\d{8})-([0-9a-f]{8})\.log$/;
const FOLDER_MODE = 0o750;
const FILE_MODE = 0o600;

/** A file that is written to, as far as it is used here. */
export type SpoolFile = Pick<FileHandle, "appendFile" | "truncate" | "datasync" | "close">;

/** With what the files held, the last of each half minute. @throws when the folder cannot be made or read */
export async function openSpool(
  folder: string,
  plans: readonly FamilyPlan[],
  openFile: (path: string, flags: string, mode: number) => Promise<SpoolFile> = open,
): Promise<{ readonly spool: Spool; readonly found: SpoolRow[] }> {
  await makeFolder(folder, FOLDER_MODE);
  const shape = shapeOf(plans);
  const lane = createSerialQueue();
  const known = new Set<number>();
  const pathOf = (number: number): string => join(folder, `waiting-${String(number).padStart(8, "0")}-${shape}.log`);
  const rows = new Map<string, SpoolRow>();
  for (const name of (await readdir(folder)).toSorted()) {
    const [, number, ofShape] = NAME.exec(name) ?? [];
    // Columns of another version: nobody can tell what the numbers were.
    if (number === undefined || ofShape !== shape) continue;
    known.add(Number(number));
    readFrames(await readFile(join(folder, name)), plans, keepLast(rows));
  }
  let current = Math.max(0, ...known) + 1;
  let bytes = 0;
  let file: SpoolFile | undefined;

  /** Goes on in a new file; what was whole in this one stays. */
  const begin = async (): Promise<void> => {
    const before = file;
    file = undefined;
    current++;
    bytes = 0;
    await before?.close();
  };
  /** The file cannot be made whole again. */
  const leave = async (): Promise<void> => {
    await file?.datasync().catch(() => undefined);
    await begin().catch(() => undefined);
  };
  const append = async (frame: Buffer): Promise<void> => {
    file ??= await openFile(pathOf(current), "a", FILE_MODE);
    known.add(current);
    try {
      await file.appendFile(frame);
    } catch (error) {
      // Behind a frame that is cut short nothing would be read.
      await file.truncate(bytes).catch(leave);
      throw error;
    }
    bytes += frame.byteLength;
  };
  const spool: Spool = {
    get current() {
      return current;
    },
    get bytes() {
      return bytes;
    },
    get files() {
      return known.size;
    },
    write: (written) =>
      lane.run(async () => {
        for (const frame of rowFrames(written)) await append(frame);
      }),
    drop: (drop) => lane.run(() => append(dropFrame(drop))),
    rotate: () => lane.run(begin),
    keepOnly: (isNeeded) =>
      lane.run(async () => {
        for (const number of known) {
          if (number === current || isNeeded(number)) continue;
          await rm(pathOf(number), { force: true });
          known.delete(number);
        }
      }),
    sync: () => lane.run(async () => file?.datasync()),
    close: () =>
      lane.run(async () => {
        await file?.close();
        file = undefined;
      }),
  };
  return { spool, found: [...rows.values()] };
}

/** The latest record of a half minute holds all of its samples. */
function keepLast(rows: Map<string, SpoolRow>): Parameters<typeof readFrames>[2] {
  return {
    row: (row) => {
      const key = `${row.plan.index}/${row.key}/${row.slot}`;
      rows.delete(key);
      rows.set(key, row);
    },
    drop: (kind, id) => {
      for (const [key, row] of rows) if (belongsTo(row, kind, id)) rows.delete(key);
    },
  };
}

/** Files tell by their name which columns their rows have. */
function shapeOf(plans: readonly FamilyPlan[]): string {
  const shape = plans.map(({ family }) => [family.name, ...family.columns.map(({ name, fold }) => `${name}:${fold}`)]);
  return createHash("sha256").update(JSON.stringify(shape)).digest("hex").slice(0, 8);
}
