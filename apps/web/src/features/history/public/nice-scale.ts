/** The next of 1, 2, 4, 6, 8 times a power of ten, in units of the base: ends whose quarters are short numbers. */
export function niceTop(highest: number | null | undefined, base: 1000 | 1024): number {
  const value = (highest ?? 0) * 1.05;
  if (value <= 0) return base === 1024 ? 1024 : 1;
  const unit = base === 1024 ? 1024 ** Math.max(0, Math.floor(Math.log(value) / Math.log(1024))) : 1;
  const digits = 10 ** Math.floor(Math.log10(value / unit));
  const step = [1, 2, 4, 6, 8, 10].find((factor) => factor * digits * unit >= value) ?? 10;
  return step * digits * unit;
}

/**
 * The end of an axis whose quantity has an end of its own, such as a host's memory. What goes beyond is shown all the same: swap, another
 * server's, or what was measured before the host changed.
 */
export function topFor(known: number | undefined, highest: number | null | undefined, base: 1000 | 1024): number {
  return known !== undefined && known >= (highest ?? 0) ? known : niceTop(highest, base);
}

/** Low end, quarters, and high end. */
export function quarters(low: number, high: number): number[] {
  return [0, 1, 2, 3, 4].map((part) => low + ((high - low) * part) / 4);
}
