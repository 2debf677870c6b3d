import type { Catalog } from "../files/catalog.ts";
import type { Journal } from "../files/journal.ts";
import { DAY_MS, ROLL_LEVELS } from "../files/segment-kinds.ts";
import type { StoreStats } from "../stats.ts";

/** Bytes on disk, by what they hold. */
export function bytesHeld(catalog: Catalog, journal: Journal): StoreStats["bytes"] {
  const { chunks, raw, half, five, hour } = catalog.bytes();
  return { logs: journal.bytes, chunks, raw, halfHours: half, fiveMinutes: five, hours: hour };
}

/** Values of sealed points. */
export function pointsHeld(catalog: Catalog): number {
  const chunks = catalog.chunkDays().reduce((sum, day) => sum + (catalog.chunks(day)?.points ?? 0), 0);
  return catalog.rawDays().reduce((sum, day) => sum + (catalog.raw(day)?.values ?? 0), chunks);
}

/** Where the newest day ends of which roll-ups alone are held, Unix milliseconds; 0 where there is none. */
export function rolledUpTo(catalog: Catalog): number {
  let end = 0;
  for (const { day, days } of ROLL_LEVELS.flatMap((level) => catalog.rolledSegments(level))) {
    for (let one = day; one < day + days; one++) if (catalog.raw(one) === undefined) end = Math.max(end, (one + 1) * DAY_MS);
  }
  return end;
}

/** Where the oldest sealed day begins, Unix milliseconds. */
export function oldestHeld(catalog: Catalog): number | undefined {
  const rolled = ROLL_LEVELS.flatMap((level) => catalog.rolledSegments(level).map(({ day }) => day));
  const days = [...catalog.chunkDays(), ...catalog.rawDays(), ...rolled];
  return days.length === 0 ? undefined : Math.min(...days) * DAY_MS;
}
