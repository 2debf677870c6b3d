import { isDeepStrictEqual } from "node:util";
import type { MaintenancePlan } from "@windfire/api";
import { refuseText } from "#kernel";
import type { Changes, Queries } from "#platform/database";
import { scheduleOf } from "./plan-beginnings.ts";
import type { NextBeginning, RepeatedPlan } from "./plan-beginnings.ts";
import { silenceStore, windowKind } from "./silence-store.ts";
import type { MaintenanceWindows } from "./silence-store.ts";
import type { MaintenanceWindow } from "./silences.ts";

/** A time `[from, to)`; Unix milliseconds. */
export interface PlannedSpan {
  readonly from: number;
  readonly to: number;
}

export interface PlanDeps {
  readonly now: () => number;
  readonly windows: Pick<MaintenanceWindows, "get">;
  /** What is wrong with a schedule, `undefined` when it can be read. */
  readonly checkSchedule: (text: string) => string | undefined;
  readonly nextOf: NextBeginning;
}

/** Planned work as other rooms plan it: in transactions of theirs, of people they have let in. */
export interface Plans {
  /** @throws AppError naming what is wrong with a plan */
  requirePlan(plan: MaintenancePlan, stored?: MaintenancePlan): void;
  get(windowId: number): MaintenanceWindow | undefined;
  insert(tx: Queries, changes: Changes, window: Omit<MaintenanceWindow, "id" | "createdAt" | "updatedAt">): Promise<number>;
  update(tx: Queries, changes: Changes, window: MaintenanceWindow): Promise<void>;
  remove(tx: Queries, changes: Changes, ids: readonly number[]): Promise<void>;
  /** The time that lasts at a moment, or comes up first after it; `undefined`: none will. */
  runOf(plan: MaintenancePlan, at: number): PlannedSpan | undefined;
  /** Whether a moment lies in a plan: its beginning is in, its end is not. */
  isDuring(plan: MaintenancePlan, at: number): boolean;
}

const MINUTE_MS = 60_000;

export function createPlans({ now, windows, checkSchedule, nextOf }: PlanDeps): Plans {
  /**
   * What a plan that repeats was found to do next: the same for every moment from `since` until it is over. Every incident that is held asks
   * every few seconds, and a schedule takes long to say when it comes up.
   */
  const found = new WeakMap<MaintenancePlan, { readonly since: number; readonly run: PlannedSpan | undefined }>();

  const repeatedRun = (plan: RepeatedPlan, at: number): PlannedSpan | undefined => {
    const known = found.get(plan);
    if (known !== undefined && at >= known.since && (known.run === undefined || at < known.run.to)) return known.run;
    const from = nextOf(plan, at - plan.minutes * MINUTE_MS);
    const run = from === undefined ? undefined : { from, to: from + plan.minutes * MINUTE_MS };
    found.set(plan, { since: at, run });
    return run;
  };
  const runOf = (plan: MaintenancePlan, at: number): PlannedSpan | undefined => {
    if (plan.kind !== "once") return repeatedRun(plan, at);
    const run = { from: Date.parse(plan.from), to: Date.parse(plan.to) };
    return run.to > at ? run : undefined;
  };
  return {
    requirePlan(plan, stored) {
      // What was planned once is over some day, and the form comes back with it.
      if (stored && isDeepStrictEqual(plan, stored)) return;
      if (plan.kind === "once") {
        if (!(Date.parse(plan.from) < Date.parse(plan.to))) throw refuseText("plan: from must be before to");
        if (Date.parse(plan.to) <= now()) throw refuseText("plan.to: is over already");
        return;
      }
      const problem = checkSchedule(scheduleOf(plan));
      if (problem !== undefined) throw refuseText(`plan: ${problem}`);
      if (nextOf(plan, now()) === undefined) throw refuseText("plan.schedule: never comes up");
    },
    get: windows.get,
    async insert(tx, changes, window) {
      const id = await silenceStore.insertWindow(tx, { ...window, createdAt: now(), updatedAt: now() });
      changes.put(windowKind.name, id);
      return id;
    },
    async update(tx, changes, window) {
      await silenceStore.updateWindow(tx, { ...window, updatedAt: now() });
      changes.put(windowKind.name, window.id);
    },
    async remove(tx, changes, ids) {
      if (ids.length === 0) return;
      await silenceStore.deleteWindows(tx, ids);
      changes.gone(windowKind.name, ids);
    },
    runOf,
    isDuring(plan, at) {
      const run = runOf(plan, at);
      return run !== undefined && run.from <= at;
    },
  };
}
