import { createBoundedCache } from "@windfire/kit";
import { Cron } from "croner";
import { createZone } from "#kernel";
import type { Zone } from "#kernel";
import { parseCron } from "./grammar.ts";
import type { CronField, CronFields } from "./grammar.ts";

/** A time that does not come up within this long never fires (spec 30 section 4.2). */
const HORIZON_MS = 5 * 366 * 86_400_000;
/** How many impossible times (one a year when clocks go forward) are skipped in search of a real one. */
const MAX_SKIPS = 400;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The library takes no offset beyond this, in minutes. */
const LARGEST_OFFSET = 870;

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
  const pattern = fields.map(patternOf).join(" ");
  const unchanging = scheduleBetweenChanges(pattern, zone);
  let changing: Schedule | undefined;
  return {
    next: (after) => unchanging.next(after) ?? (changing ??= scheduleAcrossChanges(fields, pattern, zone)).next(after),
  };
}

/**
 * Finds only what comes up while clocks of the zone are not changed, a day before and after included. That is nearly everything, and the
 * library's way across changes needs `Intl`, whose first use costs a start 10 ms and 8 MB.
 */
function scheduleBetweenChanges(pattern: string, name: string): Schedule {
  const zone = zoneOf(name);
  let crons = { offset: Number.NaN, cron: undefined as Cron | undefined };
  return {
    next: (after) => {
      const offset = zone.offsetAt(after) / MINUTE_MS;
      if (!Number.isInteger(offset) || Math.abs(offset) > LARGEST_OFFSET) return undefined;
      if (crons.offset !== offset) crons = { offset, cron: new Cron(pattern, { mode: "6-part", paused: true, utcOffset: offset }) };
      const moment = crons.cron?.nextRun(new Date(after))?.getTime();
      if (moment === undefined || moment - after > HORIZON_MS) return undefined;
      return zone.mayChange(after - DAY_MS, moment + DAY_MS) ? undefined : moment;
    },
  };
}

function scheduleAcrossChanges(fields: CronFields, pattern: string, zone: string): Schedule {
  const cron = new Cron(pattern, { mode: "6-part", paused: true, timezone: zone });
  const { offsetAt } = zoneOf(zone);
  const [seconds, minutes, hours] = fields.slice(0, 3).map((field) => new Set(field.values));
  // A time of day that a clock change leaves out is moved by the library; here it does not take place.
  const isReal = (moment: number): boolean => {
    const wall = new Date(moment + offsetAt(moment));
    return Boolean(seconds?.has(wall.getUTCSeconds()) && minutes?.has(wall.getUTCMinutes()) && hours?.has(wall.getUTCHours()));
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

/** One for each zone: there are as many schedules as tasks. */
const zones = createBoundedCache<string, Zone>(64);

function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const made = createZone(name);
  zones.set(name, made);
  return made;
}
