import type { ReportForm, REPORT_PARTS } from "@windfire/api";

export type ReportPart = (typeof REPORT_PARTS)[number];

/** When a report is told, in a time zone. */
export interface ReportPlan {
  readonly every: "daily" | "weekly" | "monthly";
  /** `HH:MM`. */
  readonly at: string;
  /** Weekly: 0 is Sunday. */
  readonly weekday: number;
  /** Monthly; in shorter months their last day. */
  readonly day: number;
  /** "": that of the configuration. */
  readonly zone: string;
}

/** What is told of a fleet at times. Times in Unix milliseconds. */
export interface Report {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  readonly enable: boolean;
  readonly plan: ReportPlan;
  /** 0: nobody. */
  readonly notificationGroupId: number;
  readonly parts: readonly ReportPart[];
  /** What it is about; with all three empty everything of its owner. */
  readonly serverIds: readonly number[];
  readonly groupIds: readonly number[];
  readonly serviceIds: readonly number[];
  /** 0: never. */
  readonly nextAt: number;
  readonly lastSentAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a person writes of a report. */
export type ReportSettings = Omit<Report, "id" | "ownerId" | "nextAt" | "lastSentAt" | "createdAt" | "updatedAt">;

export function settingsOf(form: ReportForm): ReportSettings {
  const { every, at, weekday, day, zone } = form;
  return {
    name: form.name,
    enable: form.enable,
    plan: { every, at, weekday, day, zone },
    notificationGroupId: form.notification_group_id,
    parts: [...new Set(form.parts)],
    serverIds: form.servers,
    groupIds: form.groups,
    serviceIds: form.services,
  };
}

/** Days of a time zone, numbered from 1970-01-01. */
export interface Calendar {
  dayOf(instant: number): number;
  /** First instant of a day, Unix milliseconds. */
  startOf(day: number): number;
  /** When clocks show a time of a day, in minutes since its midnight. */
  timeOf(day: number, minutes: number): number;
}

/** A time `[from, to)`; Unix milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;
/** Any month has begun within. */
const FAR_DAYS = 62;

/** The next moment after `after` at which a report is told, as clocks of its zone show it. */
export function nextAt({ every, at, weekday, day }: ReportPlan, after: number, calendar: Calendar): number {
  const [hours = 0, minutes = 0] = at.split(":").map(Number);
  const today = calendar.dayOf(after);
  for (let candidate = today; candidate <= today + FAR_DAYS; candidate++) {
    if (every === "weekly" && weekdayOf(candidate) !== weekday) continue;
    if (every === "monthly" && dateOf(candidate) !== Math.min(day, lastDateOf(candidate))) continue;
    const moment = calendar.timeOf(candidate, hours * 60 + minutes);
    if (moment > after) return moment;
  }
  throw new Error("a month without its last day");
}

/** The last whole period before a moment: yesterday, the seven days until today, the month before this one. */
export function periodBefore({ every }: Pick<ReportPlan, "every">, moment: number, calendar: Calendar): Span {
  const today = calendar.dayOf(moment);
  if (every === "monthly") {
    const first = today - dateOf(today) + 1;
    return { from: calendar.startOf(first - dateOf(first - 1)), to: calendar.startOf(first) };
  }
  return { from: calendar.startOf(today - (every === "weekly" ? 7 : 1)), to: calendar.startOf(today) };
}

/** 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (day + 4) % 7;
}

/** Day of the month. */
function dateOf(day: number): number {
  return new Date(day * DAY_MS).getUTCDate();
}

function lastDateOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** Day of a zone as `2026-03-31`. */
export function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** When a server has to be paid next, as its owner wrote it into the public note; undefined for none, for never, and for what renews itself. */
export function billingEnd(publicNote: string): number | undefined {
  const billing = memberOf(parsed(publicNote), "billingDataMod");
  const end = memberOf(billing, "endDate");
  if (typeof end !== "string" || end.startsWith("0000-00-00") || memberOf(billing, "autoRenewal") === "1") return undefined;
  const at = Date.parse(end);
  return Number.isNaN(at) ? undefined : at;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
