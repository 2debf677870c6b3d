import type { Crowd } from "../crowd.ts";
import { latencyFigures } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { BenchDashboard } from "../stage.ts";
import { measureWindow, workFigures } from "../window.ts";

const USUAL_INTERVAL_MS = 3_000;
const FAST_INTERVAL_MS = 1_000;
/** What is hot is compiled when the dashboard has been busy for three seconds in a row. */
const WARM_UP_MS = 10_000;

/** Agents at their usual interval, and at the shortest one. */
export async function measureAgents(dashboard: BenchDashboard, crowd: Crowd, seconds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  await crowd.reportEvery(FAST_INTERVAL_MS, WARM_UP_MS);
  for (const interval of [USUAL_INTERVAL_MS, FAST_INTERVAL_MS]) {
    const measure = `${crowd.size} agents, every ${interval / 1_000} s`;
    const window = await measureWindow(dashboard, () => crowd.reportEvery(interval, seconds * 1000));
    figures.push(...workFigures(measure, "report", window.result.length, window), ...latencyFigures(measure, "receipt", window.result));
  }
  return figures;
}

/** As many reports as go through. The sending side shares the machine. */
export async function measureCapacity(dashboard: BenchDashboard, crowd: Crowd, seconds: number): Promise<Figure[]> {
  const measure = `${crowd.size} agents, flat out`;
  const window = await measureWindow(dashboard, () => crowd.reportFlatOut(seconds * 1000));
  return [...workFigures(measure, "report", window.result.length, window), ...latencyFigures(measure, "receipt", window.result)];
}
