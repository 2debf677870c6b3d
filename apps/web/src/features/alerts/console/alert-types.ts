/** What a limit of a type is written in. Factors turn what is written into what is stored. */
export type Measure = "percent" | "speed" | "bytes" | "count" | "celsius" | "none";

export const GROUPS = {
  usage: ["cpu", "memory", "swap", "disk", "gpu_max"],
  presence: ["offline"],
  network: ["net_in_speed", "net_out_speed", "net_all_speed"],
  traffic: [
    "transfer_in_cycle",
    "transfer_out_cycle",
    "transfer_all_cycle",
    "transfer_in_forecast",
    "transfer_out_forecast",
    "transfer_all_forecast",
    "transfer_in",
    "transfer_out",
    "transfer_all",
  ],
  counts: ["load1", "load5", "load15", "tcp_conn_count", "udp_conn_count", "process_count", "temperature_max"],
} as const;

const KNOWN: ReadonlySet<string> = new Set([...Object.values(GROUPS).flat(), "gpu"]);

export const isKnown = (type: string): boolean => KNOWN.has(type);
export const isForecast = (type: string): boolean => type.endsWith("_forecast");
export const isCycle = (type: string): boolean => type.endsWith("_cycle") || isForecast(type);

export function measureOf(type: string): Measure {
  if (type === "offline") return "none";
  if (["cpu", "memory", "swap", "disk", "gpu", "gpu_max"].includes(type)) return "percent";
  if (type.startsWith("net_")) return "speed";
  if (type.startsWith("transfer_")) return "bytes";
  return type === "temperature_max" ? "celsius" : "count";
}

const BINARY = 1024;
const DECIMAL = 1000;

/** Units of a measure with their factors: those in steps of 1024, then those in steps of 1000. */
export function unitsOf(measure: Measure): readonly { readonly name: string; readonly factor: number }[] {
  switch (measure) {
    case "percent":
      return [{ name: "%", factor: 1 }];
    case "celsius":
      return [{ name: "°C", factor: 1 }];
    case "speed":
      return [
        { name: "B/s", factor: 1 },
        ...["KiB/s", "MiB/s", "GiB/s"].map((name, i) => ({ name, factor: BINARY ** (i + 1) })),
        ...["kB/s", "MB/s", "GB/s"].map((name, i) => ({ name, factor: DECIMAL ** (i + 1) })),
      ];
    case "bytes":
      return [
        { name: "B", factor: 1 },
        ...["MiB", "GiB", "TiB"].map((name, i) => ({ name, factor: BINARY ** (i + 2) })),
        ...["MB", "GB", "TB"].map((name, i) => ({ name, factor: DECIMAL ** (i + 2) })),
      ];
    case "count":
    case "none":
      return [{ name: "", factor: 1 }];
  }
}

/** What a limit begins in. */
export function usualUnit(measure: Measure, step: 1024 | 1000): number {
  if (measure === "speed") return step ** 2;
  return measure === "bytes" ? step ** 3 : 1;
}

/** The largest unit in which all the values are written with at most two decimals. */
export function fittingUnit(measure: Measure, values: readonly number[]): number {
  const used = values.filter((value) => value > 0);
  const factors = unitsOf(measure)
    .map((unit) => unit.factor)
    .toSorted((a, b) => a - b);
  if (used.length === 0) return usualUnit(measure, BINARY);
  const fits = (factor: number) => used.every((value) => value >= factor && Number.isInteger(Math.round((value / factor) * 1e8) / 1e6));
  return factors.findLast(fits) ?? 1;
}
