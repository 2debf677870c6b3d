import type { FamilyPlan } from "../families.ts";
import type { Group } from "../head.ts";
import { foldOf, ownStat, type Fold, type Stat } from "../schema.ts";

/** One column of a question. */
export interface WantedColumn {
  /** Position in the family. */
  readonly index: number;
  readonly name: string;
  readonly stat: Stat;
  readonly fold: Fold;
  /** The stat is the one that points are stored by. */
  readonly own: boolean;
  /** Which of the question's columns weighs it. */
  readonly weight: number | undefined;
}

export interface Question {
  readonly plan: FamilyPlan;
  readonly key: number;
  readonly group: Group | undefined;
  readonly columns: readonly WantedColumn[];
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** What begins before `from` belongs to another answer, also where it reaches into this one. */
  readonly isContinued?: boolean;
}

/** @throws RangeError for a column that is not stored, or not so */
export function wantColumns(plan: FamilyPlan, wanted: readonly { readonly column: string; readonly stat?: Stat }[]): WantedColumn[] {
  const columns = wanted.map(({ column, stat }) => wantColumn(plan, column, stat));
  return columns.map(({ weighedBy, ...column }) => {
    const weight = column.stat === "avg" ? columns.findIndex(({ name }) => name === weighedBy) : -1;
    return { ...column, weight: weight < 0 ? undefined : weight };
  });
}

function wantColumn(plan: FamilyPlan, name: string, stat: Stat | undefined) {
  const index = plan.family.columns.findIndex((column) => column.name === name);
  const column = plan.family.columns[index];
  if (column === undefined) throw new RangeError(`family ${plan.family.name} has no column ${name}`);
  const chosen = stat ?? ownStat(column);
  if (column.fold === "sum" && chosen !== "sum") throw new RangeError(`${name} is a count: only its sum is kept`);
  return { index, name, stat: chosen, fold: foldOf(chosen), own: chosen === ownStat(column), weighedBy: column.weighedBy };
}

/** Position of the plan's family in a file. */
export function familyIn(families: readonly { readonly name: string }[], plan: FamilyPlan): number {
  return families.findIndex(({ name }) => name === plan.family.name);
}
