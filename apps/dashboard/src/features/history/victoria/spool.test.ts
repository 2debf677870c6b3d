import { mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planFamilies } from "@windfire/tsdb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FAMILIES } from "../columns.ts";
import { openSpool } from "./spool.ts";
import type { SpoolRow } from "./spool-records.ts";

const plans = planFamilies(FAMILIES);
const [plan] = plans;
if (plan === undefined) throw new Error("there are families");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-spool-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const rowOf = (slot: number): SpoolRow => ({ plan, key: 1, slot, count: 1, values: plan.folds.map(() => slot), isSent: false });
const slotsFound = async (): Promise<number[]> => {
  const { spool, found } = await openSpool(folder, plans);
  await spool.close();
  return found.map(({ slot }) => slot);
};

test("rows of a long outage are written in frames that are far from what a reader refuses", async () => {
  const rows = Array.from({ length: 40_000 }, (_, slot) => rowOf(slot));
  const { spool } = await openSpool(folder, plans);
  await spool.write(rows);
  await spool.close();
  const [name = ""] = await readdir(folder);
  const bytes = await readFile(join(folder, name));
  const frames: number[] = [];
  for (let at = 0; at < bytes.byteLength; at += 8 + (frames.at(-1) ?? 0)) frames.push(bytes.readUInt32LE(at));
  expect(Math.max(...frames)).toBeLessThan(4 * 2 ** 20);
  expect(await slotsFound()).toEqual(rows.map(({ slot }) => slot));
});

test("what is written after a disk was full is found again", async () => {
  let isFull = false;
  const { spool } = await openSpool(folder, plans, async (path, flags, mode) => {
    const file = await open(path, flags, mode);
    return {
      appendFile: async (frame) => {
        if (!isFull) return file.appendFile(frame);
        await file.appendFile((frame as Buffer).subarray(0, 20));
        throw new Error("ENOSPC");
      },
      truncate: (length) => file.truncate(length),
      datasync: () => file.datasync(),
      close: () => file.close(),
    };
  });
  await spool.write([rowOf(1)]);
  isFull = true;
  await expect(spool.write([rowOf(2)])).rejects.toThrow("ENOSPC");
  isFull = false;
  await spool.write([rowOf(2), rowOf(3)]);
  await spool.close();
  expect(await slotsFound()).toEqual([1, 2, 3]);
});
