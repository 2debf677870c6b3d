import { SLOT_MS, type Store } from "@windfire/tsdb";

/** Asked for at once, so that points that lie far apart cost no more than those that lie together. */
const SPAN_MS = 2 * 86_400_000;

/** What is asked for: a column that every point of the family has. */
export interface TakenSeries {
  readonly family: string;
  readonly group: number;
  readonly column: string;
}

/** Numbers of the half minutes, around these times (Unix milliseconds), of which the store has a point already. */
export async function takenSlots(
  store: Pick<Store, "query">,
  { family, group, column }: TakenSeries,
  times: readonly number[],
): Promise<Set<number>> {
  const taken = new Set<number>();
  for (const { from, to } of spansOf(times)) {
    const { starts } = await store.query({ family, group, columns: [{ column }], from, to, step: SLOT_MS });
    for (const start of starts) taken.add(Math.floor(start / SLOT_MS));
  }
  return taken;
}

function spansOf(times: readonly number[]): { readonly from: number; readonly to: number }[] {
  const spans: { from: number; to: number }[] = [];
  for (const at of times.toSorted((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last !== undefined && at - last.from < SPAN_MS) last.to = at;
    else spans.push({ from: at, to: at });
  }
  return spans;
}
