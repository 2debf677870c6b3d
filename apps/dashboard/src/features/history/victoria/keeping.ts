import { createSerialQueue } from "@windfire/kit";
import { SLOT_MS } from "@windfire/tsdb";
import type { HeldRows } from "./held-rows.ts";
import type { HeldRow } from "./row-model.ts";
import type { Spool } from "./spool.ts";
import type { SpoolDrop, SpoolRow } from "./spool-records.ts";
import { createUnwritten, spooled } from "./unwritten.ts";

/** Writes down what is held, so that the end of the process costs three seconds of samples at most. */
export interface Keeping {
  /** A row waits from now on. */
  closed(row: HeldRow): void;
  /** A row waits no longer. */
  over(row: HeldRow): void;
  /** Writes what has changed, when it is time to. */
  beat(monotonic: number): Promise<void>;
  /** Resolves when everything that is held is on the disk. @throws when it cannot be written */
  write(): Promise<void>;
  /** Earlier rows of what is deleted do not come back after a start. */
  drop(drop: SpoolDrop): Promise<void>;
  /** Leaves one file: of what waits, and of the half minute that is running. */
  finish(now: number): Promise<void>;
  /** Text of the failure that keeps rows from being written down; empty while there is none. */
  readonly failure: string;
}

const WRITE_MS = 3_000;
const ROTATE_BYTES = 8 * 2 ** 20;
const ROTATE_MS = 60_000;

export function createKeeping(spool: Spool, held: () => HeldRows): Keeping {
  const unwritten = createUnwritten(held);
  const lane = createSerialQueue();
  /** Deletions that older files do not know of. */
  let drops: SpoolDrop[] = [];
  let writtenAt = Number.NEGATIVE_INFINITY;
  let rotatedAt = Number.NEGATIVE_INFINITY;
  let failure = "";

  const writeChanges = async (isAll = false): Promise<void> => {
    const rows = unwritten.take(spool.current, isAll);
    try {
      if (rows.length > 0) await spool.write(rows);
      failure = "";
    } catch (error) {
      unwritten.failed();
      failure = error instanceof Error ? error.message : String(error);
      throw error;
    }
  };
  const rotate = async (monotonic: number): Promise<void> => {
    rotatedAt = monotonic;
    await spool.rotate();
    await writeChanges(true);
    // What a process before left was written again: its files go when that is on the disk.
    await spool.sync();
    await spool.keepOnly(unwritten.isNeeded);
    if (spool.files === 1) drops = [];
    for (const drop of drops) await spool.drop(drop);
  };
  return {
    closed: unwritten.closed,
    over: unwritten.over,
    beat: (monotonic) =>
      lane.run(async () => {
        if (monotonic - writtenAt < WRITE_MS) return;
        writtenAt = monotonic;
        await writeChanges();
        const isDue = spool.bytes > ROTATE_BYTES || monotonic - rotatedAt > ROTATE_MS;
        if (isDue && spool.bytes > 0) await rotate(monotonic);
      }),
    write: () =>
      lane.run(async () => {
        await writeChanges();
        await spool.sync();
      }),
    drop: (drop) =>
      lane.run(async () => {
        drops.push(drop);
        await spool.drop(drop);
        await spool.sync();
      }),
    finish: (now) =>
      lane.run(async () => {
        const rows = held().waiting(Number.MAX_SAFE_INTEGER).map(spooled);
        const running = held().sentSince(Math.floor(now / SLOT_MS));
        await spool.rotate();
        const left = [...running.map((row) => ({ ...spooled(row), isSent: true })), ...rows];
        if (left.length > 0) await spool.write(left);
        await spool.sync();
        await spool.keepOnly(() => false);
        await spool.close();
      }),
    get failure() {
      return failure;
    },
  };
}

/** Puts back what a process before left: what is running still goes on, what was sent is done with. */
export function putBack(found: readonly SpoolRow[], held: Pick<HeldRows, "resume" | "restore">, now: number): void {
  const runningSlot = Math.floor(now / SLOT_MS);
  for (const row of found) {
    if (row.slot === runningSlot) held.resume(row);
    else if (!row.isSent) held.restore(row);
  }
}
