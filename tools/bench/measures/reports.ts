import type { Crowd } from "../crowd.ts";
import { latencyFigures } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { BenchDashboard } from "../stage.ts";
import { measureWindow, workFigures } from "../window.ts";

const USUAL_INTERVAL_MS = 3_000;

/** Agents at their usual interval. */
export async function measureAgents(dashboard: BenchDashboard, crowd: Crowd, seconds: number): Promise<Figure[]> {
  const measure = `${crowd.size} agents, every 3 s`;
  const window = await measureWindow(dashboard, () => crowd.reportEvery(USUAL_INTERVAL_MS, seconds * 1000));
  return [...workFigures(measure, "report", window.result.length, window), ...latencyFigures(measure, "receipt", window.result)];
}

/** As many reports as go through. The sending side shares the machine. */
export async function measureCapacity(dashboard: BenchDashboard, crowd: Crowd, seconds: number): Promise<Figure[]> {
  const measure = `${crowd.size} agents, flat out`;
  const window = await measureWindow(dashboard, () => crowd.reportFlatOut(seconds * 1000));
  return [...workFigures(measure, "report", window.result.length, window), ...latencyFigures(measure, "receipt", window.result)];
}
