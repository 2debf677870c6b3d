import type { FamilyPlan } from "@windfire/tsdb";
import { labelsOf } from "./names.ts";

/** Servers and services that were deleted a moment ago: reports of them may still be on their way. */
export interface Gone {
  add(kind: "server" | "service", ids: readonly number[], monotonic: number): void;
  has(plan: FamilyPlan, key: number): boolean;
  /** Forgets those of which nothing can come any more. */
  beat(monotonic: number): void;
}

const KEPT_MS = 10 * 60_000;

export function createGone(): Gone {
  /** Until when, monotonic milliseconds. */
  const until = { server: new Map<number, number>(), service: new Map<number, number>() };
  return {
    add: (kind, ids, monotonic) => {
      for (const id of ids) until[kind].set(id, monotonic + KEPT_MS);
    },
    has: (plan, key) => {
      if (until.server.size + until.service.size === 0) return false;
      const { server, service } = labelsOf(plan.family.name, key);
      return until.server.has(server) || (service !== undefined && until.service.has(service));
    },
    beat: (monotonic) => {
      for (const ids of Object.values(until)) for (const [id, end] of ids) if (end < monotonic) ids.delete(id);
    },
  };
}
