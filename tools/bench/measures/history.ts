import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Figure } from "../figures.ts";
import { bytesOfMetrics, writePast } from "../past.ts";
import { createBenchFolder } from "../stage.ts";
import { gatherCrowd } from "../crowd.ts";
import { measureRequests } from "./requests.ts";
import { measureStarts } from "./start.ts";

const METRICS = ["cpu", "memory", "disk", "net_in_speed", "net_out_speed", "load1"];
const PERIODS = ["1d", "7d", "30d"];
const ASKERS = ["administrator", "guest"] as const;
const PAST_DAYS = 30;
const SERVERS = 50;
/** Code that is hot is compiled once the dashboard has been busy for three seconds. */
const WARM_SECONDS = 4;

/** Thirty days of fifty servers: what they take on disk, how a start on them goes, and what a question costs. */
export async function measureHistory(seconds: number): Promise<Figure[]> {
  const folder = await createBenchFolder();
  try {
    const serverIds = await makeServers(folder);
    const points = await writePast(folder.path, serverIds, PAST_DAYS);
    const measure = `history, ${PAST_DAYS} days of ${SERVERS} servers`;
    const figures: Figure[] = [
      { measure, name: "points", value: points, unit: "" },
      { measure, name: "bytes of one point", value: (await bytesBelow(join(folder.path, "history"))) / points, unit: "B" },
      ...(await bytesOfMetrics(folder.path)).map(({ metric, bytes }) => ({
        measure,
        name: `bytes of one point: ${metric}`,
        value: bytes,
        unit: "B",
      })),
      ...(await measureStarts(folder, `start on ${PAST_DAYS} days of ${SERVERS} servers`)),
    ];
    const dashboard = await folder.start();
    const pathsOf = (period: string): string[] =>
      METRICS.flatMap((metric) => serverIds.map((id) => `/server/${id}/metrics?metric=${metric}&period=${period}`));
    try {
      await measureRequests(dashboard, "warm", pathsOf("1d"), WARM_SECONDS);
      for (const period of PERIODS) {
        const paths = pathsOf(period);
        for (const asker of ASKERS) {
          // Guests are shown a day.
          if (asker === "guest" && period !== "1d") continue;
          figures.push(...(await measureRequests(dashboard, `metrics of ${period}, ${asker}`, paths, seconds, asker)));
        }
      }
      return figures;
    } finally {
      await dashboard.stop();
    }
  } finally {
    await folder.remove();
  }
}

async function makeServers(folder: Awaited<ReturnType<typeof createBenchFolder>>): Promise<number[]> {
  const dashboard = await folder.start();
  try {
    const crowd = await gatherCrowd(dashboard, SERVERS);
    crowd.leave();
    return await dashboard.serverIds();
  } finally {
    await dashboard.stop();
  }
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
