import type { Host, MetricName } from "@windfire/api";

/** What stored history has of a kind of condition: values of one metric, or of two that count together. */
export interface RuleMetric {
  readonly metrics: readonly MetricName[];
  /** Limits are percent of this, and stored are bytes. */
  readonly of?: "mem_total" | "swap_total" | "disk_total";
}

const OF_TYPES: Readonly<Record<string, RuleMetric>> = {
  cpu: { metrics: ["cpu"] },
  gpu: { metrics: ["gpu"] },
  gpu_max: { metrics: ["gpu"] },
  memory: { metrics: ["memory"], of: "mem_total" },
  swap: { metrics: ["swap"], of: "swap_total" },
  disk: { metrics: ["disk"], of: "disk_total" },
  net_in_speed: { metrics: ["net_in_speed"] },
  net_out_speed: { metrics: ["net_out_speed"] },
  net_all_speed: { metrics: ["net_in_speed", "net_out_speed"] },
  transfer_in: { metrics: ["net_in_transfer"] },
  transfer_out: { metrics: ["net_out_transfer"] },
  transfer_all: { metrics: ["net_in_transfer", "net_out_transfer"] },
  load1: { metrics: ["load1"] },
  load5: { metrics: ["load5"] },
  load15: { metrics: ["load15"] },
  tcp_conn_count: { metrics: ["tcp_conn"] },
  udp_conn_count: { metrics: ["udp_conn"] },
  process_count: { metrics: ["process_count"] },
  temperature_max: { metrics: ["temperature"] },
};

/** `undefined` for what no line can show: whether a server is there, and sums over a period. */
export const ruleMetricOf = (type: string): RuleMetric | undefined => OF_TYPES[type];

/** The kind of condition that speaks of a metric alone, for its name and unit. */
export function typeOfMetric(metric: string): string | undefined {
  return Object.keys(OF_TYPES).find(
    (type) => type !== "gpu" && OF_TYPES[type]?.metrics.length === 1 && OF_TYPES[type].metrics[0] === metric,
  );
}

/** A stored value, in the unit of its metric. */
export interface MetricPoint {
  /** Milliseconds. */
  readonly ts: number;
  readonly value: number;
}

/**
 * Values as a condition compares them: sums where both metrics have the moment, percent of what the host has. None where the size of the
 * host is not known.
 */
export function comparedPoints({ of }: RuleMetric, lists: readonly (readonly MetricPoint[])[], host: Host | undefined): MetricPoint[] {
  const total = of === undefined ? undefined : (host?.[of] ?? 0);
  if (total === 0) return [];
  const factor = total === undefined ? 1 : 100 / total;
  const [first = [], ...others] = lists;
  const values = others.map((list) => new Map(list.map(({ ts, value }) => [ts, value])));
  return first.flatMap(({ ts, value }) => {
    const beside = values.map((list) => list.get(ts));
    if (beside.includes(undefined)) return [];
    return [{ ts, value: factor * beside.reduce<number>((sum, more) => sum + (more ?? 0), value) }];
  });
}
