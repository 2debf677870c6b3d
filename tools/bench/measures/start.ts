import { percentile } from "../figures.ts";
import type { Figure } from "../figures.ts";
import { createBenchFolder } from "../stage.ts";

const ROUNDS = 5;

/** From the start of the process to its first answer: on an empty folder, then on the same again. */
export async function measureStart(): Promise<Figure[]> {
  const folder = await createBenchFolder();
  const times: number[] = [];
  let memory = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const dashboard = await folder.start();
    times.push(dashboard.startMs);
    memory = (await dashboard.cost()).residentMb;
    await dashboard.stop();
  }
  await folder.remove();
  const [first = 0, ...later] = times;
  return [
    { measure: "start", name: "first start to first answer", value: first, unit: "ms" },
    {
      measure: "start",
      name: "later starts, median",
      value: percentile(
        later.toSorted((a, b) => a - b),
        0.5,
      ),
      unit: "ms",
    },
    { measure: "start", name: "memory just started", value: memory, unit: "MB" },
  ];
}
