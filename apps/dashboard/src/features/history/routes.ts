import { LITERAL_ERRORS, MetricsQuery, METRIC_NAMES, PERIODS, ServerMetrics } from "@windfire/api";
import type { MetricName, Period } from "@windfire/api";
import { canViewServer } from "#access/policy";
import type { ServerDirectory } from "#features/servers";
import { publicScope, refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { idParams, JsonText, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { History } from "./model.ts";

export interface HistoryRouteDeps {
  readonly history: History;
  readonly servers: ServerDirectory;
  readonly now: () => number;
}

/** Stored metrics of a server (spec 11 section 5). */
export function historyRoutes({ history, servers, now }: HistoryRouteDeps): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/server/:id/metrics",
      access: publicScope("nezha:server:read"),
      summary: "One metric of a server over a period; guests may ask for one day",
      tag: "server",
      params: idParams,
      query: MetricsQuery,
      data: ServerMetrics,
      run: async ({ caller, params, query }) => {
        const server = servers.get(params.id);
        if (!server || !canViewServer(caller, server.settings)) throw refuse("server not found");
        const metric = metricOf(query.metric);
        const points = await history.serverMetricPoints(server.id, metric, periodFor(caller, query.period), now());
        const { name } = server.settings;
        return new JsonText(
          `{"server_id":${server.id}${name === "" ? "" : `,"server_name":${JSON.stringify(name)}`},"metric":"${metric}","data_points":${points}}`,
        );
      },
    }),
  ];
}

function metricOf(text: string | undefined): MetricName {
  const metric = METRIC_NAMES.find((name) => name === text);
  if (!metric) throw refuseText(LITERAL_ERRORS.metricName);
  return metric;
}

/** The period asked for, when the caller may have it: guests only the last day (spec 10 section 13.4). */
export function periodFor(caller: Caller, text: string | undefined): Period {
  const period = PERIODS.find((name) => name === (text || "1d"));
  if (!period) throw refuseText(`invalid period: ${text}, expected 1d, 7d, or 30d`);
  if (period !== "1d" && caller.kind === "guest") throw refuseText(LITERAL_ERRORS.guestPeriod);
  return period;
}
