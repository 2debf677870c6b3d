const LONGEST_MS = 15 * 60_000;

/** Milliseconds that a `Retry-After` asks for, seconds or an HTTP date (RFC 9110 section 10.2.3), up to 15 minutes. */
export function retryAfterHeader(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_MS) : undefined;
}
