import type { PageMaintenance, PageMaintenanceForm, PagePartRef } from "@windfire/api";
import { checkPlan, readPlan, writePlan } from "#features/alerts/console/plan-values.ts";
import type { PlanValues } from "#features/alerts/console/plan-values.ts";
import type { InLanguages } from "./other-languages.tsx";

/** Planned work as its form holds it. */
export interface WorkValues extends PlanValues {
  readonly title: string;
  readonly titles: InLanguages;
  readonly text: string;
  readonly texts: InLanguages;
  readonly affected: readonly PagePartRef[];
  readonly silence: boolean;
  readonly notify: boolean;
}

export function readWork(row: PageMaintenance | undefined, now: Date): WorkValues {
  const { title = "", titles = {}, text = "", texts = {}, affected = [], silence = true } = row ?? {};
  return { title, titles, text, texts, affected, silence, notify: row === undefined, ...readPlan(row?.plan, now) };
}

export function writeWork(values: WorkValues, pageId: number): PageMaintenanceForm {
  const { title, titles, text, texts, affected, silence, notify } = values;
  return { page_id: pageId, title: title.trim(), titles, text, texts, affected: [...affected], silence, notify, plan: writePlan(values) };
}

/** Keys of what is wrong, by field. */
export function checkWork(values: WorkValues): Partial<Record<keyof WorkValues, string>> {
  return {
    ...(values.title.trim() === "" ? { title: "form.required" } : {}),
    ...checkPlan(values),
    ...(values.affected.length === 0 ? { affected: "statusPages.partNeeded" } : {}),
  };
}
