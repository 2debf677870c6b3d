import { ask } from "../asking.ts";
import { latencyFigures } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { BenchDashboard } from "../stage.ts";
import { measureWindow, workFigures } from "../window.ts";

/** Who asks: the administrator, unless it is a guest. */
export type Asker = "administrator" | "guest";

/** One GET again and again, by eight clients that keep their connections. */
export async function measureRequests(
  dashboard: BenchDashboard,
  measure: string,
  paths: readonly string[],
  seconds: number,
  asker: Asker = "administrator",
): Promise<Figure[]> {
  const token = asker === "guest" ? undefined : await dashboard.signIn();
  const window = await measureWindow(dashboard, () => ask({ target: dashboard.target, token, paths, seconds }));
  const { times, bytes } = window.result;
  return [
    ...workFigures(measure, "request", times.length, window),
    ...latencyFigures(measure, "answer", times),
    { measure, name: "bytes of one answer", value: bytes / times.length, unit: "B" },
  ];
}
