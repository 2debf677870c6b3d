import { useMemo, useRef, useState } from "react";

export type RowId = number | string;

/** Chosen rows, by id: what leaves the list is not chosen any more, whatever stands in its place. */
export interface Selection {
  readonly ids: readonly RowId[];
  has(id: RowId): boolean;
  /** With `order`: everything between this row and the one set before, as Shift does. */
  set(id: RowId, chosen: boolean, order?: readonly RowId[]): void;
  setAll(ids: readonly RowId[]): void;
}

/** `shown`: the rows that can be chosen now, in any array. */
export function useSelection(shown: readonly RowId[]): Selection {
  const present = useSame(shown);
  const [chosen, setChosen] = useState<ReadonlySet<RowId>>(new Set());
  const anchor = useRef<RowId | undefined>(undefined);
  return useMemo(() => {
    const ids = present.filter((id) => chosen.has(id));
    const known = new Set(ids);
    return {
      ids,
      has: (id) => known.has(id),
      set(id, on, order) {
        const range = order === undefined || anchor.current === undefined ? [id] : between(order, anchor.current, id);
        anchor.current = id;
        setChosen((before) => changed(before, range, on));
      },
      setAll: (all) => setChosen(new Set(all)),
    };
  }, [present, chosen]);
}

/** The same array as long as it holds the same ids. */
function useSame(ids: readonly RowId[]): readonly RowId[] {
  const [kept, setKept] = useState(ids);
  const same = kept.length === ids.length && kept.every((id, i) => id === ids[i]);
  if (!same) setKept(ids);
  return same ? kept : ids;
}

function changed(before: ReadonlySet<RowId>, ids: readonly RowId[], on: boolean): ReadonlySet<RowId> {
  const next = new Set(before);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  return next;
}

/** Both ends included; only `to` when `from` is not in the list. */
export function between(order: readonly RowId[], from: RowId, to: RowId): RowId[] {
  const [a, b] = [order.indexOf(from), order.indexOf(to)];
  if (a === -1 || b === -1) return [to];
  return order.slice(Math.min(a, b), Math.max(a, b) + 1);
}
