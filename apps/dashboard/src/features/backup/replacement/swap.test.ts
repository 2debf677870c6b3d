import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { placesOf, readOrder, writeOrder } from "./order.ts";
import type { Order } from "./order.ts";
import { swapDisk } from "./swap-disk.ts";
import type { SwapDisk } from "./swap-disk.ts";
import { finishReplacement, orderReplacement, settleReplacement, undoReplacement } from "./swap.ts";

const OLD = { "nz.db": "old rows", "nz.db-wal": "old log", "windfire.key": "old key", "history/rows-1.log": "old history" };
const NEW = { "nz.db": "new rows", "windfire.key": "new key", "history/rows-2.log": "new history" };
const KEPT = "before-restore-20260101T000000Z";
const order: Order = {
  state: "prepared",
  kind: "restore",
  keptIn: KEPT,
  backup: { created_at: "2026-01-01T00:00:00.000Z", program: "0.1.0", signer: "s", own: true, files: 4, bytes: 9, environment: [] },
  actor: { kind: "user", userId: 1, username: "admin", tokenId: 0, address: "" },
  error: "",
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "swap-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** An installation with one prepared beside it; its configuration lies elsewhere. */
async function prepared(name: string) {
  const folder = join(root, name, "data");
  const installation = { configPath: join(root, name, "etc/windfire.yaml"), databasePath: join(folder, "nz.db") };
  const { next } = placesOf(installation);
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, text);
  };
  for (const [part, text] of Object.entries(OLD)) await put(join(folder, part), text);
  for (const [part, text] of Object.entries(NEW)) await put(join(next, part), text);
  await put(installation.configPath, "old config");
  await put(join(next, "config.yaml"), "new config");
  await put(join(folder, "geoip.mmdb"), "stays");
  await writeOrder(placesOf(installation), order);
  return { installation, folder, kept: join(folder, KEPT) };
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(async (path) => [path.slice(folder.length + 1), await readFile(path, "utf8")] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** A disk whose process ends before step `last`, and how many steps there were. */
function mortalDisk(last: number): { disk: SwapDisk; steps: () => number } {
  let steps = 0;
  const mortal =
    <A extends readonly unknown[]>(step: (...values: A) => Promise<void>) =>
    async (...values: A): Promise<void> => {
      if (steps++ >= last) throw new Error("killed");
      return step(...values);
    };
  const { copy, makeFolder, move, remove, syncFolder, writeWhole } = swapDisk;
  const disk = {
    copy: mortal(copy),
    makeFolder: mortal(makeFolder),
    move: mortal(move),
    remove: mortal(remove),
    syncFolder: mortal(syncFolder),
    writeWhole: mortal(writeWhole),
  };
  return { disk, steps: () => steps };
}

/** Everything of the installation is one or the other, and nothing of either is lost. */
async function expectWhole(at: Awaited<ReturnType<typeof prepared>>, which: "old" | "new"): Promise<void> {
  const here = await filesIn(at.folder);
  const parts = Object.fromEntries(Object.entries(here).filter(([name]) => /^(?:nz\.db|windfire\.key|history)/.test(name)));
  expect(parts).toEqual(which === "old" ? OLD : NEW);
  expect(await readFile(at.installation.configPath, "utf8")).toBe(`${which} config`);
  expect(here["geoip.mmdb"]).toBe("stays");
}

test("what is only prepared touches nothing", async () => {
  const at = await prepared("idle");
  expect(await finishReplacement(at.installation)).toBeUndefined();
  await expectWhole(at, "old");
});

test("killed before any step, the next start ends it: the new in its place, the old beside it, whole", async () => {
  const count = await prepared("whole");
  await orderReplacement(count.installation, order);
  const whole = mortalDisk(Infinity);
  await finishReplacement(count.installation, whole.disk);
  expect(whole.steps()).toBeGreaterThan(15);
  for (let last = 0; last < whole.steps(); last++) {
    const at = await prepared(`killed-${last}`);
    await orderReplacement(at.installation, order);
    await expect(finishReplacement(at.installation, mortalDisk(last).disk)).rejects.toThrow("killed");
    expect(await finishReplacement(at.installation)).toMatchObject({ state: "moved" });
    await expectWhole(at, "new");
    expect(await filesIn(at.kept)).toEqual({ ...OLD, "config.yaml": "old config" });
    await settleReplacement(at.installation);
    expect(await readdir(at.folder)).not.toContain(".windfire-replace");
  }
});

test("killed before any step of ordering it: prepared, or ordered", async () => {
  for (const last of [0, 1]) {
    const at = await prepared(`order-${last}`);
    await expect(orderReplacement(at.installation, order, mortalDisk(last).disk)).rejects.toThrow("killed");
    const isOrdered = (await finishReplacement(at.installation)) !== undefined;
    await expectWhole(at, isOrdered ? "new" : "old");
    expect(isOrdered).toBe(last === 1);
  }
});

test("no dashboard starts on it: the old is taken back, also when that is killed before any step", async () => {
  const count = await prepared("undo");
  const moved = async (at: typeof count): Promise<void> => {
    await orderReplacement(at.installation, order);
    await finishReplacement(at.installation);
  };
  await moved(count);
  const whole = mortalDisk(Infinity);
  expect(await undoReplacement(count.installation, "the port is taken", whole.disk)).toBe(true);
  for (let last = 0; last < whole.steps(); last++) {
    const at = await prepared(`undo-${last}`);
    await moved(at);
    await expect(undoReplacement(at.installation, "the port is taken", mortalDisk(last).disk)).rejects.toThrow("killed");
    if ((await readOrder(placesOf(at.installation)))?.kind === "restore") await undoReplacement(at.installation, "the port is taken");
    expect(await finishReplacement(at.installation)).toMatchObject({ kind: "undo", state: "moved", error: "the port is taken" });
    await expectWhole(at, "old");
    expect(await undoReplacement(at.installation, "again")).toBe(false);
    await settleReplacement(at.installation);
    expect((await readdir(at.folder)).toSorted()).toEqual(["geoip.mmdb", "history", "nz.db", "nz.db-wal", "windfire.key"]);
  }
});

test("what cannot be moved is taken back, and the order says why", async () => {
  for (const [name, broken] of [
    ["out", (from: string, to: string) => from.endsWith("data/history") && to.includes(KEPT)],
    ["in", (from: string) => from.includes("next/history")],
  ] as const) {
    const at = await prepared(name);
    await orderReplacement(at.installation, order);
    const move: SwapDisk["move"] = async (from, to) => {
      if (broken(from, to)) throw new Error("EBUSY: resource busy or locked");
      return swapDisk.move(from, to);
    };
    await finishReplacement(at.installation, { ...swapDisk, move });
    await expectWhole(at, "old");
    expect(await readOrder(placesOf(at.installation))).toMatchObject({ error: "EBUSY: resource busy or locked" });
  }
});

test("the newest three of those that were replaced stay", async () => {
  const at = await prepared("many");
  for (const day of [2, 3, 4]) await mkdir(join(at.folder, `before-restore-2025010${day}T000000Z`));
  await orderReplacement(at.installation, order);
  await finishReplacement(at.installation);
  await settleReplacement(at.installation);
  const kept = (await readdir(at.folder)).filter((name) => name.startsWith("before-"));
  expect(kept.toSorted()).toEqual(["before-restore-20250103T000000Z", "before-restore-20250104T000000Z", KEPT]);
});

test("an order that nobody wrote so stops the start instead of guessing", async () => {
  const at = await prepared("strange");
  await writeFile(placesOf(at.installation).order, "{");
  await expect(finishReplacement(at.installation)).rejects.toThrow("cannot be read");
});
