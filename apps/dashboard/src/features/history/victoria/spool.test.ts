import { mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planFamilies } from "@windfire/tsdb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FAMILIES } from "../columns.ts";
import { openSpool } from "./spool.ts";
import type { SpoolFile } from "./spool.ts";
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

/** A disk of which only so many bytes of each frame are written, and whose files may refuse anything else. */
function failingDisk() {
  const disk: { writes: number | undefined; refuses: readonly ("truncate" | "datasync" | "close")[] } = { writes: undefined, refuses: [] };
  const unless = async (what: (typeof disk.refuses)[number], work: () => Promise<void>): Promise<void> => {
    if (disk.refuses.includes(what)) throw new Error("EIO");
    await work();
  };
  const openFile = async (path: string, flags: string, mode: number): Promise<SpoolFile> => {
    const file = await open(path, flags, mode);
    return {
      appendFile: async (frame) => {
        if (disk.writes === undefined) return file.appendFile(frame);
        await file.appendFile((frame as Buffer).subarray(0, disk.writes));
        throw new Error("ENOSPC");
      },
      truncate: (length) => unless("truncate", () => file.truncate(length)),
      datasync: () => unless("datasync", () => file.datasync()),
      close: () => unless("close", () => file.close()),
    };
  };
  return { disk, openFile };
}

test.each([
  [["truncate"], 0],
  [["truncate"], 20],
  [["truncate", "datasync"], 20],
  [["truncate", "datasync", "close"], 100],
] as const)(
  "a file that cannot be made whole again (%j refused, %d bytes written) hides nothing, whenever a crash comes",
  async (refuses, writes) => {
    const { disk, openFile } = failingDisk();
    const { spool } = await openSpool(folder, plans, openFile);
    await spool.write([rowOf(1)]);
    Object.assign(disk, { refuses, writes });
    await expect(spool.write([rowOf(2)])).rejects.toThrow("ENOSPC");
    expect(await slotsFound()).toEqual([1]);
    disk.writes = undefined;
    await spool.write([rowOf(2)]);
    expect(await slotsFound()).toEqual([1, 2]);
    disk.writes = writes;
    await expect(spool.write([rowOf(3)])).rejects.toThrow("ENOSPC");
    expect(await slotsFound()).toEqual([1, 2]);
    Object.assign(disk, { refuses: [], writes: undefined });
    await spool.write([rowOf(3)]);
    await spool.drop({ kind: "server", ids: [9] });
    expect(await slotsFound()).toEqual([1, 2, 3]);
    await spool.rotate();
    await spool.write([rowOf(4)]);
    expect(await slotsFound()).toEqual([1, 2, 3, 4]);
    await spool.close();
  },
);

test("what is written after a disk was full is found again", async () => {
  const { disk, openFile } = failingDisk();
  const { spool } = await openSpool(folder, plans, openFile);
  await spool.write([rowOf(1)]);
  disk.writes = 20;
  await expect(spool.write([rowOf(2)])).rejects.toThrow("ENOSPC");
  disk.writes = undefined;
  await spool.write([rowOf(2), rowOf(3)]);
  await spool.close();
  expect(await slotsFound()).toEqual([1, 2, 3]);
});
