import { createCalendar } from "#features/services";
import { parseSchedule } from "#platform/scheduler";
import { scheduleOf } from "./silences.ts";
import type { RepeatedPlan, SilenceDeps } from "./silences.ts";

/** Plans that are kept read. */
const MOST_PLANS = 1_000;

/**
 * When plans begin, in a zone that those without one are read in. A weekly one begins each week: where clocks leave its time out it begins as
 * much later, and where they show it twice, the first time. A schedule is one of tasks: what clocks leave out is left out (spec 30 section 4.2).
 */
export function beginningsIn(location: string): SilenceDeps["nextOf"] {
  const read = new Map<string, (after: number) => number | undefined>();
  return (plan, after) => {
    const text = scheduleOf(plan);
    let next = read.get(text);
    if (next === undefined) {
      const parsed = parseSchedule(text, location);
      next = "error" in parsed ? () => undefined : plan.kind === "weekly" ? weekly(plan, location) : parsed.schedule.next;
      if (read.size >= MOST_PLANS) read.clear();
      read.set(text, next);
    }
    return next(after);
  };
}

function weekly(
  { at, days, zone = "" }: Extract<RepeatedPlan, { kind: "weekly" }>,
  location: string,
): (after: number) => number | undefined {
  const calendar = createCalendar(zone === "" ? location : zone);
  const [hours = 0, minutes = 0] = at.split(":").map(Number);
  return (after) => {
    const today = calendar.dayOf(after);
    for (let day = today - 1; day <= today + 8; day++) {
      // 1970-01-01 was a Thursday.
      const begin = days.includes((day + 4) % 7) ? calendar.timeOf(day, hours * 60 + minutes) : undefined;
      if (begin !== undefined && begin > after) return begin;
    }
    return undefined;
  };
}
