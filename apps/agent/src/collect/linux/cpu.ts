/** Clock ticks since boot, all processors together. */
export interface CpuTimes {
  readonly total: number;
  readonly busy: number;
}

const COUNTED_FIELDS = 8;
const IDLE = 3;
const IO_WAIT = 4;

/**
 * First line of `/proc/stat`: user nice system idle iowait irq softirq steal; guest times are part of user and nice and
 * are not counted again (spec 21 section 4.3). Undefined when the line is not there.
 */
export function parseCpuTimes(stat: string): CpuTimes | undefined {
  const line = stat.slice(0, stat.indexOf("\n"));
  if (!line.startsWith("cpu ")) return undefined;
  const ticks = line.slice(4).trim().split(/ +/, COUNTED_FIELDS).map(Number);
  if (ticks.length <= IO_WAIT || !ticks.every(Number.isFinite)) return undefined;
  const total = ticks.reduce((sum, value) => sum + value, 0);
  return { total, busy: total - (ticks[IDLE] ?? 0) - (ticks[IO_WAIT] ?? 0) };
}

/** Share of busy time between two readings in percent: 0 when busy did not grow, 100 when only the total did not. */
export function busyPercent(before: CpuTimes, after: CpuTimes): number {
  const busy = after.busy - before.busy;
  const total = after.total - before.total;
  if (busy <= 0) return 0;
  return total <= 0 ? 100 : Math.min(100, (busy / total) * 100);
}

export const NO_TIMES: CpuTimes = { total: 0, busy: 0 };
