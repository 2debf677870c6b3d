import { z } from "zod";
import { decimal, id, unixMs } from "./numbers.ts";

/** Metrics of a server's history (spec 11 section 5). */
export const METRIC_NAMES = [
  "cpu",
  "memory",
  "swap",
  "disk",
  "net_in_speed",
  "net_out_speed",
  "net_in_transfer",
  "net_out_transfer",
  "load1",
  "load5",
  "load15",
  "tcp_conn",
  "udp_conn",
  "process_count",
  "temperature",
  "uptime",
  "gpu",
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/** What a point says of the half minutes in it. Counters since boot have their last value when nothing is said. */
export const METRIC_STATS = ["avg", "max"] as const;
export type MetricStat = (typeof METRIC_STATS)[number];

/** How far back a history goes: 30-second, 30-minute and 2-hour points. */
export const PERIODS = ["1d", "7d", "30d"] as const;
export type Period = (typeof PERIODS)[number];

/** How far back the detail of a service goes: points of 6 hours, a day and ten days besides. */
export const SERVICE_PERIODS = [...PERIODS, "90d", "1y", "10y"] as const;
export type ServicePeriod = (typeof SERVICE_PERIODS)[number];

/** The handler refuses unknown periods itself, after it has looked at the row. */
const period = z.string().optional().meta({ enum: PERIODS, description: "`1d` when left out; guests may only ask for that" });

/** Query of the history routes. */
export const HistoryQuery = z.object({ period });
export type HistoryQuery = z.output<typeof HistoryQuery>;

/** Query of `GET /service/{id}/history`. */
export const ServiceHistoryQuery = HistoryQuery.extend({
  period: z.string().optional().meta({
    enum: SERVICE_PERIODS,
    description: "`1d` when left out; guests may only ask for that. More than 30 days with `detail` alone",
  }),
  detail: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "Points with loss, jitter and p95, and without a delay where all failed" }),
});

/** Query of `GET /server/{id}/metrics`. */
export const MetricsQuery = z.object({
  metric: z.string().optional().meta({ enum: METRIC_NAMES }),
  period,
  stat: z
    .enum(METRIC_STATS)
    .optional()
    .meta({ description: "The highest half minute of each point, or the mean of them (which is usual)" }),
  coverage: z.enum(["true", "false"]).optional().meta({ description: "Also says which spans came late, may still come, or are lost" }),
});
export type MetricsQuery = z.output<typeof MetricsQuery>;

/** What small drawings of all servers show: percent, bytes in use, bytes per second in both directions together. */
export const SPARKLINE_METRICS = ["cpu", "memory", "network"] as const;
export type SparklineMetric = (typeof SPARKLINE_METRICS)[number];

/** Query of `GET /server/sparklines`, besides `id`. */
export const SparklinesQuery = z.object({
  metric: z.enum(SPARKLINE_METRICS).meta({ description: "Percent, bytes in use, or bytes per second in both directions together" }),
});

/** `GET /server/sparklines` (ours): the last hour of one metric of all servers, coarsely. */
export const Sparklines = z
  .object({
    from: unixMs.meta({ description: "Start of the first point" }),
    step: z.int().meta({ description: "Length of a point, milliseconds" }),
    servers: z
      .record(z.string(), z.array(decimal.nullable()))
      .meta({ description: "By server id: means of at most 30 points, three digits of each; null where nothing was reported" }),
  })
  .meta({ id: "Sparklines" });
export type Sparklines = z.output<typeof Sparklines>;

export const MetricPoint = z
  .object({
    ts: unixMs.meta({ description: "Start of the bucket, Unix milliseconds" }),
    value: decimal,
  })
  .meta({ id: "MetricPoint" });
export type MetricPoint = z.output<typeof MetricPoint>;

/** How complete the points are, in half minutes. */
export const MetricCoverage = z
  .object({
    from: unixMs.meta({ description: "What is older is not judged: the server is newer, or only roll-ups of it are kept" }),
    to: unixMs.meta({ description: "The running half minute is not judged" }),
    spans: z
      .array(
        z.object({
          from: unixMs,
          to: unixMs.meta({ description: "Outside of the span" }),
          state: z.enum(["late", "expected", "lost"]).meta({
            description:
              "`late`: handed over after an outage; `expected`: the agent may still hand it over; `lost`: nothing comes any more",
          }),
        }),
      )
      .meta({ description: "Ascending; what is in none of them is complete" }),
  })
  .meta({ id: "MetricCoverage" });

/** `GET /server/{id}/metrics`. */
export const ServerMetrics = z
  .object({
    server_id: id,
    server_name: z.string().optional(),
    metric: z.enum(METRIC_NAMES),
    data_points: z.array(MetricPoint),
    coverage: MetricCoverage.optional().meta({ description: "With `coverage=true`" }),
  })
  .meta({ id: "ServerMetrics" });
export type ServerMetrics = z.output<typeof ServerMetrics>;
