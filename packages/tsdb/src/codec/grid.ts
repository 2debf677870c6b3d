/** Grids are named by an exponent: `e >= 0` multiples of 2^e, `e < 0` multiples of 10^e. */
const COARSEST_BINARY = 20;

/** The grid of a column's `step`; throws when it is neither a power of two >= 1 nor 10^-n. */
export function gridOf(step: number): number {
  const exponent = step >= 1 ? Math.log2(step) : Math.round(Math.log10(step));
  const exact = Number.isInteger(exponent) && (step >= 1 || Math.abs(step * 10 ** -exponent - 1) < 1e-9);
  if (!exact || Math.abs(exponent) > COARSEST_BINARY) throw new RangeError(`step ${step} is not a power of two or 10^-n`);
  return exponent;
}

/** The coarsest grid on which all values lie exactly, but none finer than `grid`: there values are rounded. */
export function coarsestGrid(values: Float64Array, length: number, grid: number): number {
  if (grid < 0) return decimalGrid(values, length, grid);
  let exponent = COARSEST_BINARY;
  let unit = 2 ** exponent;
  for (let index = 0; index < length && exponent > grid; index++) {
    while (exponent > grid && (values[index] as number) % unit !== 0) {
      exponent--;
      unit /= 2;
    }
  }
  return exponent;
}

function decimalGrid(values: Float64Array, length: number, grid: number): number {
  let exponent = 0;
  let per = 1;
  for (let index = 0; index < length && exponent > grid; index++) {
    const value = values[index] as number;
    while (exponent > grid && Math.round(value * per) / per !== value) {
      exponent--;
      per = 10 ** -exponent;
    }
  }
  return exponent;
}

/** Writes each value as a whole number of grid units. Returns false when the numbers grow too large to be packed. */
export function quantise(values: Float64Array, length: number, grid: number, into: Float64Array): boolean {
  const factor = grid >= 0 ? 2 ** -grid : 10 ** -grid;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < length; index++) {
    const units = Math.round((values[index] as number) * factor);
    into[index] = units;
    if (units < low) low = units;
    if (units > high) high = units;
  }
  return high - low <= LARGEST_RANGE && Math.max(Math.abs(low), Math.abs(high)) <= LARGEST_UNITS;
}

/** The inverse of {@link quantise}, in place. Decimals are divided, so that 1234 hundredths are the same number as 12.34. */
export function restore(values: Float64Array, length: number, grid: number): void {
  if (grid === 0) return;
  if (grid > 0) {
    const unit = 2 ** grid;
    for (let index = 0; index < length; index++) values[index] = (values[index] as number) * unit;
  } else {
    const per = 10 ** -grid;
    for (let index = 0; index < length; index++) values[index] = (values[index] as number) / per;
  }
}

/** Second differences of values this far apart, in zigzag form, still are exact. */
const LARGEST_RANGE = 2 ** 49;
const LARGEST_UNITS = 2 ** 51;
