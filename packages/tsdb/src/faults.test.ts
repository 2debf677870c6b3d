import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { crc32 } from "node:zlib";
import { expect, test, vi } from "vitest";
import { CONTRACT_FAMILIES, CONTRACT_START } from "./testing/contract-families.ts";
import { pointsOf } from "./testing/store-under-test.ts";
import { nodeDisk, type Disk, type DiskFile } from "./files/disk.ts";
import { openStore } from "./store.ts";
import { TEST_LIMITS } from "./testing/test-limits.ts";
import { makeTestbed, quickDisk, type Testbed } from "./testing/testbed.ts";

vi.setConfig({ testTimeout: 60_000 });

const SLOT = 30_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const EVERYTHING = { from: CONTRACT_START - 10 * DAY, to: CONTRACT_START + 100 * DAY, step: SLOT };

/** Appends one sample of two groups for each slot of a span and lets the store work. */
async function fill(bed: Testbed, slots: number): Promise<void> {
  for (let slot = 0; slot < slots; slot++) {
    const at = bed.time.now + (slot % 20) * SLOT;
    for (const group of [1, 2]) bed.store.append("host", group, at, [slot % 50, slot]);
    bed.store.append("probe", 1, at, [1, 1]);
    if (slot % 20 === 19) await bed.advance(20 * SLOT);
  }
}

function filesOf(bed: Testbed, prefix: string): string[] {
  return readdirSync(bed.folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(bed.folder, name));
}

function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(path, bytes);
}

async function sumOf(bed: Testbed): Promise<number> {
  const points = await pointsOf(bed.store, "probe", "up", EVERYTHING);
  return points.reduce((sum, [, up]) => sum + up, 0);
}

test("a writer that is killed loses at most what it had not yet flushed, and nothing is there twice", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tsdb-kill-"));
  try {
    let before = 0;
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [new URL("./testing/killed-writer.ts", import.meta.url).pathname, folder, String(round)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let flushed = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        flushed = Number(line);
        if (flushed > 1_500 * (round + 1)) break;
      }
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      const store = await openStore({ folder, families: CONTRACT_FAMILIES, limits: TEST_LIMITS, disk: nodeDisk, clock: fixedClock() });
      const { starts, counts, columns } = await store.query({ family: "probe", group: 1, columns: [{ column: "up" }], ...EVERYTHING });
      const [ups] = columns;
      const total = ups?.reduce((sum, up) => sum + up, 0) ?? 0;
      expect(total).toBeGreaterThanOrEqual(before + flushed);
      // Each sample counts one: were any row there twice, a slot would hold more than the ten samples that were written to it.
      expect(Math.max(...counts)).toBeLessThanOrEqual(10);
      expect(ups).toEqual(counts);
      expect(new Set(starts).size).toBe(starts.length);
      expect((await store.stats()).damaged).toBe(0);
      before = total;
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a torn end of a log is cut off", async () => {
  const bed = await makeTestbed();
  await fill(bed, 40);
  await bed.store.flush();
  for (const path of [...filesOf(bed, "rows-"), ...filesOf(bed, "open-")]) {
    appendFileSync(path, Uint8Array.of(0x57, 0x66, 0x74, 0x66, 200, 0, 0, 0, 1, 2, 3));
  }
  await bed.crash();
  expect(await sumOf(bed)).toBe(40);
  expect((await bed.store.stats()).damaged).toBe(0);
  await bed.dispose();
});

test("a log that ends in the middle of a frame keeps what came before", async () => {
  const bed = await makeTestbed();
  await fill(bed, 40);
  await bed.store.flush();
  await fill(bed, 20);
  await bed.store.flush();
  const [path] = filesOf(bed, "rows-");
  truncateSync(path ?? "", statSync(path ?? "").size - 5);
  await bed.crash();
  const sum = await sumOf(bed);
  expect(sum).toBeGreaterThanOrEqual(40);
  expect(sum).toBeLessThan(60);
  await bed.dispose();
});

test("a damaged chunk is counted and left out; the rest is served and gathered", async () => {
  const bed = await makeTestbed({ headBytes: 1 });
  await fill(bed, 480);
  await bed.store.close();
  const [path] = filesOf(bed, "chunks-");
  flipByte(path ?? "", Math.floor(statSync(path ?? "").size / 2));
  await bed.crash();
  const points = await pointsOf(bed.store, "host", "bytes", EVERYTHING);
  const others = await pointsOf(bed.store, "host", "bytes", EVERYTHING, 2);
  expect(points.length + others.length).toBeLessThan(960);
  expect(points.length + others.length).toBeGreaterThan(700);
  expect((await bed.store.stats()).damaged).toBe(1);
  for (let hour = 0; hour < 40; hour++) await bed.advance(HOUR);
  expect(filesOf(bed, "raw-")).toHaveLength(1);
  expect(await pointsOf(bed.store, "host", "bytes", EVERYTHING)).toEqual(points);
  await bed.dispose();
});

test("a chunk that goes bad while the store is open is counted once", async () => {
  const bed = await makeTestbed({ headBytes: 1 });
  await fill(bed, 200);
  const [path] = filesOf(bed, "chunks-");
  flipByte(path ?? "", Math.floor(statSync(path ?? "").size / 2));
  for (const group of [1, 2, 1, 2]) await pointsOf(bed.store, "host", "bytes", EVERYTHING, group);
  await pointsOf(bed.store, "probe", "up", EVERYTHING);
  expect((await bed.store.stats()).damaged).toBe(1);
  await bed.dispose();
});

test("a damaged part of a day takes at most one group with it", async () => {
  const bed = await makeTestbed();
  await fill(bed, 2_880);
  for (let hour = 0; hour < 6; hour++) await bed.advance(HOUR);
  const whole = await pointsOf(bed.store, "host", "bytes", EVERYTHING, 2);
  expect(whole).toHaveLength(2_880);
  expect((await bed.store.stats()).points).toBe(2_880 * 6);
  const [path] = filesOf(bed, "raw-");
  const size = statSync(path ?? "").size;
  for (const at of [0.2, 0.4, 0.6, 0.8].map((share) => Math.floor(share * size))) {
    flipByte(path ?? "", at);
    await bed.reopen();
    const lengths = await Promise.all([1, 2].map((group) => pointsOf(bed.store, "host", "load", EVERYTHING, group)));
    const sums = await sumOf(bed);
    const bytes = await Promise.all([1, 2].map((group) => pointsOf(bed.store, "host", "bytes", EVERYTHING, group)));
    const lost = [...lengths, ...bytes].filter(
      (points) => points.some(([, value]) => Number.isNaN(value)) || points.length !== 2_880,
    ).length;
    expect(lost + (sums === 2_880 ? 0 : 1)).toBeLessThanOrEqual(2);
    flipByte(path ?? "", at);
  }
  await bed.reopen();
  expect(await pointsOf(bed.store, "host", "bytes", EVERYTHING, 2)).toEqual(whole);
  await bed.dispose();
});

test("half-hour points that are damaged are made anew, and the points answer meanwhile", async () => {
  const bed = await makeTestbed();
  await fill(bed, 2_880);
  for (let hour = 0; hour < 6; hour++) await bed.advance(HOUR);
  const window = { ...EVERYTHING, step: HOUR / 2 };
  const before = await pointsOf(bed.store, "host", "bytes", window);
  const [path] = filesOf(bed, "half-");
  // The first group's block begins right behind the frame of the header.
  flipByte(path ?? "", 12 + readFileSync(path ?? "").readUInt32LE(4) + 20);
  await bed.reopen();
  expect(await pointsOf(bed.store, "host", "bytes", window)).toEqual(before);
  expect((await bed.store.stats()).damaged).toBe(1);
  for (let minutes = 0; minutes < 3; minutes++) await bed.advance(600_000);
  expect(filesOf(bed, "half-")).toHaveLength(1);
  expect(await pointsOf(bed.store, "host", "bytes", window)).toEqual(before);
  await bed.dispose();
});

test("a file whose index is gone is set aside", async () => {
  const bed = await makeTestbed();
  await fill(bed, 2_880);
  for (let hour = 0; hour < 6; hour++) await bed.advance(HOUR);
  await bed.store.close();
  for (const path of filesOf(bed, "raw-")) flipByte(path, statSync(path).size - 10);
  await bed.crash();
  expect((await bed.store.stats()).damaged).toBe(1);
  expect(filesOf(bed, "raw-").map((path) => path.slice(-8))).toEqual([".damaged"]);
  bed.store.append("host", 1, bed.time.now, [1, 2]);
  expect(await bed.store.latest("host", 1)).toMatchObject({ values: Float64Array.of(1, 2) });
  await bed.dispose();
});

/** Gives the files of a folder another version in their headers. */
function setVersion(bed: Testbed, from: number, to: number): void {
  for (const path of filesOf(bed, "")) {
    const bytes = readFileSync(path);
    const length = bytes.readUInt32LE(4);
    const header = bytes.subarray(12, 12 + length);
    header.write(header.toString("latin1").replace(`"version":${from}`, `"version":${to}`), "latin1");
    bytes.writeUInt32LE(crc32(header), 8);
    writeFileSync(path, bytes);
  }
}

test("files of version 1 are read, and go on", async () => {
  const bed = await makeTestbed();
  await fill(bed, 3_200);
  for (let hour = 0; hour < 6; hour++) await bed.advance(HOUR);
  await fill(bed, 40);
  const before = await pointsOf(bed.store, "host", "bytes", EVERYTHING);
  expect(before.length).toBeGreaterThan(3_000);
  await bed.store.close();
  setVersion(bed, 2, 1);
  await bed.crash();
  expect(await pointsOf(bed.store, "host", "bytes", EVERYTHING)).toEqual(before);
  expect((await bed.store.stats()).damaged).toBe(0);
  await bed.dispose();
});

test("files of a newer version are refused and stay as they are", async () => {
  const bed = await makeTestbed();
  await fill(bed, 3_200);
  for (let hour = 0; hour < 6; hour++) await bed.advance(HOUR);
  await bed.store.close();
  setVersion(bed, 2, 3);
  const names = readdirSync(bed.folder);
  await expect(bed.crash()).rejects.toThrow("newer");
  expect(readdirSync(bed.folder)).toEqual(names);
  setVersion(bed, 3, 2);
  await bed.crash();
  await bed.dispose();
});

interface FailingDisk {
  readonly disk: Disk;
  /** Bytes that may still be written; then writes fail half-way. */
  room: number;
  free: number;
}

/** A file system that runs full as real ones do: part of a write is done, then ENOSPC. */
function makeFailingDisk(): FailingDisk {
  const failing: FailingDisk = {
    disk: { ...quickDisk, open: (path, mode) => limited(quickDisk.open(path, mode)), freeBytes: () => failing.free },
    room: Number.POSITIVE_INFINITY,
    free: 2 ** 40,
  };
  const limited = (file: DiskFile): DiskFile => ({
    ...file,
    write: (bytes, position) => {
      const done = Math.min(bytes.length, failing.room);
      file.write(bytes.subarray(0, done), position);
      failing.room -= done;
      if (done < bytes.length) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    },
  });
  return failing;
}

test.each([0, 10, 100, 1_000, 5_000, 20_000, 60_000])(
  "a disk that is full after %d bytes stops writing, and everything goes on when there is room",
  async (room) => {
    const failing = makeFailingDisk();
    const bed = await makeTestbed({ disk: failing.disk, headBytes: 1 });
    await fill(bed, 100);
    failing.room = room;
    let accepted = 100;
    for (let slot = 0; slot < 3_000; slot++) {
      const { dropped } = await bed.store.stats();
      bed.store.append("probe", 1, bed.time.now, [1, 1]);
      for (const group of [1, 2]) bed.store.append("host", group, bed.time.now, [slot, slot]);
      if ((await bed.store.stats()).dropped.stopped === dropped.stopped) accepted++;
      await bed.advance(SLOT);
    }
    expect(await bed.store.stats()).toMatchObject({ state: "write-failed", reason: "ENOSPC: no space left on device, write" });
    expect((await bed.store.stats()).dropped.stopped).toBeGreaterThan(0);
    expect(await sumOf(bed)).toBe(accepted);
    failing.room = Number.POSITIVE_INFINITY;
    await bed.advance(20_000);
    expect((await bed.store.stats()).state).toBe("writing");
    await fill(bed, 100);
    for (let hour = 0; hour < 8; hour++) await bed.advance(HOUR);
    expect(await sumOf(bed)).toBe(accepted + 100);
    await bed.store.flush();
    await bed.crash();
    expect(await sumOf(bed)).toBe(accepted + 100);
    expect((await bed.store.stats()).damaged).toBe(0);
    await bed.dispose();
  },
);

test("less free space than is to stay free stops writing until there is more", async () => {
  const failing = makeFailingDisk();
  const bed = await makeTestbed({ disk: failing.disk, limits: { minFreeBytes: 1_000 } });
  await fill(bed, 20);
  failing.free = 999;
  await bed.advance(20_000);
  expect(await bed.store.stats()).toMatchObject({ state: "low-disk", freeBytes: 999 });
  bed.store.append("probe", 1, bed.time.now, [1, 1]);
  expect((await bed.store.stats()).dropped.stopped).toBe(1);
  failing.free = 1_099;
  await bed.advance(20_000);
  expect(await bed.store.stats()).toMatchObject({ state: "low-disk", freeBytes: 1_099 });
  failing.free = 1_100;
  await bed.advance(20_000);
  bed.store.append("probe", 1, bed.time.now, [1, 1]);
  expect(await bed.store.stats()).toMatchObject({ state: "writing", reason: "" });
  expect(await sumOf(bed)).toBe(21);
  await bed.dispose();
});

test("the size budget ends the oldest points first, and roll-ups take their place", async () => {
  const bed = await makeTestbed({ limits: { sizeBudgetBytes: 100_000 } });
  await fill(bed, 20 * 2_880);
  const { bytes, oldest } = await bed.store.stats();
  expect(bytes.raw).toBeLessThan(50_000);
  expect(bytes.fiveMinutes).toBeGreaterThan(0);
  expect(oldest).toBe(CONTRACT_START);
  const days = await bed.store.query({ family: "probe", group: 1, columns: [{ column: "up" }], ...EVERYTHING, step: DAY });
  expect([...(days.columns[0] ?? [])].slice(0, 19)).toEqual(new Array(19).fill(2_880));
  await bed.dispose();
});

test("a clock that jumps years ahead for an hour empties nothing", async () => {
  const bed = await makeTestbed({ limits: { rawDays: 3 } });
  await fill(bed, 3 * 2_880);
  bed.time.now += 1_000 * DAY;
  await fill(bed, 120);
  bed.time.now -= 1_000 * DAY;
  await fill(bed, 120);
  await bed.reopen();
  expect(await sumOf(bed)).toBe(3 * 2_880 + 120);
  const later = { ...EVERYTHING, from: CONTRACT_START + 1_000 * DAY, to: CONTRACT_START + 1_010 * DAY };
  expect(await pointsOf(bed.store, "probe", "up", later)).toHaveLength(120);
  await bed.dispose();
});

test("months of points lie in a few dozen files", async () => {
  const bed = await makeTestbed({ limits: { rawDays: 5 } });
  for (let day = 0; day < 120; day++) {
    for (let hour = 0; hour < 24; hour++) {
      bed.store.append("host", 1, bed.time.now, [hour, day]);
      await bed.advance(HOUR);
    }
  }
  expect(readdirSync(bed.folder).length).toBeLessThan(90);
  const hours = await bed.store.query({
    family: "host",
    group: 1,
    columns: [{ column: "load" }],
    ...EVERYTHING,
    to: bed.time.now,
    step: HOUR,
  });
  expect(hours.starts).toHaveLength(120 * 24);
  expect([...(hours.columns[0] ?? [])].slice(0, 24)).toEqual(Array.from({ length: 24 }, (_, hour) => hour));
  await bed.dispose();
});

function fixedClock(): { now: () => number; monotonic: () => number } {
  return { now: () => CONTRACT_START + DAY, monotonic: () => 0 };
}
