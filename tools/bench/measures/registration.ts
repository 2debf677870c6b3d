import { gatherCrowd } from "../crowd.ts";
import type { Figure } from "../figures.ts";
import { createBenchFolder } from "../stage.ts";
import { measureWindow } from "../window.ts";

/** Agents that were never there before become servers: what each costs, the first of them and those that come to a fleet. */
export async function measureRegistration(agents: number): Promise<Figure[]> {
  const folder = await createBenchFolder();
  const dashboard = await folder.start();
  try {
    const figures: Figure[] = [];
    for (const first of [0, agents]) {
      const window = await measureWindow(dashboard, () => gatherCrowd(dashboard, agents, { first }));
      const measure = `${agents} new servers beside ${first}`;
      figures.push(
        { measure, name: "registrations a second", value: agents / window.seconds, unit: "/s" },
        { measure, name: "CPU of one", value: (1e3 * window.cpuSeconds) / agents, unit: "ms" },
      );
      window.result.leave();
    }
    return figures;
  } finally {
    await dashboard.stop();
    await folder.remove();
  }
}
