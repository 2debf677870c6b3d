import { LITERAL_ERRORS, MetricsQuery, METRIC_NAMES, PERIODS, SERVICE_PERIODS, ServerMetrics } from "@windfire/api";
import type { MetricName, Period, ServicePeriod } from "@windfire/api";
import { canViewServer } from "#access/policy";
import type { ServerDirectory } from "#features/servers";
import { publicScope, refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { ENVELOPE_HEAD, ENVELOPE_TAIL, idParams, LentAnswer, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { PERIODS as PERIOD_LENGTHS } from "./periods.ts";
import type { History } from "./model.ts";
import { sparklineRoute } from "./sparkline-routes.ts";

export interface HistoryRouteDeps {
  readonly history: History;
  readonly servers: ServerDirectory;
  readonly now: () => number;
  /** From when on states of a server may still come late, Unix milliseconds; not before now where none are expected. */
  readonly lateFrom: (serverId: number) => number;
}

/** Stored metrics of a server (spec 11 section 5). */
export function historyRoutes({ history, servers, now, lateFrom }: HistoryRouteDeps): AnyRoute[] {
  return [
    sparklineRoute({ history, servers, now }),
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
        const period = periodFor(caller, query.period);
        const { name, createdAt } = server.settings;
        const from = Math.max(now() - PERIOD_LENGTHS[period].window, Date.parse(createdAt));
        const coverage = query.coverage === "true" ? await history.coverage(server.id, from, now(), lateFrom(server.id)) : undefined;
        const named = name === "" ? "" : `,"server_name":${JSON.stringify(name)}`;
        const covered = coverage === undefined ? "" : `,"coverage":${JSON.stringify(coverage)}`;
        const head = `${ENVELOPE_HEAD}{"server_id":${server.id}${named},"metric":"${metric}","data_points":`;
        const around = { head, tail: `${covered}}${ENVELOPE_TAIL}` };
        return new LentAnswer(await history.serverMetricPoints(server.id, metric, period, now(), { stat: query.stat, around }));
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
  return openPeriod(caller, text, PERIODS, "1d, 7d, or 30d");
}

/** The same where years may be asked for: of the detail of services. */
export function servicePeriodFor(caller: Caller, text: string | undefined): ServicePeriod {
  return openPeriod(caller, text, SERVICE_PERIODS, "1d, 7d, 30d, 90d, 1y, or 10y");
}

function openPeriod<T extends ServicePeriod>(caller: Caller, text: string | undefined, periods: readonly T[], expected: string): T {
  const period = periods.find((name) => name === (text || "1d"));
  if (!period) throw refuseText(`invalid period: ${text}, expected ${expected}`);
  if (period !== "1d" && caller.kind === "guest") throw refuseText(LITERAL_ERRORS.guestPeriod);
  return period;
}
