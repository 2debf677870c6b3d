import { cycleWindow } from "#features/traffic";
import type { TrafficNeed } from "#features/traffic";
import { conditionProblem, conditionsOf, isCycle } from "./model.ts";
import type { AlertRule } from "./model.ts";

/** A cycle whose period cannot be reckoned keeps every row of the servers it covers: what is deleted cannot be had back. */
const ALWAYS = 0;

/**
 * What the cycle conditions of all rules need, also of those that are off (spec 30 section 8.7). The reference keeps of a server that a
 * condition lists only what such conditions need: `listedAlone` does so too.
 */
export function trafficNeed(rules: readonly AlertRule[], now: number, { listedAlone }: { readonly listedAlone: boolean }): TrafficNeed {
  let everywhere: number | undefined;
  const listed = new Map<number, number>();
  for (const condition of rules.flatMap(conditionsOf).filter(isCycle)) {
    const isGood = conditionProblem(condition, now) === undefined;
    const start = (isGood ? cycleWindow(condition, now)?.fromMs : undefined) ?? ALWAYS;
    if (condition.cover === 0) everywhere = Math.min(everywhere ?? start, start);
    else
      for (const [id, on] of Object.entries(condition.ignore))
        if (on) listed.set(Number(id), Math.min(listed.get(Number(id)) ?? start, start));
  }
  const byServer = new Map([...listed].filter(([, start]) => listedAlone || everywhere === undefined || start < everywhere));
  return { everywhere, byServer };
}

/** The same, where somebody else needs what is newer than a moment; `undefined`: nobody does. */
export function since(moment: number | undefined, { everywhere, byServer }: TrafficNeed): TrafficNeed {
  if (moment === undefined) return { everywhere, byServer };
  return {
    everywhere: Math.min(everywhere ?? moment, moment),
    byServer: new Map([...byServer].map(([id, start]) => [id, Math.min(start, moment)])),
  };
}
