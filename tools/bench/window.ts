import type { Figure } from "./figures.ts";
import type { BenchDashboard } from "./stage.ts";

/** What the dashboard used while something went on. */
export interface Window<T> {
  readonly result: T;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly residentMb: number;
}

export async function measureWindow<T>(dashboard: BenchDashboard, work: () => Promise<T>): Promise<Window<T>> {
  const before = await dashboard.cost();
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  const after = await dashboard.cost();
  return { result, seconds, cpuSeconds: after.cpuSeconds - before.cpuSeconds, residentMb: after.residentMb };
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
  ];
}
