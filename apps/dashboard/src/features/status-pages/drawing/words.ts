import type { PageLanguage } from "@windfire/api";
import { fill, PAGE_TEXTS } from "../texts/texts.ts";
import type { PageTexts } from "../texts/texts.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Texts, times and numbers of a page for one reader's language, in the page's zone. */
export interface Words {
  readonly language: PageLanguage;
  t(key: keyof PageTexts, values?: Readonly<Record<string, string>>): string;
  /** `10:46`. */
  time(at: number): string;
  /** `23 Nov, 10:46`; the time alone on the day of `now`. */
  moment(at: number, now: number): string;
  /** `23 November 2026, 10:46`. */
  full(at: number): string;
  /** `10:00 – 12:00`, with days where there are several. */
  range(from: number, to: number, now: number): string;
  /** `Sun 22`. */
  dayOfMonth(at: number): string;
  /** A day's number since 1970-01-01 as `22 Nov`. */
  day(day: number): string;
  /** `November 2026`. */
  month(at: number): string;
  /** `2026-11`, in the page's zone. */
  monthKey(at: number): string;
  /** `1 h 4 min`. */
  duration(ms: number): string;
  /** `90 days ago`, `today`. */
  daysAgo(days: number): string;
  /** `90 days`. */
  days(count: number): string;
  percent(percent: number): string;
  milliseconds(ms: number): string;
  list(names: readonly string[]): string;
}

export function wordsOf(language: PageLanguage, zone: string): Words {
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: "h23", ...options });
  const clock = format({ hour: "2-digit", minute: "2-digit" });
  const dayAndClock = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const whole = format({ day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });
  const weekday = format({ weekday: "short", day: "numeric" });
  const month = format({ month: "long", year: "numeric" });
  const isoDay = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  const plainDay = new Intl.DateTimeFormat(language, { timeZone: "UTC", day: "numeric", month: "short" });
  const ago = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const span = new Intl.DurationFormat(language, { style: "short" });
  const unit = (name: string, digits: number): Intl.NumberFormat =>
    new Intl.NumberFormat(language, {
      style: "unit",
      unit: name,
      unitDisplay: name === "day" ? "long" : "short",
      maximumSignificantDigits: digits,
    });
  const [dayUnit, msUnit] = [unit("day", 3), unit("millisecond", 3)];
  const share = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 });
  const names = new Intl.ListFormat(language, { type: "conjunction" });
  const isSameDay = (a: number, b: number): boolean => isoDay.format(a) === isoDay.format(b);
  return {
    language,
    t: (key, values = {}) => fill(PAGE_TEXTS[language][key], values),
    time: (at) => clock.format(at),
    moment: (at, now) => (isSameDay(at, now) ? clock : dayAndClock).format(at),
    full: (at) => whole.format(at),
    range: (from, to, now) => (isSameDay(from, to) && isSameDay(from, now) ? clock : dayAndClock).formatRange(from, to),
    dayOfMonth: (at) => weekday.format(at),
    day: (day) => plainDay.format(day * DAY_MS),
    month: (at) => month.format(at),
    monthKey: (at) => isoDay.format(at).slice(0, 7),
    duration(ms) {
      const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
      const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
      return span.format({ days, hours, minutes: days > 0 ? 0 : minutes % 60 });
    },
    daysAgo: (days) => ago.format(-days, "day"),
    days: (count) => dayUnit.format(count),
    // Rounded down: what failed is not 100 %.
    percent: (percent) => share.format(Math.floor(percent * 100 + 1e-6) / 10_000),
    milliseconds: (ms) => msUnit.format(ms),
    list: (parts) => names.format(parts),
  };
}
