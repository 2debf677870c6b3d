const MINUTE = 60_000;
let cachedMinute = Number.NaN;
let cachedOffset = 0;

/** The zero time as clients know it (spec 11 section 0.2). */
export const ZERO_TIME = "0001-01-01T00:00:00Z";

/**
 * RFC 3339 text of Unix milliseconds, fraction without trailing zeros (spec 10 section 4.1); 0 is the zero time.
 *
 * @param offset minutes east of UTC; the zone of the process unless given
 */
export function formatInstant(ms: number, offset = zoneOffset(ms)): string {
  if (ms === 0) return ZERO_TIME;
  const text = new Date(ms + offset * MINUTE).toISOString();
  const fraction = ms % 1000 === 0 ? "" : text.slice(19, -1).replace(/(?<!0)0+$/, "");
  return text.slice(0, 19) + fraction + formatOffset(offset);
}

/** Minutes east of UTC of the zone of the process. Offsets only change on full minutes, and asking for one is slow: it is done once for each. */
export function zoneOffset(ms: number): number {
  const minute = Math.floor(ms / MINUTE);
  if (minute !== cachedMinute) {
    cachedMinute = minute;
    cachedOffset = -Math.round(new Date(ms).getTimezoneOffset());
  }
  return cachedOffset;
}

/** `+08:00` of minutes east of UTC; UTC itself is `Z`. */
export function formatOffset(offset: number): string {
  if (offset === 0) return "Z";
  const size = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
