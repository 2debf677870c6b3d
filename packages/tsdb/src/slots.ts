import type { Clock } from "@windfire/kit";
import type { FamilyPlan } from "./families.ts";
import type { Journal } from "./files/journal.ts";
import type { GroupTables } from "./group-tables.ts";
import { addRow, addSample, openSlot, type Group } from "./head.ts";

/** Number of the last row: rows are numbered through the whole store. */
export interface RowCount {
  last: number;
}

/** Samples become points: a group's slot is filled until a sample of another slot comes. */
export interface Slots {
  take(plan: FamilyPlan, key: number, slot: number, values: ArrayLike<number>, offset: number): void;
  close(plan: FamilyPlan, group: Group): void;
}

export function createSlots(deps: {
  readonly groups: GroupTables;
  readonly journal: Pick<Journal, "row" | "touch">;
  readonly rows: RowCount;
  readonly clock: Pick<Clock, "monotonic">;
}): Slots {
  const { groups, journal, rows } = deps;
  const close = (plan: FamilyPlan, group: Group): void => {
    if (group.slot < 0 || group.count === 0) return;
    const row = { slot: group.slot, count: group.count, values: group.values };
    journal.row(group, rows.last + 1, row);
    addRow(group, plan.folds, row);
    group.closed = ++rows.last;
    group.slot = -1;
    group.count = 0;
    if (group.oldest !== 0) return;
    group.oldest = group.closed;
    group.since = deps.clock.monotonic();
  };
  return {
    close,
    take: (plan, key, slot, values, offset) => {
      const group = groups.of(plan.index, key);
      if (group.slot !== slot || group.count === 0) {
        close(plan, group);
        openSlot(group, plan.folds.length, slot);
      }
      addSample(group, plan.folds, values, offset);
      if (!group.dirty) journal.touch(group);
    },
  };
}
