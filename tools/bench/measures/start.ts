import { setTimeout as pause } from "node:timers/promises";
import { median } from "../figures.ts";
import type { Figure } from "../figures.ts";
import { createBenchFolder } from "../stage.ts";
import type { BenchFolder } from "../stage.ts";
import { cpuPercent, measureWindow } from "../window.ts";

const ROUNDS = 5;
/** Until nothing of the start is under way. */
const SETTLE_MS = 5_000;
const REST_MS = 30_000;

/** From the start of the process to its first answer: on an empty folder, then on the same again. */
export async function measureStart(): Promise<Figure[]> {
  const folder = await createBenchFolder();
  try {
    const first = await folder.start();
    await first.stop();
    const later = await measureStarts(folder, "start");
    return [{ measure: "start", name: "first start to first answer", value: first.startMs, unit: "ms" }, ...later];
  } finally {
    await folder.remove();
  }
}

/** Starts on a folder that was used before. */
export async function measureStarts(folder: BenchFolder, measure: string): Promise<Figure[]> {
  const times: number[] = [];
  const cpu: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const dashboard = await folder.start();
    const { cpuSeconds, residentMb } = await dashboard.cost();
    times.push(dashboard.startMs);
    cpu.push(cpuSeconds * 1_000);
    memory.push(residentMb);
    await dashboard.stop();
  }
  return [
    { measure, name: "later starts, median", value: median(times), unit: "ms" },
    { measure, name: "CPU until the first answer, median", value: median(cpu), unit: "ms" },
    { measure, name: "memory just started", value: median(memory), unit: "MB" },
  ];
}

/** Nobody reports and nobody looks. */
export async function measureRest(): Promise<Figure[]> {
  const folder = await createBenchFolder();
  const dashboard = await folder.start();
  try {
    await pause(SETTLE_MS);
    const window = await measureWindow(dashboard, () => pause(REST_MS));
    return [
      { measure: "at rest", name: "CPU", value: cpuPercent(window), unit: "% of a core" },
      { measure: "at rest", name: "memory", value: window.residentMb, unit: "MB" },
    ];
  } finally {
    await dashboard.stop();
    await folder.remove();
  }
}
