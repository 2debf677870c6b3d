import type { FamilyPlan } from "../families.ts";
import type { Catalog } from "../files/catalog.ts";
import type { Dropped } from "../files/dropped.ts";
import type { Journal } from "../files/journal.ts";
import { DAY_MS } from "../files/segment-kinds.ts";
import { nextExpired, nextOverBudget, type Expiry, type ExpiryLimits } from "./expiry.ts";
import type { Upkeep } from "./upkeep.ts";

/** Chunks of a day are gathered this long after its end, when the last of them are there. */
const COMPACT_AFTER_MS = 4 * 3_600_000;
/** Files that one round of tidying may remove or roll up. */
const EXPIRE_AT_ONCE = 8;

/** Rewrites and removes what is due at `now` (Unix milliseconds). */
export function createTidying(deps: {
  readonly catalog: Catalog;
  readonly dropped: Dropped;
  readonly journal: Journal;
  readonly upkeep: Upkeep;
  readonly plans: readonly FamilyPlan[];
  readonly limits: ExpiryLimits;
}): (now: number) => Promise<void> {
  const { catalog, dropped, journal, plans, upkeep } = deps;

  const carryOut = async (expiry: Expiry): Promise<void> => {
    if (expiry.kind === "roll") await upkeep.rollDay(expiry.day);
    else catalog.remove(expiry.segment);
  };
  return async (now) => {
    catalog.discard([]);
    // First, so that nothing is added to a day whose points lie in a roll-up already.
    await upkeep.finishRolling();
    for (const day of catalog.chunkDays()) {
      if (now >= (day + 1) * DAY_MS + COMPACT_AFTER_MS) await upkeep.compactDay(day);
    }
    await upkeep.finishRolling();
    await upkeep.halve();
    for (let count = 0; count < EXPIRE_AT_ONCE; count++) {
      const expiry = nextExpired(catalog, deps.limits, Math.floor(now / DAY_MS)) ?? nextOverBudget(catalog, deps.limits, journal.bytes);
      if (expiry === undefined) break;
      await carryOut(expiry);
    }
    await upkeep.gather();
    dropped.prune((family, key, number) => number > journal.removedThrough || isStored(catalog, plans[family], key, number));
  };
}

function isStored(catalog: Catalog, plan: FamilyPlan | undefined, key: number, number: number): boolean {
  if (plan === undefined) return false;
  const inChunks = catalog.chunkDays().some((day) => catalog.chunks(day)?.has(plan.index, key) === true);
  return (
    inChunks || catalog.segments().some((segment) => (segment.find(segment.family(plan.family.name), key)?.number ?? number + 1) <= number)
  );
}
