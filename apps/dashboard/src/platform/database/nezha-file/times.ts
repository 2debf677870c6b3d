import { formatInstant, formatOffset, ZERO_TIME, zoneOffset } from "#kernel";

/** A moment as a database of the reference holds it. */
export interface StoredTime {
  /** Unix milliseconds, rounded down; 0 for the zero time. */
  readonly epochMs: number;
  /** RFC 3339 with the stored offset and up to 9 digits of a second, as clients get it (spec 10 section 4.1). */
  readonly rfc3339: string;
}

/** "Never": what the reference writes for a time that was not set. */
export const zeroTime: StoredTime = { epochMs: 0, rfc3339: ZERO_TIME };

const ZERO_TEXT = "0001-01-01 00:00:00+00:00";
const MINUTE = 60_000;
const LAYOUT = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9})\d*)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Reads a time column. Besides the reference's own layout it takes every form that files were found to hold (spec 41 sections 9.2
 * and 9.3b): `T` as separator, no zone or `Z` for UTC, a bare date, Unix seconds as an integer. Anything else is the zero time.
 */
export function readTime(value: unknown): StoredTime {
  if (typeof value === "number") return Number.isFinite(value) ? timeOf(Math.floor(value) * 1000, 0) : zeroTime;
  if (typeof value !== "string") return zeroTime;
  const match = LAYOUT.exec(value.trim());
  if (match === null) return zeroTime;
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00", digits = "", zone = "Z"] = match;
  const offset = offsetMinutes(zone);
  const date = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  // Years below 100 are the zero time and its neighbours; a date that rolls over (30 February, hour 24) is none.
  if (offset === undefined || year < "0100" || new Date(local).toISOString().slice(0, 19) !== date) return zeroTime;
  const fraction = digits.replace(/(?<!0)0+$/, "");
  const epochMs = local - offset * MINUTE + Number(digits.padEnd(3, "0").slice(0, 3));
  return { epochMs, rfc3339: date + (fraction === "" ? "" : `.${fraction}`) + formatOffset(offset) };
}

/** Reads a time column that means something when it is NULL (`revoked_at`, `acked_at`, a token's `expires_at`). */
export function readOptionalTime(value: unknown): StoredTime | null {
  return value === null || value === undefined ? null : readTime(value);
}

/** The value that is read back after `writeTime(epochMs)`: a moment in the zone of the process. */
export function timeOf(epochMs: number, offset = zoneOffset(epochMs)): StoredTime {
  return { epochMs, rfc3339: formatInstant(epochMs, offset) };
}

/** Column text of Unix milliseconds in the zone of the process, as the reference writes it; 0 is the zero time. */
export function writeTime(epochMs: number): string {
  if (epochMs === 0) return ZERO_TEXT;
  return formatInstant(epochMs).replace("T", " ").replace("Z", "+00:00");
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
