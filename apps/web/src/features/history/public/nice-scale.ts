/** The next of 1, 2, 4, 6, 8 times a power of ten, in units of the base: ends whose quarters are short numbers. */
export function niceTop(highest: number | null | undefined, base: 1000 | 1024): number {
  const value = (highest ?? 0) * 1.05;
  if (value <= 0) return base === 1024 ? 1024 : 1;
  const unit = base === 1024 ? 1024 ** Math.max(0, Math.floor(Math.log(value) / Math.log(1024))) : 1;
  const digits = 10 ** Math.floor(Math.log10(value / unit));
  const step = [1, 2, 4, 6, 8, 10].find((factor) => factor * digits * unit >= value) ?? 10;
  return step * digits * unit;
}

/** Low end, quarters, and high end. */
export function quarters(low: number, high: number): number[] {
  return [0, 1, 2, 3, 4].map((part) => low + ((high - low) * part) / 4);
}
