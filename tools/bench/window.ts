import type { Figure } from "./figures.ts";
import type { BenchDashboard } from "./stage.ts";

/** What the dashboard used while something went on. */
export interface Window<T> {
  readonly result: T;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly residentMb: number;
  /** Most of the resident memory in this time, looked at every quarter of a second. */
  readonly peakMb: number;
}

const LOOK_MS = 250;

export async function measureWindow<T>(dashboard: BenchDashboard, work: () => Promise<T>): Promise<Window<T>> {
  const before = await dashboard.cost();
  let peakMb = before.residentMb;
  const looking = setInterval(() => void dashboard.cost().then(({ residentMb }) => (peakMb = Math.max(peakMb, residentMb))), LOOK_MS);
  const began = performance.now();
  try {
    const result = await work();
    const seconds = (performance.now() - began) / 1000;
    const { cpuSeconds, residentMb } = await dashboard.cost();
    return { result, seconds, cpuSeconds: cpuSeconds - before.cpuSeconds, residentMb, peakMb: Math.max(peakMb, residentMb) };
  } finally {
    clearInterval(looking);
  }
}

/** Share of one core. */
export function cpuPercent({ cpuSeconds, seconds }: Window<unknown>): number {
  return (100 * cpuSeconds) / seconds;
}

/** Rate and cost of `count` equal pieces of work. */
export function workFigures(measure: string, noun: string, count: number, window: Window<unknown>): Figure[] {
  return [
    { measure, name: `${noun}s a second`, value: count / window.seconds, unit: "/s" },
    { measure, name: `CPU of one ${noun}`, value: (1e6 * window.cpuSeconds) / count, unit: "µs" },
    { measure, name: "CPU of the dashboard", value: cpuPercent(window), unit: "% of a core" },
    { measure, name: "memory of the dashboard", value: window.residentMb, unit: "MB" },
    { measure, name: "most memory of the dashboard", value: window.peakMb, unit: "MB" },
  ];
}
