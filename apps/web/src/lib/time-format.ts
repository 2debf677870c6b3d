import { createWallClock } from "./wall-clock.ts";
import type { WallClock } from "./wall-clock.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type DurationUnit = "second" | "minute" | "hour" | "day";
/** Says a number of units in the reader's language: `14 min`. */
export type UnitText = (unit: DurationUnit, value: number) => string;

export interface TimeFormat {
  /** The largest fitting unit, rounded down: `14 min`, `63 d`. Milliseconds in. */
  duration(ms: number): string;
  /** Clock time of the zone: `10:31`. */
  clock(at: number): string;
  /** `10:31:04` */
  clockSeconds(at: number): string;
  /** `3 Aug 2026`; the year is left out when it is the year of `now`. */
  date(at: number, now: number): string;
  /** `3 Aug, 10:31`; with the year when it is not this one: `3 Aug 2024, 10:31`. */
  dateTime(at: number): string;
  /** The clock time on the day of `now`, else with the date: `10:31`, `3 Aug, 10:31`. */
  moment(at: number, now: number): string;
  /** `Mon 23` */
  weekday(at: number): string;
  /** How long ago below 24 hours, else the date with time. */
  ago(at: number, now: number): string;
  /** The other form for tooltips: date, time, zone and ISO 8601. */
  full(at: number): string;
  /** Name of the zone all of these use. */
  readonly zone: string;
  /** The same zone for fields of a form. */
  readonly wall: WallClock;
}

interface TimeFormatOptions {
  readonly locale: string;
  readonly timeZone: string;
  readonly unit: UnitText;
  /** Unix milliseconds: which year is this one. */
  readonly now: () => number;
}

export function createTimeFormat({ locale, timeZone, unit, now: present }: TimeFormatOptions): TimeFormat {
  // Each is made when the first text needs it: a page needs few of them, and each costs more than all it writes.
  const make = (parts: Intl.DateTimeFormatOptions) => {
    let made: Intl.DateTimeFormat | undefined;
    const format = (at: number): string =>
      (made ??= new Intl.DateTimeFormat(locale, { ...parts, timeZone, numberingSystem: "latn" })).format(at);
    return { format };
  };
  const clock = make({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const clockSeconds = make({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const day = make({ day: "numeric", month: "short" });
  const dayYear = make({ day: "numeric", month: "short", year: "numeric" });
  const dayClock = make({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const dayYearClock = make({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const weekday = make({ weekday: "short", day: "numeric" });
  const full = make({ dateStyle: "full", timeStyle: "long" });
  const year = make({ year: "numeric" });
  const duration = (ms: number) => durationText(ms, unit);
  const isSameYear = (at: number, other: number) => year.format(at) === year.format(other);
  const dateTime = (at: number) => (isSameYear(at, present()) ? dayClock : dayYearClock).format(at);
  return {
    duration,
    clock: (at) => clock.format(at),
    clockSeconds: (at) => clockSeconds.format(at),
    date: (at, now) => (isSameYear(at, now) ? day : dayYear).format(at),
    dateTime,
    moment: (at, now) => (dayYear.format(at) === dayYear.format(now) ? clock.format(at) : dateTime(at)),
    weekday: (at) => weekday.format(at),
    ago: (at, now) => (now - at < DAY ? duration(now - at) : dateTime(at)),
    full: (at) => `${full.format(at)} (${timeZone}), ${new Date(at).toISOString()}`,
    zone: timeZone,
    wall: createWallClock(timeZone),
  };
}

function durationText(ms: number, unit: UnitText): string {
  const length = Math.max(0, ms);
  if (length < MINUTE) return unit("second", Math.floor(length / SECOND));
  if (length < HOUR) return unit("minute", Math.floor(length / MINUTE));
  if (length < DAY) return unit("hour", Math.floor(length / HOUR));
  return unit("day", Math.floor(length / DAY));
}

/** Milliseconds of an RFC 3339 text; `undefined` for the zero time (year 1) and for what is no time at all (spec 11 section 0.2). */
export function parseTime(text: string | undefined): number | undefined {
  if (text === undefined || text.startsWith("000")) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** A Sunday at noon UTC: weekday names are taken from the days after it. */
const SUNDAY = Date.UTC(2024, 0, 7, 12);

/** `Mon` for 1, `Sun` for 0, in the reader's language. */
export function weekdayName(locale: string, day: number): string {
  return new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" }).format(SUNDAY + day * DAY);
}
