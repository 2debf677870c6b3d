/** Load averages over 1, 5 and 15 minutes. */
export interface LoadReading {
  readonly load1: number;
  readonly load5: number;
  readonly load15: number;
}

export const NO_LOAD: LoadReading = { load1: 0, load5: 0, load15: 0 };

/** `/proc/loadavg`; undefined when it does not begin with three numbers. */
export function parseLoad(loadavg: string): LoadReading | undefined {
  const [load1 = Number.NaN, load5 = Number.NaN, load15 = Number.NaN] = loadavg.split(" ", 3).map(Number);
  return Number.isFinite(load1 + load5 + load15) ? { load1, load5, load15 } : undefined;
}
