import { createZone } from "#kernel";

const HOUR_MS = 3_600_000;

/**
 * The full hour before an instant as clocks of a zone show it, Unix milliseconds: where the offset has half hours, hours begin at half
 * past those of UTC.
 */
export function createHours(name: string): (instant: number) => number {
  const zone = createZone(name);
  return (instant) => {
    const offset = zone.offsetAt(instant);
    return Math.floor((instant + offset) / HOUR_MS) * HOUR_MS - offset;
  };
}
