import { createBoundedCache } from "@windfire/kit";
import { Cron } from "croner";
import { parseCron } from "./grammar.ts";
import type { CronField, CronFields } from "./grammar.ts";

/** A time that does not come up within this long never fires (spec 30 section 4.2). */
const HORIZON_MS = 5 * 366 * 86_400_000;
/** How many impossible times (one a year when clocks go forward) are skipped in search of a real one. */
const MAX_SKIPS = 400;

/** When something is due. */
export interface Schedule {
  /** The first moment after `after` (both Unix milliseconds); `undefined` when there is none within five years. */
  next(after: number): number | undefined;
}

/**
 * Reads a schedule text: six fields with seconds, `@daily` and the like, `@every 90s`, with or without `TZ=` before it
 * (spec 30 section 4.2). The error is the text clients know. `zone` holds where the text names none.
 */
export function parseSchedule(text: string, zone: string): { readonly schedule: Schedule } | { readonly error: string } {
  const parsed = parseCron(text);
  if ("error" in parsed) return parsed;
  if (parsed.kind === "interval") {
    return { schedule: { next: (after) => Math.floor(after / 1_000) * 1_000 + parsed.everyMs } };
  }
  return { schedule: calendarSchedule(parsed.fields, parsed.zone ?? zone) };
}

function calendarSchedule(fields: CronFields, zone: string): Schedule {
  const cron = new Cron(fields.map(patternOf).join(" "), { mode: "6-part", paused: true, timezone: zone });
  const clockAt = wallClock(zone);
  const [seconds, minutes, hours] = fields.slice(0, 3).map((field) => new Set(field.values));
  // A time of day that a clock change leaves out is moved by the library; here it does not take place.
  const isReal = (moment: number): boolean => {
    const { second, minute, hour } = clockAt(moment);
    return Boolean(seconds?.has(second) && minutes?.has(minute) && hours?.has(hour));
  };
  return {
    next: (after) => {
      let from = after;
      for (let skips = 0; skips < MAX_SKIPS; skips++) {
        const moment = cron.nextRun(new Date(from))?.getTime();
        if (moment === undefined || moment - after > HORIZON_MS) return undefined;
        if (isReal(moment)) return moment;
        from = moment;
      }
      return undefined;
    },
  };
}

/** Plain lists: the library reads ranges, steps and `?` in ways of its own. */
function patternOf(field: CronField): string {
  return field.isStar ? "*" : field.values.join(",");
}

type WallClock = (moment: number) => { hour: number; minute: number; second: number };

/** One for each zone: it takes 35 kB, and there are as many schedules as tasks. */
const wallClocks = createBoundedCache<string, WallClock>(64);

function wallClock(zone: string): WallClock {
  const known = wallClocks.get(zone);
  if (known) return known;
  const made = makeWallClock(zone);
  wallClocks.set(zone, made);
  return made;
}

function makeWallClock(zone: string): WallClock {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return (moment) => {
    const [hour = 0, minute = 0, second = 0] = format.format(moment).split(":").map(Number);
    return { hour, minute, second };
  };
}
