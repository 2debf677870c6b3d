/** Count of a manual block: for ever. */
export const MANUAL_COUNT = 99_999;

export interface Strikes {
  readonly reason: number;
  /** Unix seconds of the newest strike. */
  readonly timestamp: number;
  readonly count: number;
}

const SHORTEST_BAN_SECONDS = 3;

/**
 * Unix seconds until which an address is blocked: newest strike + max(3, C⁴) with C the sum of all its counts (section 9.4). A number
 * beyond 64 bits means for ever.
 */
export function banEnd(rows: Iterable<Strikes>): number {
  let newest = 0;
  let total = 0;
  for (const { timestamp, count } of rows) {
    newest = Math.max(newest, timestamp);
    total += count;
  }
  return newest + Math.max(SHORTEST_BAN_SECONDS, total ** 4);
}
