import { setTimeout as pause } from "node:timers/promises";
import { gatherCrowd } from "../crowd.ts";
import { median } from "../figures.ts";
import { createBenchFolder } from "../stage.ts";
import type { BenchFolder } from "../stage.ts";
import { measureWindow } from "../window.ts";
import { calibrate } from "./calibration.ts";
import type { Watched } from "./compare.ts";
import { firstLoadBytes, packBytes } from "./sizes.ts";

const ROUNDS = 5;
const AGENTS = 50;
/** Of each agent. */
const REPORTS = 250;
/** What is hot is compiled when the dashboard has been busy for three seconds in a row. */
const WARM_UP_MS = 6_000;
const SETTLE_MS = 2_000;

/**
 * Takes the short form, in a minute and a half. Times are told as multiples of a fixed piece of work that is done right before
 * each, and each is the median of five: so they mean the same on another machine, more or less, and on a busy one.
 */
export async function takeWatched(): Promise<Watched> {
  const folder = await createBenchFolder();
  try {
    const first = await folder.start();
    await first.stop();
    calibrate();
    const rounds: Round[] = [];
    for (let count = 0; count < ROUNDS; count++) rounds.push(await round(folder));
    return {
      "start, CPU in calibration loops": median(rounds.map(({ start }) => start)),
      "memory at rest, MB": median(rounds.map(({ restMb }) => restMb)),
      "1000 reports, CPU in calibration loops": median(rounds.map(({ reports }) => reports)),
      "packed dashboard, bytes": packBytes(),
      "public first load, bytes": firstLoadBytes("public"),
      "console first load, bytes": firstLoadBytes("console"),
    };
  } finally {
    await folder.remove();
  }
}

interface Round {
  readonly start: number;
  readonly restMb: number;
  readonly reports: number;
}

async function round(folder: BenchFolder): Promise<Round> {
  const loop = calibrate();
  const dashboard = await folder.start();
  try {
    const { cpuSeconds } = await dashboard.cost();
    await pause(SETTLE_MS);
    const { residentMb } = await dashboard.cost();
    const crowd = await gatherCrowd(dashboard, AGENTS);
    await crowd.reportFlatOut(WARM_UP_MS);
    const before = calibrate();
    const window = await measureWindow(dashboard, () => crowd.reportTimes(REPORTS));
    crowd.leave();
    const perReport = (window.cpuSeconds * 1_000) / (AGENTS * REPORTS);
    return { start: (cpuSeconds * 1_000) / loop, restMb: residentMb, reports: (perReport * 1_000) / before };
  } finally {
    await dashboard.stop();
  }
}
