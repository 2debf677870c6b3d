/** Readings of one moment that are taken again and again, each rounded anew, differ by this much. */
const ROUNDING_SECONDS = 2;

/**
 * Holds a moment (the host's start, in Unix seconds) still against rounding, for a host whose start moves looks as if it
 * had been started again (spec 20 section 5.1), and follows it when the clock was set: a host without a clock of its own
 * boots in 1970. A reading that fails changes nothing.
 */
export function createSteadyTime(): (reading: number | undefined) => number {
  let known: number | undefined;
  return (reading) => {
    if (reading !== undefined && (known === undefined || Math.abs(reading - known) > ROUNDING_SECONDS)) known = reading;
    return known ?? 0;
  };
}
