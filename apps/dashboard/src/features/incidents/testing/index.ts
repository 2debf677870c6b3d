import type { Database } from "#platform/database";
import { createPlans } from "../plans.ts";
import type { Plans } from "../plans.ts";
import { windowKind } from "../silence-store.ts";

/** Maintenance windows in their table, for rooms that plan work; schedules never come up. */
export async function openTestPlans(database: Database, now: () => number): Promise<Plans> {
  const windows = await database.keep(windowKind);
  return createPlans({ now, windows, checkSchedule: () => "is no schedule", nextOf: () => undefined });
}
