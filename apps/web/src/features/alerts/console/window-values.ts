import type { MaintenancePlan, MaintenanceWindow, MaintenanceWindowForm } from "@windfire/api";

export const PLAN_KINDS = ["once", "weekly", "cron"] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];
/** Monday first, as most calendars; 0 is Sunday in what is stored. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 0] as const;
/** A plan lasts at most a week. */
const MOST_MINUTES = 7 * 24 * 60;
const HOUR = 3_600_000;

/** A plan as it is written in the form: the fields of all kinds, so that changing the kind loses nothing. */
export interface WindowValues {
  readonly name: string;
  readonly enabled: boolean;
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
  /** As stored: work that a status page announces may be told of all the same. */
  readonly silence: boolean;
  readonly servers: readonly number[];
  readonly groups: readonly number[];
  readonly services: readonly number[];
}

export function readWindow(row: MaintenanceWindow | undefined, now: Date): WindowValues {
  const begin = new Date(Math.ceil(now.getTime() / HOUR) * HOUR + HOUR);
  return {
    name: row?.name ?? "",
    enabled: row?.enable ?? true,
    kind: row?.plan.kind ?? "once",
    from: begin.toISOString(),
    to: new Date(begin.getTime() + 2 * HOUR).toISOString(),
    days: [0],
    at: "03:00",
    schedule: "0 0 3 * * 0",
    minutes: "120",
    zone: undefined,
    silence: row?.silence ?? true,
    servers: row?.servers ?? [],
    groups: row?.groups ?? [],
    services: row?.services ?? [],
    ...(row === undefined ? {} : readPlan(row.plan)),
  };
}

function readPlan(plan: MaintenancePlan): Partial<WindowValues> {
  switch (plan.kind) {
    case "once":
      return { from: plan.from, to: plan.to };
    case "weekly":
      return { days: plan.days, at: plan.at, minutes: String(plan.minutes), zone: plan.zone };
    case "cron":
      return { schedule: plan.schedule, minutes: String(plan.minutes) };
  }
}

export function writeWindow(values: WindowValues): MaintenanceWindowForm {
  return {
    name: values.name.trim(),
    enable: values.enabled,
    plan: writePlan(values),
    silence: values.silence,
    servers: [...values.servers],
    groups: [...values.groups],
    services: [...values.services],
  };
}

function writePlan({ kind, from, to, days, at, schedule, minutes, zone }: WindowValues): MaintenancePlan {
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
export function checkWindow(values: WindowValues): Partial<Record<keyof WindowValues, string>> {
  const wrong: Partial<Record<keyof WindowValues, string>> = {};
  if (values.name.trim() === "") wrong.name = "form.required";
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
  if (values.servers.length + values.groups.length + values.services.length === 0) wrong.servers = "windows.coverNeeded";
  return wrong;
}
