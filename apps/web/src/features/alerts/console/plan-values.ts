import type { MaintenancePlan } from "@windfire/api";

export const PLAN_KINDS = ["once", "weekly", "cron"] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];
/** Monday first, as most calendars; 0 is Sunday in what is stored. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 0] as const;
/** A plan lasts at most a week. */
const MOST_MINUTES = 7 * 24 * 60;
const HOUR = 3_600_000;

/** When planned work is, as it is written in a form: the fields of all kinds, so that changing the kind loses nothing. */
export interface PlanValues {
  readonly kind: PlanKind;
  /** RFC 3339, as stored while nobody changes it. */
  readonly from: string;
  readonly to: string;
  readonly days: readonly number[];
  readonly at: string;
  readonly schedule: string;
  readonly minutes: string;
  /** Of a weekly plan, as stored: status pages plan in a zone of their own. */
  readonly zone: string | undefined;
}

export function readPlan(plan: MaintenancePlan | undefined, now: Date): PlanValues {
  const begin = new Date(Math.ceil(now.getTime() / HOUR) * HOUR + HOUR);
  return {
    kind: plan?.kind ?? "once",
    from: begin.toISOString(),
    to: new Date(begin.getTime() + 2 * HOUR).toISOString(),
    days: [0],
    at: "03:00",
    schedule: "0 0 3 * * 0",
    minutes: "120",
    zone: undefined,
    ...(plan === undefined ? {} : ownFields(plan)),
  };
}

function ownFields(plan: MaintenancePlan): Partial<PlanValues> {
  switch (plan.kind) {
    case "once":
      return { from: plan.from, to: plan.to };
    case "weekly":
      return { days: plan.days, at: plan.at, minutes: String(plan.minutes), zone: plan.zone };
    case "cron":
      return { schedule: plan.schedule, minutes: String(plan.minutes) };
  }
}

export function writePlan({ kind, from, to, days, at, schedule, minutes, zone }: PlanValues): MaintenancePlan {
  const length = Number(minutes);
  switch (kind) {
    case "once":
      return { kind, from, to };
    case "weekly":
      return { kind, days: [...days], at, minutes: length, ...(zone === undefined ? {} : { zone }) };
    case "cron":
      return { kind, schedule: schedule.trim(), minutes: length };
  }
}

/** Keys of what is wrong, by field. */
export function checkPlan(values: PlanValues): Partial<Record<keyof PlanValues, string>> {
  const wrong: Partial<Record<keyof PlanValues, string>> = {};
  if (values.kind === "once") {
    const [from, to] = [Date.parse(values.from), Date.parse(values.to)];
    if (Number.isNaN(from)) wrong.from = "windows.timeNeeded";
    if (Number.isNaN(to)) wrong.to = "windows.timeNeeded";
    else if (to <= from) wrong.to = "windows.order";
  } else {
    const minutes = values.minutes.trim();
    if (!/^[1-9]\d*$/.test(minutes) || Number(minutes) > MOST_MINUTES) wrong.minutes = "windows.minutesWrong";
  }
  if (values.kind === "weekly") {
    if (values.days.length === 0) wrong.days = "windows.dayNeeded";
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(values.at)) wrong.at = "windows.timeNeeded";
  }
  if (values.kind === "cron" && values.schedule.trim() === "") wrong.schedule = "form.required";
  return wrong;
}
