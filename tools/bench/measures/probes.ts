import { setTimeout as pause } from "node:timers/promises";
import { gatherCrowd } from "../crowd.ts";
import type { Figure } from "../figures.ts";
import { createBenchFolder } from "../stage.ts";
import type { BenchDashboard } from "../stage.ts";
import { measureWindow, workFigures } from "../window.ts";

const SERVICES = 200;
const AGENTS = 100;
const INTERVAL_SECONDS = 30;
/** Probes are counted in stretches of this length: how evenly they come. */
const STRETCH_MS = 100;

/** Every agent probes every service and answers at once: what a probe costs the dashboard, from the order to what is kept of its result. */
export async function measureProbes(seconds: number): Promise<Figure[]> {
  const folder = await createBenchFolder();
  const dashboard = await folder.start();
  const stretches = new Map<number, number>();
  let probes = 0;
  const count = (): void => {
    probes++;
    const stretch = Math.floor(performance.now() / STRETCH_MS);
    stretches.set(stretch, (stretches.get(stretch) ?? 0) + 1);
  };
  try {
    const crowd = await gatherCrowd(dashboard, AGENTS, { onProbe: count });
    await makeServices(dashboard);
    // The first round of each service begins when its interval ends, and lasts as long.
    await pause((2 * INTERVAL_SECONDS + 1) * 1_000);
    probes = 0;
    stretches.clear();
    const window = await measureWindow(dashboard, () => pause(Math.max(seconds, INTERVAL_SECONDS) * 1_000));
    const fullest = Math.max(...stretches.values());
    crowd.leave();
    return [
      ...workFigures(`${SERVICES} services x ${AGENTS} agents`, "probe", probes, window),
      { measure: `${SERVICES} services x ${AGENTS} agents`, name: "probes in the fullest tenth of a second", value: fullest, unit: "" },
    ];
  } finally {
    await dashboard.stop();
    await folder.remove();
  }
}

async function makeServices(dashboard: BenchDashboard): Promise<void> {
  const headers = { authorization: `Bearer ${await dashboard.signIn()}`, "content-type": "application/json" };
  for (let number = 1; number <= SERVICES; number++) {
    const service = { name: `service ${number}`, type: 3, target: "192.0.2.1:1", duration: INTERVAL_SECONDS, cover: 0, skip_servers: {} };
    const response = await fetch(`http://${dashboard.target}/api/v1/service`, { method: "POST", headers, body: JSON.stringify(service) });
    const { success } = (await response.json()) as { success: boolean };
    if (!success) throw new Error("a service could not be made");
  }
}
