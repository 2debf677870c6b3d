import { gatherCrowd } from "./crowd.ts";
import type { Figure } from "./figures.ts";
import { measureAlerts } from "./measures/alerts.ts";
import { measureFirstView } from "./measures/first-view.ts";
import { measureHistory } from "./measures/history.ts";
import { measureList } from "./measures/list.ts";
import { measureLivePage } from "./measures/live-page.ts";
import { measureMany } from "./measures/many.ts";
import { measureManyViewers } from "./measures/many-viewers.ts";
import { measureOutbox } from "./measures/outbox.ts";
import { measureOwnAgent } from "./measures/own-agent.ts";
import { measureProbes } from "./measures/probes.ts";
import { measureRegistration } from "./measures/registration.ts";
import { measureAgents, measureCapacity } from "./measures/reports.ts";
import { measureReplicas } from "./measures/replicas.ts";
import { measureRequests } from "./measures/requests.ts";
import { measureOverview } from "./measures/services.ts";
import { measureRest, measureStart } from "./measures/start.ts";
import { measureStatusPage } from "./measures/status-page.ts";
import { measureViewers } from "./measures/viewers.ts";
import type { BenchOptions } from "./options.ts";
import { createBenchFolder } from "./stage.ts";

/** Takes one measure, if it was asked for. */
export type Take = (name: string, measure: () => Promise<Figure[]>) => Promise<void>;

const LIVE = [
  "own-agent",
  "agents",
  "viewers",
  "many-viewers",
  "status-page",
  "first-view",
  "live-page",
  "alerts",
  "capacity",
  "list",
  "settings",
  "overview",
];
const OWN = ["start", "rest", "probes", "outbox", "registration", "history", "many", "replicas"];

/** What `--only` may name. */
export const MEASURES: readonly string[] = [...OWN, ...LIVE];

/** Taken only when asked for by name: minutes of both cores, or servers that have to be installed. */
export const BY_NAME_ALONE: readonly string[] = ["many", "many-viewers", "replicas"];

/** All measures, one after the other. */
export async function takeAll(options: BenchOptions, take: Take): Promise<void> {
  await take("start", measureStart);
  await take("rest", measureRest);
  await take("probes", () => measureProbes(options.seconds));
  await take("outbox", measureOutbox);
  await take("registration", () => measureRegistration(options.agents));
  if (options.only.length === 0 || options.only.some((name) => LIVE.includes(name))) await measureLive(options, take);
  await take("history", () => measureHistory(options.seconds));
  await take("many", () => measureMany(options.seconds));
  await take("replicas", () => measureReplicas(options.agents, options.seconds));
}

/** One dashboard with a crowd of agents, and everything that is looked at beside them. */
async function measureLive({ agents, viewers, seconds }: BenchOptions, take: Take): Promise<void> {
  const folder = await createBenchFolder();
  const dashboard = await folder.start();
  try {
    await take("own-agent", () => measureOwnAgent(dashboard, seconds));
    const crowd = await gatherCrowd(dashboard, agents);
    await take("agents", () => measureAgents(dashboard, crowd, seconds));
    await take("viewers", () => measureViewers(dashboard, crowd, viewers, seconds));
    await take("many-viewers", () => measureManyViewers(dashboard, crowd, seconds));
    await take("status-page", () => measureStatusPage(dashboard));
    await take("first-view", () => measureFirstView(dashboard, agents));
    await take("live-page", () => measureLivePage(dashboard, crowd, seconds));
    await take("alerts", () => measureAlerts(dashboard, crowd, seconds));
    await take("capacity", () => measureCapacity(dashboard, crowd, seconds));
    await take("list", () => measureList(dashboard, crowd, seconds));
    await take("settings", () => measureRequests(dashboard, "GET /setting", ["/setting"], seconds));
    await take("overview", () => measureOverview(dashboard, seconds));
    crowd.leave();
  } finally {
    await dashboard.stop();
    await folder.remove();
  }
}
