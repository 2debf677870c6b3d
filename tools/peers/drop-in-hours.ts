const CYCLE_SUM = /^FAIL (?:open|changed|reference) \S+ \/service: \.data\.cycle_transfer_stats\.\d+\.transfer\.\d+: /;

/**
 * Why a line of the checker that the sum of a cycle differs is no failure early in the day; undefined for other lines. The checker moves rows
 * of traffic by whole days. Until the hour of the day at which a directory was recorded its newest rows lie in the future then, where the
 * original counts them and rows of the future do not count (spec 30 section 2.6). At other hours every sum must be right.
 */
export function cycleSumReason(line: string): string | undefined {
  return CYCLE_SUM.test(line) ? "before the hour of the recording its newest rows of traffic lie in the future" : undefined;
}

/** Whether it is earlier in the day than when the directory was recorded, in its own zone. */
export function isEarly(recordedAt: string, location: string, now: number): boolean {
  const time = new Intl.DateTimeFormat("en-GB", { timeZone: location, hour: "2-digit", minute: "2-digit" });
  return time.format(now) < time.format(Date.parse(recordedAt));
}
