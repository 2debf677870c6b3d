import { SLOT_MS } from "@windfire/tsdb";
import type { FamilyPlan, Store } from "@windfire/tsdb";
import type { SentRow } from "../victoria/lines.ts";
import type { Part } from "./place.ts";
import { stretchesOf } from "./stretches.ts";

/** What a folder holds of one group in one stretch of time: a few thousand rows at most. */
export interface FolderPart {
  readonly part: Part;
  readonly rows: readonly SentRow[];
}

/** When the oldest day and the half minutes of a folder begin, and the present, Unix milliseconds. */
export type FolderSpan = Parameters<typeof stretchesOf>[0];

/** Everything that a folder holds of a family, group by group; parts without a row are left out. */
export async function* folderParts(store: Pick<Store, "groups" | "query">, plan: FamilyPlan, span: FolderSpan): AsyncGenerator<FolderPart> {
  const { name: family } = plan.family;
  const columns = plan.family.columns.map(({ name }) => ({ column: name }));
  const groups = (await store.groups(family)).toSorted((a, b) => a - b);
  for (const group of groups) {
    for (const { from, to, step } of stretchesOf(span)) {
      const points = await store.query({ family, group, columns, from, to, step });
      if (points.starts.length === 0) continue;
      const rows = Array.from(points.starts, (start, at) => ({
        group: { key: group },
        slot: start / SLOT_MS,
        count: points.counts[at] ?? 1,
        values: points.columns.map((column) => column[at] as number),
      }));
      yield { part: { plan, group, from, to }, rows };
    }
  }
}
