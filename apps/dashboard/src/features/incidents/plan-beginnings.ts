import type { MaintenancePlan } from "@windfire/api";
import { createCalendars } from "#features/services";
import type { Calendar } from "#features/services";
import { parseSchedule } from "#platform/scheduler";

/** A plan that begins again and again. */
export type RepeatedPlan = Exclude<MaintenancePlan, { kind: "once" }>;

/** When a plan begins first after a moment, Unix milliseconds; `undefined`: never. */
export type NextBeginning = (plan: RepeatedPlan, after: number) => number | undefined;

/** Plans that are kept read. */
const MOST_PLANS = 1_000;

/**
 * When plans begin, in a zone that those without one are read in. A weekly one begins each week: where clocks leave its time out it begins as
 * much later, and where they show it twice, the first time. A schedule is one of tasks: what clocks leave out is left out (spec 30 section 4.2).
 */
export function beginningsIn(location: string): NextBeginning {
  const calendarOf = createCalendars(location);
  const read = new Map<string, (after: number) => number | undefined>();
  return (plan, after) => {
    const text = scheduleOf(plan);
    let next = read.get(text);
    if (next === undefined) {
      const parsed = parseSchedule(text, location);
      next =
        "error" in parsed ? () => undefined : plan.kind === "weekly" ? weekly(plan, calendarOf(plan.zone ?? "")) : parsed.schedule.next;
      if (read.size >= MOST_PLANS) read.clear();
      read.set(text, next);
    }
    return next(after);
  };
}

/** The beginnings of a plan as a schedule text. */
export function scheduleOf(plan: RepeatedPlan): string {
  if (plan.kind === "cron") return plan.schedule;
  const [hours = "0", minutes = "0"] = plan.at.split(":");
  const zone = plan.zone === undefined || plan.zone === "" ? "" : `CRON_TZ=${plan.zone} `;
  return `${zone}0 ${Number(minutes)} ${Number(hours)} * * ${[...new Set(plan.days)].toSorted((a, b) => a - b).join()}`;
}

function weekly(
  { at, days }: Extract<RepeatedPlan, { kind: "weekly" }>,
  calendar: Pick<Calendar, "dayOf" | "timeOf">,
): (after: number) => number | undefined {
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
