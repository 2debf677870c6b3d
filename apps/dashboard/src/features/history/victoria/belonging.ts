import type { FamilyPlan } from "@windfire/tsdb";
import { labelsOf } from "./names.ts";

/** Whether a group is a server's or a service's. */
export function belongsTo(
  { plan, key }: { readonly plan: FamilyPlan; readonly key: number },
  kind: "server" | "service",
  id: number,
): boolean {
  return labelsOf(plan.family.name, key)[kind] === id;
}
