import type { HeldRow } from "./row-model.ts";

/** Rows on their way, in the order in which they were closed, and those that were sent a moment ago. */
export interface WaitingRows {
  push(row: HeldRow): void;
  /** The oldest rows that wait. */
  waiting(most: number): HeldRow[];
  sent(rows: readonly HeldRow[], monotonic: number): void;
  /** Gives up rows that nobody takes. */
  refuse(rows: readonly HeldRow[]): void;
  /** The row counts no more. */
  discard(row: HeldRow): void;
  /** Of a half minute and later ones. */
  sentSince(slot: number): HeldRow[];
  /** Forgets what was sent before a time, monotonic milliseconds. */
  prune(before: number): void;
  readonly size: RowSizes;
}

export interface RowSizes {
  /** What waits. */
  readonly rows: number;
  readonly bytes: number;
  /** Rows that had no room. */
  readonly crowded: number;
  /** Rows that were refused. */
  readonly refused: number;
}

/** What a row takes besides its values, as measured with half a million of them. */
const ROW_BYTES = 300;
/** Rows of a queue that are done with before it is cut. */
const MOST_DONE = 4_096;

export function createWaitingRows(deps: {
  /** Past it the oldest go. */
  readonly limitBytes: number;
  /** A row waits no longer. */
  readonly over: (row: HeldRow) => void;
  /** A row is neither waiting nor recent any more. */
  readonly left: (row: HeldRow) => void;
}): WaitingRows {
  let queue: HeldRow[] = [];
  let head = 0;
  let recent: HeldRow[] = [];
  const size = { rows: 0, bytes: 0, crowded: 0, refused: 0 };

  const settle = (row: HeldRow, state: "sent" | "gone"): void => {
    if (row.state === "waiting") {
      size.rows--;
      size.bytes -= bytesOf(row);
      deps.over(row);
    }
    row.state = state;
  };
  const discard = (row: HeldRow): void => {
    settle(row, "gone");
    deps.left(row);
  };
  const makeRoom = (): void => {
    while (size.bytes > deps.limitBytes && head < queue.length) {
      const oldest = queue[head++] as HeldRow;
      if (oldest.state !== "waiting") continue;
      discard(oldest);
      size.crowded++;
    }
    if (head <= MOST_DONE || head * 2 <= queue.length) return;
    queue = queue.slice(head);
    head = 0;
  };
  return {
    push: (row) => {
      queue.push(row);
      size.rows++;
      size.bytes += bytesOf(row);
      makeRoom();
    },
    waiting: (most) => {
      const rows: HeldRow[] = [];
      for (let at = head; at < queue.length && rows.length < most; at++) {
        const row = queue[at] as HeldRow;
        if (row.state === "waiting") rows.push(row);
        else if (at === head) head++;
      }
      return rows;
    },
    sent: (rows, monotonic) => {
      for (const row of rows) {
        if (row.state !== "waiting") continue;
        settle(row, "sent");
        row.sentAt = monotonic;
        recent.push(row);
      }
    },
    refuse: (rows) => {
      for (const row of rows) {
        if (row.state !== "waiting") continue;
        discard(row);
        size.refused++;
      }
    },
    discard,
    sentSince: (slot) => recent.filter((row) => row.state === "sent" && row.slot >= slot),
    prune: (before) => {
      const kept = recent.findIndex(({ sentAt }) => sentAt >= before);
      const done = kept < 0 ? recent : recent.slice(0, kept);
      if (done.length === 0) return;
      recent = kept < 0 ? [] : recent.slice(kept);
      for (const row of done) if (row.state === "sent") discard(row);
    },
    size,
  };
}

function bytesOf(row: HeldRow): number {
  return ROW_BYTES + 8 * row.values.length;
}
