import { gatherCrowd } from "./crowd.ts";
import type { Figure } from "./figures.ts";
import { measureAlerts } from "./measures/alerts.ts";
import { measureFirstView } from "./measures/first-view.ts";
import { measureLivePage } from "./measures/live-page.ts";
import { measureOutbox } from "./measures/outbox.ts";
import { measureOwnAgent } from "./measures/own-agent.ts";
import { measureAgents, measureCapacity } from "./measures/reports.ts";
import { measureProbes } from "./measures/probes.ts";
import { measureRequests } from "./measures/requests.ts";
import { measureOverview } from "./measures/services.ts";
import { measureStart } from "./measures/start.ts";
import { measureStatusPage } from "./measures/status-page.ts";
import { measureViewers } from "./measures/viewers.ts";
import type { BenchOptions } from "./options.ts";
import { writePast } from "./past.ts";
import { createBenchFolder } from "./stage.ts";
import type { BenchFolder } from "./stage.ts";

const METRICS = ["cpu", "memory", "disk", "net_in_speed", "net_out_speed", "load1"];
const PERIODS = ["1d", "7d", "30d"];
const PAST_DAYS = 30;
const SERVERS_WITH_PAST = 20;

/** Takes one measure, if it was asked for. */
export type Take = (name: string, measure: () => Promise<Figure[]>) => Promise<void>;

/** All measures, one after the other on one data folder. */
export async function takeAll(options: BenchOptions, take: Take): Promise<void> {
  await take("start", measureStart);
  await take("probes", () => measureProbes(options.seconds));
  await take("outbox", measureOutbox);
  const folder = await createBenchFolder();
  try {
    const serverIds = await measureLive(folder, options, take);
    await take("metrics", () => measureMetrics(folder, serverIds.slice(0, SERVERS_WITH_PAST), options.seconds));
  } finally {
    await folder.remove();
  }
}

/** Returns the ids of all servers. */
async function measureLive(folder: BenchFolder, { agents, viewers, seconds }: BenchOptions, take: Take): Promise<number[]> {
  const dashboard = await folder.start();
  try {
    await take("own-agent", () => measureOwnAgent(dashboard, seconds));
    const crowd = await gatherCrowd(dashboard, agents);
    await take("agents", () => measureAgents(dashboard, crowd, seconds));
    await take("viewers", () => measureViewers(dashboard, crowd, viewers, seconds));
    await take("status-page", () => measureStatusPage(dashboard));
    await take("first-view", () => measureFirstView(dashboard, agents));
    await take("live-page", () => measureLivePage(dashboard, crowd, seconds));
    await take("alerts", () => measureAlerts(dashboard, crowd, seconds));
    await take("capacity", () => measureCapacity(dashboard, crowd, seconds));
    await take("list", () => measureRequests(dashboard, `GET /server, ${agents} servers`, ["/server"], seconds));
    await take("settings", () => measureRequests(dashboard, "GET /setting", ["/setting"], seconds));
    await take("overview", () => measureOverview(dashboard, seconds));
    crowd.leave();
    return await dashboard.serverIds();
  } finally {
    await dashboard.stop();
  }
}

async function measureMetrics(folder: BenchFolder, serverIds: readonly number[], seconds: number): Promise<Figure[]> {
  const points = await writePast(folder.path, serverIds, PAST_DAYS);
  const dashboard = await folder.start();
  const figures: Figure[] = [{ measure: "history", name: "points written beforehand", value: points, unit: "" }];
  try {
    for (const period of PERIODS) {
      const paths = METRICS.flatMap((metric) => serverIds.map((id) => `/server/${id}/metrics?metric=${metric}&period=${period}`));
      figures.push(...(await measureRequests(dashboard, `metrics of ${period}`, paths, seconds)));
    }
    return figures;
  } finally {
    await dashboard.stop();
  }
}
