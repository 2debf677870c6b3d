import { gatherCrowd } from "../crowd.ts";
import { latencyFigures } from "../figures.ts";
import type { Figure } from "../figures.ts";
import { createBenchFolder } from "../stage.ts";
import { measureWindow, workFigures } from "../window.ts";

const AGENTS = 10_000;
const INTERVAL_MS = 3_000;

/** Ten thousand agents: how they come, what their reports cost, and how a start beside so many servers goes. Takes minutes. */
export async function measureMany(seconds: number): Promise<Figure[]> {
  const folder = await createBenchFolder();
  try {
    const measure = `${AGENTS} agents, every ${INTERVAL_MS / 1_000} s`;
    const dashboard = await folder.start();
    const figures: Figure[] = [];
    try {
      const coming = await measureWindow(dashboard, () => gatherCrowd(dashboard, AGENTS));
      figures.push({ measure, name: "CPU of one registration", value: (1e3 * coming.cpuSeconds) / AGENTS, unit: "ms" });
      const window = await measureWindow(dashboard, () => coming.result.reportEvery(INTERVAL_MS, Math.max(seconds, 30) * 1_000));
      figures.push(...workFigures(measure, "report", window.result.length, window), ...latencyFigures(measure, "receipt", window.result));
      coming.result.leave();
    } finally {
      await dashboard.stop();
    }
    const again = await folder.start();
    figures.push({ measure, name: "start to first answer", value: again.startMs, unit: "ms" });
    await again.stop();
    return figures;
  } finally {
    await folder.remove();
  }
}
