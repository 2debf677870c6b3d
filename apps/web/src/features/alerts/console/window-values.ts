import type { MaintenanceWindow, MaintenanceWindowForm } from "@windfire/api";
import { checkPlan, readPlan, writePlan } from "./plan-values.ts";
import type { PlanValues } from "./plan-values.ts";

/** A window as it is written in the form. */
export interface WindowValues extends PlanValues {
  readonly name: string;
  readonly enabled: boolean;
  /** As stored: work that a status page announces may be told of all the same. */
  readonly silence: boolean;
  readonly servers: readonly number[];
  readonly groups: readonly number[];
  readonly services: readonly number[];
}

export function readWindow(row: MaintenanceWindow | undefined, now: Date): WindowValues {
  return {
    name: row?.name ?? "",
    enabled: row?.enable ?? true,
    ...readPlan(row?.plan, now),
    silence: row?.silence ?? true,
    servers: row?.servers ?? [],
    groups: row?.groups ?? [],
    services: row?.services ?? [],
  };
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

/** Keys of what is wrong, by field. */
export function checkWindow(values: WindowValues): Partial<Record<keyof WindowValues, string>> {
  const covered = values.servers.length + values.groups.length + values.services.length;
  return {
    ...(values.name.trim() === "" ? { name: "form.required" } : {}),
    ...checkPlan(values),
    ...(covered === 0 ? { servers: "windows.coverNeeded" } : {}),
  };
}
