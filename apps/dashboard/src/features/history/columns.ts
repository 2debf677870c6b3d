import type { Family } from "@windfire/tsdb";
import type { ServerMetric } from "./metrics.ts";
import { SERVER_METRICS } from "./metrics.ts";

export const SERVER_FAMILY = "server";
export const PROBE_FAMILY = "probe";
/** Where states of a server came late: only these slots have rows. */
export const LATE_FAMILY = "late";

type Kind = readonly ["mean" | "last", number];
const PERCENT: Kind = ["mean", 0.01];
const BYTES: Kind = ["mean", 1024];
const BYTES_PER_SECOND: Kind = ["mean", 1];
const COUNTER: Kind = ["last", 1];
const LOAD: Kind = ["mean", 0.001];
const COUNT: Kind = ["mean", 0.01];

/** How a metric is folded (spec 11 section 5) and to what its sealed values are rounded. */
const METRIC_KINDS: Readonly<Record<ServerMetric, Kind>> = {
  cpu: PERCENT,
  memory: BYTES,
  swap: BYTES,
  disk: BYTES,
  net_in_speed: BYTES_PER_SECOND,
  net_out_speed: BYTES_PER_SECOND,
  net_in_transfer: COUNTER,
  net_out_transfer: COUNTER,
  load1: LOAD,
  load5: LOAD,
  load15: LOAD,
  tcp_conn: COUNT,
  udp_conn: COUNT,
  process_count: COUNT,
  temperature: ["mean", 0.1],
  uptime: COUNTER,
  gpu: ["mean", 0.1],
};

/** The series of the history: 17 of each server, one more where states came late, five of each server that probes a service. */
export const FAMILIES: readonly Family[] = [
  {
    name: SERVER_FAMILY,
    columns: SERVER_METRICS.map((name) => {
      const [fold, step] = METRIC_KINDS[name];
      return { name, fold, step };
    }),
  },
  { name: LATE_FAMILY, columns: [{ name: "states", fold: "sum", step: 1 }] },
  {
    name: PROBE_FAMILY,
    columns: [
      { name: "delay", fold: "mean", step: 0.01, percentiles: true, weighedBy: "up" },
      { name: "up", fold: "sum", step: 1 },
      { name: "down", fold: "sum", step: 1 },
      { name: "loss", fold: "mean", step: 0.01 },
      { name: "jitter", fold: "mean", step: 0.01, weighedBy: "up" },
    ],
  },
];

/** Server ids from here on, and service ids from twice here on, do not fit into one key. */
export const ID_LIMIT = 2 ** 26;

/** Key of what a server has seen of a service. */
export function probeKey(serviceId: number, serverId: number): number {
  return serviceId * ID_LIMIT + serverId;
}

export function serviceOf(key: number): number {
  return Math.floor(key / ID_LIMIT);
}

export function serverOf(key: number): number {
  return key % ID_LIMIT;
}
