import type { AlertType } from "@windfire/api";
import type { ServerMetric } from "#features/history";
import type { WatchedFigure } from "#features/incidents";
import { isOutside } from "../measures.ts";
import type { MeasuredType } from "../measures.ts";
import type { Verdict } from "../engine.ts";
import type { AlertCondition } from "../model.ts";

/** What is known of a host beside its history, as it is now; totals in bytes, `undefined` when not known. */
export interface HostFacts {
  readonly memTotal: number | undefined;
  readonly swapTotal: number | undefined;
  readonly diskTotal: number | undefined;
  /** Whether it has sensors of a kind: the history has 0 for none. */
  readonly hasGpu: boolean;
}

/** A figure as the history has it. */
interface StoredMeasure {
  readonly metrics: readonly ServerMetric[];
  readonly percentOf?: "memTotal" | "swapTotal" | "diskTotal";
  /** `undefined`: not known. */
  readonly valueOf: (values: readonly number[], host: HostFacts) => number | undefined;
}

const plain = (metric: ServerMetric): StoredMeasure => ({ metrics: [metric], valueOf: ([value]) => value });
const sum = (...metrics: ServerMetric[]): StoredMeasure => ({
  metrics,
  valueOf: (values) => values.reduce((total, value) => total + value, 0),
});
const share = (metric: ServerMetric, total: "memTotal" | "swapTotal" | "diskTotal"): StoredMeasure => ({
  metrics: [metric],
  percentOf: total,
  valueOf: ([value = Number.NaN], host) => (host[total] === undefined ? undefined : (value * 100) / host[total]),
});
const gpu: StoredMeasure = { metrics: ["gpu"], valueOf: ([value], { hasGpu }) => (hasGpu ? value : undefined) };

/** Types of conditions that the history knows the figures of. */
const STORED: Readonly<Record<MeasuredType, StoredMeasure>> = {
  cpu: plain("cpu"),
  gpu,
  gpu_max: gpu,
  memory: share("memory", "memTotal"),
  swap: share("swap", "swapTotal"),
  disk: share("disk", "diskTotal"),
  net_in_speed: plain("net_in_speed"),
  net_out_speed: plain("net_out_speed"),
  net_all_speed: sum("net_in_speed", "net_out_speed"),
  transfer_in: plain("net_in_transfer"),
  transfer_out: plain("net_out_transfer"),
  transfer_all: sum("net_in_transfer", "net_out_transfer"),
  load1: plain("load1"),
  load5: plain("load5"),
  load15: plain("load15"),
  tcp_conn_count: plain("tcp_conn"),
  udp_conn_count: plain("udp_conn"),
  process_count: plain("process_count"),
  temperature_max: { metrics: ["temperature"], valueOf: ([value]) => (value === 0 ? undefined : value) },
};

/** The metrics that a type of condition is about; `undefined` when the history has none of them. */
export function storedMetricsOf(type: string): readonly ServerMetric[] | undefined {
  return isStored(type) ? STORED[type].metrics : undefined;
}

/** What a condition looks at, for whoever shows it. */
export function storedFiguresOf({ type, min, max }: Pick<AlertCondition, "type" | "min" | "max">): WatchedFigure[] {
  if (!isStored(type)) return [];
  const { metrics, percentOf } = STORED[type];
  // A sum is bounded, its parts are not.
  const bounds = metrics.length === 1 ? { min, max } : { min: 0, max: 0 };
  return metrics.map((metric) => ({ metric, ...bounds, ...(percentOf === undefined ? {} : { percentOf }) }));
}

function isStored(type: string): type is MeasuredType & AlertType {
  return Object.hasOwn(STORED, type);
}

/** What a stored point says of a condition; `values` in the order of its metrics. A report is a sign of life. */
export function storedVerdict(condition: AlertCondition, values: readonly number[], host: HostFacts): Verdict {
  if (!isStored(condition.type)) return "P";
  const value = STORED[condition.type].valueOf(values, host);
  if (value === undefined || Number.isNaN(value)) return "U";
  return isOutside(condition, value) ? "F" : "P";
}
