import type { Catalog } from "../files/catalog.ts";
import { ROLL_LEVELS, type RollLevel } from "../files/segment-kinds.ts";
import type { Segment } from "../files/segment.ts";

export interface ExpiryLimits {
  readonly rawDays: number;
  readonly fiveMinuteDays: number;
  readonly hourDays: number;
  readonly sizeBudgetBytes: number;
}

/** What has to go next. */
export type Expiry = { readonly kind: "roll"; readonly day: number } | { readonly kind: "remove"; readonly segment: Segment };

/**
 * Days beyond the limit that are kept although they are old enough: as many days with data as the limit says must exist besides, so that
 * a clock that jumps far ahead for a while cannot empty the store.
 */
const SPARE_DAYS = 2;

/** The next file that is too old; undefined when there is none. */
export function nextExpired(catalog: Catalog, limits: ExpiryLimits, today: number): Expiry | undefined {
  const raw = catalog.rawDays();
  const [oldest] = raw;
  if (oldest !== undefined && oldest < today - limits.rawDays && raw.length > limits.rawDays + SPARE_DAYS - 1)
    return { kind: "roll", day: oldest };
  for (const level of ROLL_LEVELS) {
    const keep = level === "five" ? limits.fiveMinuteDays : limits.hourDays;
    const segment = oldestRolled(catalog, level, keep, today);
    if (segment !== undefined) return { kind: "remove", segment };
  }
  return undefined;
}

/** The next file to go when the store is larger than its budget: the oldest points first, then 5-minute, then 1-hour roll-ups. */
export function nextOverBudget(catalog: Catalog, limits: ExpiryLimits, logBytes: number): Expiry | undefined {
  const bytes = catalog.bytes();
  if (logBytes + bytes.chunks + bytes.raw + bytes.half + bytes.five + bytes.hour <= limits.sizeBudgetBytes) return undefined;
  const [day] = catalog.rawDays();
  if (day !== undefined) return { kind: "roll", day };
  for (const level of ROLL_LEVELS) {
    const [segment] = catalog.rolledSegments(level);
    if (segment !== undefined) return { kind: "remove", segment };
  }
  return undefined;
}

function oldestRolled(catalog: Catalog, level: RollLevel, keep: number, today: number): Segment | undefined {
  const segments = catalog.rolledSegments(level);
  const [segment] = segments;
  const days = segments.reduce((sum, { days: covered }) => sum + covered, 0);
  return segment !== undefined && segment.day + segment.days <= today - keep && days - segment.days >= keep ? segment : undefined;
}
