import { expect, test } from "vitest";
import { createPagePool } from "../codec/row-pages.ts";
import { createGroup, openSlot, type Group } from "../head.ts";
import { createOpenSlotLog } from "./open-slot-log.ts";
import { createRowLog } from "./row-log.ts";
import type { LogFile } from "./log-file.ts";

const COLUMNS = 60_000;
/** Half a megabyte each. */
const groups = Array.from({ length: 40 }, (_, key): Group => {
  const group = createGroup(0, key, createPagePool(3));
  openSlot(group, COLUMNS, 1);
  group.count = 1;
  return group;
});

/** A log in memory that knows the lengths of its frames. */
function lengths(append: (bytes: number) => void): LogFile {
  return {
    path: "x",
    size: 0,
    append: (payload) => {
      append(payload.length);
      return 0;
    },
    read: () => 0,
    sync: () => Promise.resolve(),
    close: () => undefined,
  };
}

test("open slots of however many groups are frames that can be read back", async () => {
  const frames: number[] = [];
  const disk = { remove: () => undefined } as never;
  const log = createOpenSlotLog({ disk, begin: () => lengths((bytes) => frames.push(bytes)), stale: [] });
  for (const group of groups) log.touch(group);
  log.write();
  await log.rotate(groups);
  expect(Math.max(...frames)).toBeLessThan(5 * 2 ** 20);
  expect(frames.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(2 * groups.length * COLUMNS * 8);
});

test("where closed rows cannot be written that is not tried again with every row; none is lost", () => {
  let isFull = true;
  let tries = 0;
  const failures: unknown[] = [];
  const written: number[] = [];
  const begin = (): LogFile =>
    lengths((bytes) => {
      tries++;
      if (isFull) throw new Error("no space left");
      written.push(bytes);
    });
  const log = createRowLog({ disk: undefined as never, begin, closed: [], onFailure: (error) => failures.push(error) });
  for (const [index, group] of groups.entries()) log.row(group, index, { slot: 1, count: 1, values: group.values });
  expect(tries).toBeLessThan(6);
  expect(failures).toHaveLength(tries);
  isFull = false;
  log.write();
  expect(written[0]).toBeGreaterThan(groups.length * COLUMNS * 8);
});
