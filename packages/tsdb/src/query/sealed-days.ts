import { readBlock } from "../codec/block.ts";
import { mergeRows, type Rows } from "../codec/rows.ts";
import type { FamilyPlan } from "../families.ts";
import type { Catalog } from "../files/catalog.ts";
import { CHUNK_HEAD } from "../files/chunk-log.ts";
import type { Dropped } from "../files/dropped.ts";
import type { Segment } from "../files/segment.ts";
import { matchColumns } from "../schema.ts";
import type { Damage } from "./damage.ts";
import { familyIn } from "./question.ts";

/** Rows of a group, and the number of the last of them. */
export interface SealedRows {
  readonly rows: Rows;
  readonly number: number;
}

/** Whole days of one group, as they are sealed. */
export interface SealedDays {
  /** All sealed points of a group of one day, without repeated slots; undefined when there are none. */
  sealedDay(plan: FamilyPlan, key: number, day: number): SealedRows | undefined;
  /** What one segment of points holds of a group. */
  segmentDay(segment: Segment, plan: FamilyPlan, key: number): SealedRows | undefined;
}

export function createSealedDays(deps: { catalog: Catalog; dropped: Dropped; damage: Damage }): SealedDays {
  const { catalog, dropped } = deps;
  const { guarded, note } = deps.damage;

  const segmentDay = (segment: Segment, plan: FamilyPlan, key: number): SealedRows | undefined => {
    const family = segment.family(plan.family.name);
    const entry = family < 0 ? undefined : guarded(segment.path, 0, () => segment.find(family, key));
    if (entry === undefined || entry.number <= dropped.before(plan.index, key)) return undefined;
    const onDamage = (): void => note(segment.path, entry.offset + 1);
    const rows = guarded(segment.path, entry.offset, () => segment.readRows(entry, family, plan.family.columns, onDamage));
    return rows === undefined ? undefined : { rows, number: entry.number };
  };
  return {
    segmentDay,
    sealedDay: (plan, key, day) => {
      const gone = dropped.before(plan.index, key);
      const sources: Rows[] = [];
      let number = 0;
      const log = catalog.chunks(day);
      const logFamily = log === undefined ? -1 : familyIn(log.families, plan);
      if (log !== undefined && logFamily >= 0) {
        const positions = matchColumns(plan.family.columns, log.families[logFamily]?.columns ?? []);
        log.forGroup(logFamily, key, (bytes, offset, last) => {
          if (bytes === undefined) return note(log.path, offset);
          if (last <= gone) return;
          const rows = guarded(log.path, offset, () => readBlock(bytes, CHUNK_HEAD, positions));
          if (rows !== undefined) sources.push(rows);
          number = Math.max(number, last);
        });
      }
      const raw = catalog.raw(day);
      const sealed = raw === undefined ? undefined : segmentDay(raw, plan, key);
      if (sealed !== undefined) {
        sources.unshift(sealed.rows);
        number = Math.max(number, sealed.number);
      }
      return sources.length === 0 ? undefined : { rows: mergeRows(sources, plan.folds), number };
    },
  };
}
