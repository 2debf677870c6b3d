import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import { createSealing } from "#platform/sealing";
import { makeBackup } from "./making.ts";
import { restoreBackup, restoreDisk } from "./restore.ts";
import type { RestoreDisk } from "./restore.ts";
import { refuseUnfinishedRestore } from "./unfinished.ts";

let folder: string;
let backup: Buffer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "restore-"));
  backup = await installationBackup();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A backup of an installation that runs, with rows in its log and a history. */
async function installationBackup(passphrase?: string): Promise<Buffer> {
  const { database, directory, path, remove } = await openTemporaryDatabase();
  try {
    await writeFile(join(directory, "config.yaml"), "site_name: x\n");
    await writeFile(join(directory, "windfire.key"), new Uint8Array(32).fill(9));
    await mkdir(join(directory, "history"));
    await writeFile(join(directory, "history/rows-1.log"), "rows");
    await writeFile(join(directory, "history/raw-1.tmp"), "unfinished");
    await writeFile(join(directory, "history/Notes of mine.log"), "no restore would take it");
    await database.kysely.insertInto("servers").values({ user_id: 1, name: "kept", uuid: "u" }).execute();
    const made = await makeBackup({
      installation: { configPath: join(directory, "config.yaml"), databasePath: path },
      program: "0.1.0",
      env: { NZ_DEBUG: "1", HOME: "/root" },
      now: () => Date.UTC(2026, 0, 1),
      sealingOf: createSealing,
      passphrase,
    });
    const pieces: Uint8Array[] = [];
    for await (const piece of made.bytes()) pieces.push(piece);
    await made.snapshot.remove();
    expect((await readdir(directory)).toSorted()).toEqual(expect.not.arrayContaining([expect.stringMatching(/^\.windfire-backup/)]));
    return Buffer.concat(pieces);
  } finally {
    await remove();
  }
}

const source = (bytes: Buffer) =>
  async function* () {
    for (let at = 0; at < bytes.length; at += 4_096) yield bytes.subarray(at, at + 4_096);
  };
const order = (bytes = backup, target = join(folder, "data")) => ({ open: source(bytes), folder: target });

test("everything is there again, and nothing else", async () => {
  const { contents } = await restoreBackup(order());
  expect(contents.environment).toEqual(["NZ_DEBUG"]);
  const target = join(folder, "data");
  expect((await readdir(target)).toSorted()).toEqual(["config.yaml", "history", "sqlite.db", "windfire.key"]);
  expect(await readdir(join(target, "history"))).toEqual(["rows-1.log"]);
  expect(await readFile(join(target, "config.yaml"), "utf8")).toBe("site_name: x\n");
  expect((await readFile(join(target, "sqlite.db"))).includes("kept")).toBe(true);
  await refuseUnfinishedRestore(target);
});

test("only into an empty folder, and what lies there stays", async () => {
  const target = join(folder, "data");
  await mkdir(target);
  await writeFile(join(target, "config.yaml"), "mine");
  await expect(restoreBackup(order())).rejects.toThrow("is not empty (config.yaml is in it)");
  expect(await readFile(join(target, "config.yaml"), "utf8")).toBe("mine");
});

test("what is not whole makes no file at all", async () => {
  for (const bytes of [backup.subarray(0, -40), Buffer.from("something else"), Buffer.alloc(0)]) {
    await expect(restoreBackup(order(bytes))).rejects.toMatchObject({ name: "BackupError" });
  }
  await expect(restoreBackup({ ...order(), signer: "0".repeat(32) })).rejects.toMatchObject({ failure: "stranger" });
  const sealed = await installationBackup("right");
  await expect(restoreBackup({ ...order(sealed), passphrase: "wrong" })).rejects.toThrow("the passphrase is wrong");
  expect(await readdir(folder)).toEqual([]);
});

test("a backup that changes between the two readings is not put in place", async () => {
  const other = await installationBackup();
  let reading = 0;
  await expect(restoreBackup({ ...order(), open: () => source(reading++ === 0 ? backup : other.subarray(0, -9))() })).rejects.toMatchObject(
    {
      failure: "damaged",
    },
  );
  await expect(refuseUnfinishedRestore(join(folder, "data"))).rejects.toThrow("run windfire restore again");
});

test("without room for all of it nothing is written; a disk that fills up says so", async () => {
  await expect(restoreBackup(order(), { ...restoreDisk, freeBytes: async () => 1_000 })).rejects.toThrow("and there are 1000");
  expect(await readdir(join(folder, "data"))).toEqual([]);
  const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  await expect(restoreBackup(order(), { ...restoreDisk, write: () => Promise.reject(full) })).rejects.toBe(full);
});

/** A disk whose process ends before step `last`, and how many steps there were. */
function mortalDisk(last: number): { disk: RestoreDisk; steps: () => number } {
  let steps = 0;
  const mortal =
    <A extends readonly unknown[], R>(step: (...values: A) => Promise<R>) =>
    async (...values: A): Promise<R> => {
      if (steps++ >= last) throw new Error("killed");
      return step(...values);
    };
  const { makeFolder, write, rename, syncFolder, remove, removeEmpty, freeBytes } = restoreDisk;
  const disk = {
    makeFolder: mortal(makeFolder),
    write: mortal(write),
    rename: mortal(rename),
    syncFolder: mortal(syncFolder),
    remove: mortal(remove),
    removeEmpty: mortal(removeEmpty),
    freeBytes,
  };
  return { disk, steps: () => steps };
}

test("what unpacks to more than there is room for is refused before anything is written", async () => {
  await expect(restoreBackup({ ...order(), mostBytes: 1_000 })).rejects.toMatchObject({ failure: "large" });
  expect(await readdir(folder)).toEqual([]);
  const { contents } = await restoreBackup({ ...order(), mostBytes: 10_000_000 });
  expect(contents.files).toHaveLength(4);
});

test("killed before any step: no dashboard starts on half of it, and the same restore ends well", async () => {
  const whole = mortalDisk(Infinity);
  await restoreBackup(order(backup, join(folder, "whole")), whole.disk);
  for (let last = 0; last < whole.steps(); last++) {
    const target = join(folder, `killed-${last}`);
    await expect(restoreBackup(order(backup, target), mortalDisk(last).disk)).rejects.toThrow("killed");
    const isRefused = await refuseUnfinishedRestore(target).then(
      () => false,
      () => true,
    );
    const names = await readdir(target).catch(() => []);
    if (!isRefused) expect([0, 4]).toContain(names.length);
    if (names.length === 4 && !isRefused) continue;
    await restoreBackup(order(backup, target));
    expect((await readdir(target)).toSorted()).toEqual(["config.yaml", "history", "sqlite.db", "windfire.key"]);
  }
}, 60_000);
