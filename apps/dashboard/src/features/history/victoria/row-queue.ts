import type { HeldRow } from "./row-model.ts";

/** Rows in the order in which they are to be sent; those that wait no longer are passed over. */
export interface RowQueue {
  push(row: HeldRow): void;
  /** Puts rows before all others. */
  putFirst(rows: readonly HeldRow[]): void;
  /** Takes out the first that waits. */
  shift(): HeldRow | undefined;
  /** The first ones that wait, which stay. */
  first(most: number): HeldRow[];
}

/** Rows that are done with before the list is cut. */
const MOST_DONE = 4_096;

export function createRowQueue(): RowQueue {
  let rows: HeldRow[] = [];
  let head = 0;
  const cut = (): void => {
    if (head <= MOST_DONE || head * 2 <= rows.length) return;
    rows = rows.slice(head);
    head = 0;
  };
  return {
    push: (row) => {
      rows.push(row);
      cut();
    },
    putFirst: (first) => {
      rows = [...first, ...rows.slice(head)];
      head = 0;
    },
    shift: () => {
      while (head < rows.length) {
        const row = rows[head++];
        if (row?.state === "waiting") return row;
      }
      return undefined;
    },
    first: (most) => {
      const found: HeldRow[] = [];
      for (let at = head; at < rows.length && found.length < most; at++) {
        const row = rows[at] as HeldRow;
        if (row.state === "waiting") found.push(row);
        else if (at === head) head++;
      }
      return found;
    },
  };
}
