import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { formatTable, median } from "./bench/figures.ts";
import type { Figure } from "./bench/figures.ts";
import { createBenchFolder } from "./bench/stage.ts";
import type { BenchDashboard } from "./bench/stage.ts";
import { RESULTS_FOLDER } from "./results.ts";
import { pointTimes, prometheusReader } from "./soak/figures.ts";
import { gatherFleet } from "./soak/fleet.ts";
import { growthPerHour, missingPoints } from "./soak/judge.ts";
import type { Look } from "./soak/judge.ts";
import { parseSoakOptions, SOAK_USAGE } from "./soak/options.ts";
import type { SoakOptions } from "./soak/options.ts";

const LOOK_MS = 5_000;
/** What is kept in memory is written down by then. */
const WRITTEN_MS = 3_000;

interface Soaked {
  readonly figures: Figure[];
  readonly lost: number;
}

/** Agents come, report and leave for so long; memory, waits and what was kept are looked at. */
async function soak({ minutes, agents }: SoakOptions): Promise<Soaked> {
  const folder = await createBenchFolder();
  const dashboard = await folder.start();
  try {
    const read = await prometheusReader(dashboard);
    const fleet = await gatherFleet(dashboard, agents);
    await read();
    const [from, looks, lags] = [Date.now(), [] as Look[], [] as number[]];
    const before = await dashboard.cost();
    while (Date.now() - from < minutes * 60_000) {
      await pause(LOOK_MS);
      looks.push({ atSeconds: (Date.now() - from) / 1_000, residentMb: (await dashboard.cost()).residentMb });
      lags.push((await read()).lagP99Ms);
    }
    const [to, after] = [Date.now(), await dashboard.cost()];
    await fleet.leave();
    await pause(WRITTEN_MS);
    const { dropped } = await read();
    const missing = await lostPoints(dashboard, from, to);
    const measure = `${agents} agents for ${minutes} min`;
    const figure = (name: string, value: number, unit = ""): Figure => ({ measure, name, value, unit });
    // What is warmed up and filled in the first half is no growth.
    const later = looks.slice(Math.floor(looks.length / 2));
    const figures = [
      figure("reports", fleet.reports),
      figure("connections", fleet.connects),
      figure("connections that broke", fleet.broken),
      figure("CPU", (100_000 * (after.cpuSeconds - before.cpuSeconds)) / (to - from), "% of a core"),
      figure("memory at the end", after.residentMb, "MB"),
      figure("most memory", Math.max(...looks.map(({ residentMb }) => residentMb)), "MB"),
      figure("growth of memory in the second half", growthPerHour(later), "MB/h"),
      figure("event-loop lag, 99th percentile, median of looks", median(lags), "ms"),
      figure("event-loop lag, 99th percentile, worst look", Math.max(...lags), "ms"),
      figure("half minutes without a point", missing),
      figure("samples dropped", dropped),
    ];
    if (fleet.firstReason !== undefined) console.error(`the first connection that broke: ${fleet.firstReason}`);
    return { figures, lost: missing + dropped };
  } finally {
    await dashboard.stop();
    await folder.remove();
  }
}

/** Over all servers: every one of them reported in every half minute. */
async function lostPoints(dashboard: BenchDashboard, from: number, to: number): Promise<number> {
  const token = await dashboard.signIn();
  let lost = 0;
  for (const id of await dashboard.serverIds()) lost += missingPoints(await pointTimes(dashboard, token, id), from, to);
  return lost;
}

const options = parseSoakOptions(process.argv.slice(2));
if (typeof options === "string") {
  console.error(`${options}\n\n${SOAK_USAGE}`);
  process.exitCode = 2;
} else {
  const { figures, lost } = await soak(options);
  console.log(formatTable(figures));
  await mkdir(RESULTS_FOLDER, { recursive: true });
  await writeFile(join(RESULTS_FOLDER, "soak.json"), `${JSON.stringify({ at: new Date().toISOString(), options, figures }, null, 2)}\n`);
  if (lost > 0) {
    console.error(`${lost} points are lost`);
    process.exitCode = 1;
  }
}
