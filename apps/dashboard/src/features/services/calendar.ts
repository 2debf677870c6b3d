import { createZone } from "#kernel";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Days of a time zone, numbered from 1970-01-01. Instants are Unix milliseconds. */
export interface Calendar {
  dayOf(instant: number): number;
  /** First instant of a day. */
  startOf(day: number): number;
  /**
   * When clocks on the wall show a time of a day, in minutes since its midnight: the first time where they show it twice, and as much later
   * where they leave it out.
   */
  timeOf(day: number, minutes: number): number;
}

/** @param name of a zone, such as `Europe/Berlin` */
export function createCalendar(name: string): Calendar {
  const zone = createZone(name);
  const offset = (instant: number): number => zone.offsetAt(instant);
  /** What a clock on the wall shows, as if it were UTC. */
  const wallClock = (instant: number): number => Math.floor(instant / 1000) * 1000 + offset(instant);
  const dayOf = (instant: number): number => Math.floor(wallClock(instant) / DAY_MS);
  return {
    dayOf,
    startOf(day) {
      const midnight = day * DAY_MS;
      const start = midnight - offset(midnight - offset(midnight));
      // Where clocks go forward at midnight, the day begins later than its midnight would have been.
      return dayOf(start) < day ? midnight - offset(midnight) : start;
    },
    timeOf(day, minutes) {
      const wall = day * DAY_MS + minutes * MINUTE_MS;
      const [before, after] = [wall - offset(wall - DAY_MS), wall - offset(wall + DAY_MS)];
      return wallClock(before) !== wall && wallClock(after) === wall ? after : before;
    },
  };
}

/** About as many as there are. */
const MOST_ZONES = 500;

/** Calendars by zone, each made once. `location`: the zone of "". */
export function createCalendars(location = "UTC"): (zone: string) => Calendar {
  const made = new Map<string, Calendar>();
  return (zone) => {
    const name = zone === "" ? location : zone;
    const known = made.get(name);
    if (known) return known;
    const calendar = createCalendar(name);
    if (made.size >= MOST_ZONES) made.clear();
    made.set(name, calendar);
    return calendar;
  };
}
