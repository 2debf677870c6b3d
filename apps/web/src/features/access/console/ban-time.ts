const SHORTEST_S = 3;

/**
 * Until when an address is kept out, in milliseconds: newest event plus the fourth power of all its tries, in seconds (spec 10 section 9.4).
 * `Infinity`: for ever. All rows of the address count together.
 */
export function bannedUntil(rows: readonly { readonly block_timestamp: number; readonly count: number }[]): number {
  const newest = Math.max(...rows.map((row) => row.block_timestamp));
  const tries = rows.reduce((sum, row) => sum + row.count, 0);
  const seconds = Math.max(SHORTEST_S, tries ** 4);
  return seconds > Number.MAX_SAFE_INTEGER / 2000 ? Infinity : (newest + seconds) * 1000;
}
