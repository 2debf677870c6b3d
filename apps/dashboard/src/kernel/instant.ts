const MINUTE = 60_000;
let offsetMinute = Number.NaN;
let offsetText = "Z";
let offsetMs = 0;

/** The zero time as clients know it (spec 11 section 0.2). */
export const ZERO_TIME = "0001-01-01T00:00:00Z";

/**
 * RFC 3339 text of Unix milliseconds in the zone of the process, fraction without trailing zeros (spec 10 section 4.1);
 * 0 is the zero time.
 */
export function formatInstant(ms: number): string {
  if (ms === 0) return ZERO_TIME;
  readOffset(ms);
  const text = new Date(ms + offsetMs).toISOString();
  const fraction = ms % 1000 === 0 ? "" : text.slice(19, -1).replace(/0+$/, "");
  return text.slice(0, 19) + fraction + offsetText;
}

/** The offset only changes on full minutes: looked up once for each. */
function readOffset(ms: number): void {
  const minute = Math.floor(ms / MINUTE);
  if (minute === offsetMinute) return;
  const east = -new Date(ms).getTimezoneOffset();
  const size = Math.abs(east);
  offsetMinute = minute;
  offsetMs = east * MINUTE;
  offsetText = east === 0 ? "Z" : `${east < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
