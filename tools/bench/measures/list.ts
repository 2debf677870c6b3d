import { askInThread } from "../asking.ts";
import type { Crowd } from "../crowd.ts";
import { latencyFigures } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { BenchDashboard } from "../stage.ts";
import { measureRequests } from "./requests.ts";

const INTERVAL_MS = 1_000;
const PATHS = ["/server"];

/** The list of all servers: what one answer costs, and how long reports wait while it is asked for without end. */
export async function measureList(dashboard: BenchDashboard, crowd: Crowd, seconds: number): Promise<Figure[]> {
  const measure = `GET /server, ${crowd.size} servers`;
  const quiet = await measureRequests(dashboard, measure, PATHS, seconds);
  const token = await dashboard.signIn();
  const [receipts, { times }] = await Promise.all([
    crowd.reportEvery(INTERVAL_MS, seconds * 1_000),
    askInThread({ target: dashboard.target, token, paths: PATHS, seconds }),
  ]);
  return [
    ...quiet,
    { measure, name: "requests a second beside reports every second", value: times.length / seconds, unit: "/s" },
    ...latencyFigures(measure, "receipt of a report meanwhile", receipts),
  ];
}
