import type { FamilyPlan } from "../families.ts";
import type { Group } from "../head.ts";
import type { Fold, Stat } from "../schema.ts";

/** One column of a question. */
export interface WantedColumn {
  /** Position in the family. */
  readonly index: number;
  readonly name: string;
  readonly stat: Stat;
  readonly fold: Fold;
  /** The stat is the one that points are stored by. */
  readonly own: boolean;
}

export interface Question {
  readonly plan: FamilyPlan;
  readonly key: number;
  readonly group: Group | undefined;
  readonly columns: readonly WantedColumn[];
  readonly from: number;
  readonly to: number;
  readonly step: number;
}
