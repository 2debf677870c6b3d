const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const MAX_SECONDS = 10 * 365 * 86_400;

/** `90s`, `30m`, `2h` or `7d` in seconds; undefined for anything else, and for more than ten years. */
export function parseDuration(text: string): number | undefined {
  const [, count = "", unit = ""] = /^(\d{1,9})([smhd])$/.exec(text.trim()) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? 0);
  return seconds > 0 && seconds <= MAX_SECONDS ? seconds : undefined;
}
