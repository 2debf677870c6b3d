/** One look at the dashboard. */
export interface Look {
  readonly atSeconds: number;
  readonly residentMb: number;
}

/** Points are kept for half minutes. */
export const SLOT_MS = 30_000;

/** Growth of resident memory by the line that fits best, MB an hour; 0 with fewer than two looks. */
export function growthPerHour(looks: readonly Look[]): number {
  const mean = (of: (look: Look) => number): number => looks.reduce((sum, look) => sum + of(look), 0) / looks.length;
  const [time, memory] = [mean(({ atSeconds }) => atSeconds), mean(({ residentMb }) => residentMb)];
  const spread = looks.reduce((sum, { atSeconds }) => sum + (atSeconds - time) ** 2, 0);
  if (looks.length < 2 || spread === 0) return 0;
  return (3_600 * looks.reduce((sum, { atSeconds, residentMb }) => sum + (atSeconds - time) * (residentMb - memory), 0)) / spread;
}

/** Half minutes between `from` and `to` (Unix milliseconds) of which no point is there. Those at the ends, which are not whole, do not count. */
export function missingPoints(times: readonly number[], from: number, to: number): number {
  const known = new Set(times);
  let missing = 0;
  for (let slot = Math.ceil(from / SLOT_MS) * SLOT_MS; slot + SLOT_MS <= to; slot += SLOT_MS) if (!known.has(slot)) missing++;
  return missing;
}
