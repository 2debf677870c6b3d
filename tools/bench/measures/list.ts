import type { Crowd } from "../crowd.ts";
import { latencyFigures } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { BenchDashboard } from "../stage.ts";
import { measureRequests } from "./requests.ts";

const INTERVAL_MS = 3_000;

/** The list of all servers: what one answer costs, and how long reports wait while it is asked for without end. */
export async function measureList(dashboard: BenchDashboard, crowd: Crowd, seconds: number): Promise<Figure[]> {
  const measure = `GET /server, ${crowd.size} servers`;
  const quiet = await measureRequests(dashboard, measure, ["/server"], seconds);
  const [receipts] = await Promise.all([
    crowd.reportEvery(INTERVAL_MS, seconds * 1_000),
    measureRequests(dashboard, measure, ["/server"], seconds),
  ]);
  return [...quiet, ...latencyFigures(measure, "receipt of a report meanwhile", receipts)];
}
