import type { MaintenancePlan, MaintenanceWindow } from "@windfire/api";
import type { Formats } from "#lib/formats.ts";
import { weekdayName } from "#lib/time-format.ts";
import { WEEKDAYS } from "./plan-values.ts";

export const PHASES = ["open", "planned", "over"] as const;

/** Where a window is in its life: a plan that comes again is never over. */
export function phaseOf({ open, plan }: Pick<MaintenanceWindow, "open" | "plan">, now: number): (typeof PHASES)[number] {
  if (open) return "open";
  return plan.kind === "once" && Date.parse(plan.to) <= now ? "over" : "planned";
}

/** A plan as a sentence: "Mon, Sun at 03:00 for 2 h". */
export function planText({ t, time, list, language }: Formats, plan: MaintenancePlan): string {
  switch (plan.kind) {
    case "once": {
      const [from, to] = [Date.parse(plan.from), Date.parse(plan.to)];
      return t("windows.say.once", { from: time.dateTime(from), to: time.moment(to, from) });
    }
    case "weekly": {
      const days = WEEKDAYS.filter((day) => plan.days.includes(day)).map((day) => weekdayName(language, day));
      return t("windows.say.weekly", { days: list(days), at: plan.at, time: time.duration(plan.minutes * 60_000) });
    }
    case "cron":
      return t("windows.say.cron", { schedule: plan.schedule, time: time.duration(plan.minutes * 60_000) });
  }
}
