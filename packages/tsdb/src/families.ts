import { gridOf } from "./codec/grid.ts";
import { rolledColumns, type Family, type Fold, type RolledColumn, type StoredFamily } from "./schema.ts";
import { ownStat, foldOf, stepOfMeans, weightOf } from "./schema.ts";
import type { RollRule } from "./upkeep/rollup.ts";

/** A family with everything that is derived from it once. */
export interface FamilyPlan {
  readonly index: number;
  readonly family: Family;
  readonly folds: readonly Fold[];
  readonly grids: readonly number[];
  readonly rolled: readonly RolledColumn[];
  /** Rules of the summaries of a day: one column each, as in the points. */
  readonly summary: readonly RollRule[];
}

export const MOST_FAMILIES = 255;

/** Checks and prepares the families; throws RangeError when they cannot be stored. */
export function planFamilies(families: readonly Family[]): FamilyPlan[] {
  if (families.length > MOST_FAMILIES) throw new RangeError("too many families");
  return families.map((family, index) => ({
    index,
    family,
    folds: family.columns.map(({ fold }) => fold),
    grids: family.columns.map(({ step }) => gridOf(step)),
    rolled: rolledColumns(family),
    summary: family.columns.map((column, source) => {
      const stat = ownStat(column);
      return { source, stat, fold: foldOf(stat), weight: weightOf(family, column) };
    }),
  }));
}

/** Columns of points in files. */
export function pointFamilies(plans: readonly FamilyPlan[]): StoredFamily[] {
  return plans.map(({ family }) => ({ name: family.name, columns: family.columns.map(({ name, fold, step }) => ({ name, fold, step })) }));
}

/** Columns of half-hour points in files. */
export function halfFamilies(plans: readonly FamilyPlan[]): StoredFamily[] {
  return plans.map(({ family }) => ({
    name: family.name,
    columns: family.columns.map(({ name, fold, step }) => ({ name, fold, step: fold === "mean" ? stepOfMeans(step) : step })),
  }));
}

/** Columns of roll-ups in files. */
export function rolledFamilies(plans: readonly FamilyPlan[]): StoredFamily[] {
  return plans.map(({ family, rolled }) => ({ name: family.name, columns: rolled.map(({ name, fold, step }) => ({ name, fold, step })) }));
}
