/** Metrics of a server's history in the order in which their values are recorded (spec 11 section 5). */
export const SERVER_METRICS = [
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
export type ServerMetric = (typeof SERVER_METRICS)[number];

/** What a point says of the half minutes in it. */
export type MetricStat = "avg" | "max";
