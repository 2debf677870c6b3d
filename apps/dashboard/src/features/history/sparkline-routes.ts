import { Sparklines as SparklinesJson, SparklinesQuery } from "@windfire/api";
import type { SparklineMetric } from "@windfire/api";
import { canViewServer } from "#access/policy";
import type { ServerDirectory } from "#features/servers";
import { publicScope } from "#kernel";
import { JsonText, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { ServerMetric } from "./metrics.ts";
import type { History, Sparklines } from "./model.ts";
import { SPARKLINE_STEP_MS } from "./sparklines.ts";

interface SparklineRouteDeps {
  readonly history: Pick<History, "sparklines">;
  readonly servers: Pick<ServerDirectory, "list">;
  readonly now: () => number;
}

/** What was read of all servers is shown to everybody for so long: guests may ask as often as they like. */
const SHARED_MS = 30_000;
/** So many servers, in the order in which they are shown, are drawn at once. */
const MOST_SERVERS = 2_000;
const COLUMNS: Readonly<Record<SparklineMetric, readonly ServerMetric[]>> = {
  cpu: ["cpu"],
  memory: ["memory"],
  network: ["net_in_speed", "net_out_speed"],
};

/** The last hour of all servers for lists that begin with it. Ours: the reference draws what comes in while the page is open. */
export function sparklineRoute({ history, servers, now }: SparklineRouteDeps): AnyRoute {
  const shared = new Map<SparklineMetric, { readonly at: number; readonly found: Promise<Sparklines> }>();
  const readAll = (metric: SparklineMetric): Promise<Sparklines> => {
    const known = shared.get(metric);
    if (known && Math.abs(now() - known.at) < SHARED_MS) return known.found;
    const ids = servers.list().map(({ id }) => id);
    const found = history.sparklines(ids.slice(0, MOST_SERVERS), COLUMNS[metric], now());
    shared.set(metric, { at: now(), found });
    found.catch(() => shared.delete(metric));
    return found;
  };
  return route({
    method: "GET",
    path: "/server/sparklines",
    access: publicScope("nezha:server:read"),
    summary: "The last hour of one metric of the servers the caller may see, in points of two minutes; of the first 2 000 servers",
    tag: "server",
    query: listQuery.extend(SparklinesQuery.shape),
    data: SparklinesJson,
    run: async ({ caller, query }) => {
      const { from, texts } = await readAll(query.metric);
      const visible = servers.list().filter(({ settings }) => canViewServer(caller, settings));
      const lists = selectByIds(visible, query.id, ({ id }) => id).flatMap(({ id }) => {
        const text = texts.get(id);
        return text === undefined ? [] : [`"${id}":${text}`];
      });
      return new JsonText(`{"from":${from},"step":${SPARKLINE_STEP_MS},"servers":{${lists.join(",")}}}`);
    },
  });
}
