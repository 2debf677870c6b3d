import type { Report, ReportForm } from "@windfire/api";
import { isZone } from "#lib/conventions.ts";
import type { Together } from "#shell/console/form-errors.ts";

export const PARTS: readonly ReportForm["parts"][number][] = ["availability", "services", "incidents", "traffic", "expiry"];
export const EVERY: readonly ReportForm["every"][] = ["daily", "weekly", "monthly"];
/** Monday first, as most calendars; 0 is Sunday in what is stored. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 0] as const;
const LAST_DAY = 31;

export interface ReportValues {
  readonly name: string;
  readonly enabled: boolean;
  readonly every: ReportForm["every"];
  readonly at: string;
  readonly weekday: number;
  readonly day: string;
  readonly zone: string;
  readonly group: number;
  readonly parts: readonly ReportForm["parts"][number][];
  readonly servers: readonly number[];
  readonly groups: readonly number[];
  readonly services: readonly number[];
}

export function readReport(report: Report | undefined): ReportValues {
  return {
    name: report?.name ?? "",
    enabled: report?.enable ?? true,
    every: report?.every ?? "weekly",
    at: report?.at ?? "08:00",
    weekday: report?.weekday ?? 1,
    day: String(report?.day ?? 1),
    zone: report?.zone ?? "",
    group: report?.notification_group_id ?? 0,
    parts: report?.parts ?? PARTS,
    servers: report?.servers ?? [],
    groups: report?.groups ?? [],
    services: report?.services ?? [],
  };
}

export function writeReport(values: ReportValues): ReportForm {
  return {
    name: values.name.trim(),
    enable: values.enabled,
    every: values.every,
    at: values.at,
    weekday: values.weekday,
    day: Number(values.day),
    zone: values.zone.trim(),
    notification_group_id: values.group,
    parts: [...values.parts],
    servers: [...values.servers],
    groups: [...values.groups],
    services: [...values.services],
  };
}

export const TOGETHER: Together<ReportValues> = [["enabled", "group"]];

/** Keys of what is wrong, by field. */
export function checkReport(values: ReportValues): Partial<Record<keyof ReportValues, string>> {
  const wrong: Partial<Record<keyof ReportValues, string>> = {};
  if (values.name.trim() === "") wrong.name = "form.required";
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(values.at)) wrong.at = "windows.timeNeeded";
  const day = Number(values.day);
  if (!/^\d{1,2}$/.test(values.day.trim()) || day < 1 || day > LAST_DAY) wrong.day = "reports.dayWrong";
  if (values.zone.trim() !== "" && !isZone(values.zone.trim())) wrong.zone = "reports.zoneWrong";
  if (values.enabled && values.group === 0) wrong.group = "notify.needed";
  if (values.parts.length === 0) wrong.parts = "reports.partNeeded";
  return wrong;
}
