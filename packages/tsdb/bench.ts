/**
 * Prints what the store costs: bytes per stored point, CPU per sample and per query. `node bench.ts [groups] [days] [samples per point]`.
 * The values walk as those of real hosts do: memory in pages, load in hundredths, sensors in half degrees, counters that only grow.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeDisk, openStore, SLOT_MS, type Family, type Store } from "./src/index.ts";

const DAY_MS = 86_400_000;
const [groups = 10, days = 10, samplesPerPoint = 1] = process.argv.slice(2).map(Number);

const mean = (name: string, step: number): Family["columns"][number] => ({ name, fold: "mean", step });
const last = (name: string): Family["columns"][number] => ({ name, fold: "last", step: 1 });
const FAMILY: Family = {
  name: "host",
  columns: [
    mean("cpu", 0.01),
    ...["memory", "swap", "disk"].map((name) => mean(name, 1024)),
    ...["in_speed", "out_speed"].map((name) => mean(name, 1)),
    ...["in_total", "out_total"].map(last),
    ...["load1", "load5", "load15"].map((name) => mean(name, 0.001)),
    ...["tcp", "udp", "processes", "temperature"].map((name) => mean(name, 0.1)),
    last("uptime"),
    mean("gpu", 0.1),
  ],
};

/** Numbers between 0 and 1, the same in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One pretended host; `next` moves its readings on by some seconds. */
function createHost(seed: number): { readonly values: Float64Array; next(seconds: number): void } {
  const random = createRandom(seed);
  const memory = 2 ** 30 * Math.ceil(random() * 64);
  const disk = 2 ** 30 * Math.ceil(20 + random() * 2_000);
  const values = Float64Array.of(
    random() * 40,
    memory / 4,
    memory / 64,
    disk / 4,
    0,
    0,
    2 ** 42 * random(),
    2 ** 41 * random(),
    1,
    1,
    1,
    100,
    10,
    150,
    45,
    1e6,
    0,
  );
  const walk = (index: number, step: number, low: number, high: number, grain: number): void => {
    const moved = Math.min(high, Math.max(low, (values[index] as number) + (random() - 0.5) * step));
    values[index] = grain === 0 ? moved : Math.floor(moved / grain) * grain;
  };
  const load = (index: number, value: number): void => {
    values[index] = Math.round(Math.min(32, Math.max(0.01, value)) * 100) / 100;
  };
  return {
    values,
    next: (seconds) => {
      walk(0, 8, 0.2, 99, 0);
      walk(1, 32 * 2 ** 20, 4_096, memory, 4_096);
      if (random() < 0.1) walk(2, 2 ** 20, 4_096, memory / 2, 4_096);
      walk(3, 2 ** 20, 4_096, disk, 4_096);
      for (const [speed, total, rate] of [
        [4, 6, 200e3],
        [5, 7, 120e3],
      ] as const) {
        const bytes = -Math.log(1 - random()) * rate;
        values[speed] = Math.floor(bytes);
        values[total] = (values[total] as number) + Math.floor(bytes * seconds);
      }
      load(8, (values[8] as number) + (random() - 0.5) * 0.2);
      load(9, (values[9] as number) * 0.9 + (values[8] as number) * 0.1);
      load(10, (values[10] as number) * 0.9 + (values[9] as number) * 0.1);
      walk(11, 10, 1, 2_000, 1);
      walk(12, 3, 1, 200, 1);
      walk(13, 4, 1, 2_000, 1);
      values[14] = Math.min(95, Math.max(25, Math.round(((values[14] as number) + (random() - 0.5) * 2) * 2) / 2));
      values[15] = (values[15] as number) + seconds;
    },
  };
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
const print = (what: string, value: number, unit: string): void =>
  console.log(`${what.padEnd(44)} ${value.toFixed(3).padStart(12)} ${unit}`);

async function fill(store: Store, time: { now: number }): Promise<{ appendMs: number; upkeepMs: number }> {
  const hosts = Array.from({ length: groups }, (_, index) => createHost(index + 1));
  const seconds = SLOT_MS / 1_000 / samplesPerPoint;
  const batch = new Float64Array(groups * samplesPerPoint * FAMILY.columns.length);
  let appendMs = 0;
  let upkeepMs = 0;
  for (let slot = 0; slot < (days * DAY_MS) / SLOT_MS; slot++) {
    for (let sample = 0; sample < samplesPerPoint; sample++) {
      for (const [index, host] of hosts.entries()) {
        host.next(seconds);
        batch.set(host.values, (sample * groups + index) * FAMILY.columns.length);
      }
    }
    const before = cpuMs();
    for (let sample = 0; sample < samplesPerPoint; sample++) {
      for (let group = 0; group < groups; group++) {
        store.append(FAMILY.name, group, time.now + sample * seconds * 1_000, batch, (sample * groups + group) * FAMILY.columns.length);
      }
    }
    const between = cpuMs();
    time.now += SLOT_MS;
    await store.maintain();
    appendMs += between - before;
    upkeepMs += cpuMs() - between;
  }
  return { appendMs, upkeepMs };
}

async function measureQuery(store: Store, now: number, what: string, window: number, step: number): Promise<void> {
  const ask = (turn: number): Promise<{ starts: Float64Array }> =>
    store.query({
      family: FAMILY.name,
      group: turn % groups,
      columns: [{ column: FAMILY.columns[turn % FAMILY.columns.length]?.name ?? "cpu" }],
      from: now - window,
      to: now,
      step,
    });
  for (let turn = 0; turn < 500; turn++) await ask(turn);
  const turns = 2_000;
  const before = cpuMs();
  let points = 0;
  for (let turn = 0; turn < turns; turn++) points += (await ask(turn)).starts.length;
  print(`query ${what} (${Math.round(points / turns)} points)`, (cpuMs() - before) / turns, "ms CPU");
}

const folder = mkdtempSync(join(tmpdir(), "tsdb-bench-"));
try {
  const time = { now: Date.UTC(2026, 0, 1) };
  const limits = { rawDays: days + 2, fiveMinuteDays: 400, hourDays: 4_000, sizeBudgetBytes: 2 ** 40, minFreeBytes: 0 };
  const clock = { now: () => time.now, monotonic: () => time.now };
  const store = await openStore({ folder, families: [FAMILY], limits, disk: nodeDisk, clock });
  const { appendMs, upkeepMs } = await fill(store, time);
  const { bytes } = await store.stats();
  const samples = (days * groups * DAY_MS * samplesPerPoint) / SLOT_MS;
  const points = (days * groups * DAY_MS * FAMILY.columns.length) / SLOT_MS;
  print("points", points / 1e6, "million");
  print("sealed days", bytes.raw / ((points * (days - 1)) / days), "bytes per point");
  print("newest day, in chunks", bytes.chunks / (points / days), "bytes per point");
  print("everything on disk", Object.values(bytes).reduce((sum, size) => sum + size) / points, "bytes per point");
  print("append", (appendMs / samples) * 1_000, "µs CPU per sample of a group");
  print("logs, sealing, compaction", (upkeepMs / samples) * 1_000, "µs CPU per sample of a group");
  await measureQuery(store, time.now, "1 day, 30 s", DAY_MS, 30_000);
  await measureQuery(store, time.now, "7 days, 30 min", 7 * DAY_MS, 1_800_000);
  await measureQuery(store, time.now, "30 days, 2 h", 30 * DAY_MS, 7_200_000);
  print("resident memory", process.memoryUsage().rss / 2 ** 20, "MiB");
  await store.close();
} finally {
  rmSync(folder, { recursive: true });
}
