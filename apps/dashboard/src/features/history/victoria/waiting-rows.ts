import { createRecentRows } from "./recent-rows.ts";
import { createRowQueue } from "./row-queue.ts";
import type { HeldRow } from "./row-model.ts";

/** Rows on their way, in the order in which they were closed, and those that were sent a moment ago. */
export interface WaitingRows {
  push(row: HeldRow): void;
  /** The oldest rows that wait. */
  waiting(most: number): HeldRow[];
  sent(rows: readonly HeldRow[], monotonic: number): void;
  /** What was sent since a time, monotonic milliseconds, is sent again before all else: who took it may have lost it. */
  sendAgain(since: number): void;
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
export function createWaitingRows(deps: {
  /** Past it the oldest go. */
  readonly limitBytes: number;
  /** A row waits from now on. */
  readonly closed: (row: HeldRow) => void;
  /** A row waits no longer. */
  readonly over: (row: HeldRow) => void;
  /** A row is neither waiting nor recent any more. */
  readonly left: (row: HeldRow) => void;
}): WaitingRows {
  const queue = createRowQueue();
  const recent = createRecentRows();
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
    while (size.bytes > deps.limitBytes) {
      const oldest = queue.shift();
      if (oldest === undefined) return;
      discard(oldest);
      size.crowded++;
    }
  };
  const wait = (row: HeldRow): void => {
    size.rows++;
    size.bytes += bytesOf(row);
    deps.closed(row);
  };
  return {
    push: (row) => {
      queue.push(row);
      wait(row);
      makeRoom();
    },
    sendAgain: (since) => {
      const again = recent.takeSince(since);
      queue.putFirst(again);
      for (const row of again) {
        row.state = "waiting";
        row.file = 0;
        wait(row);
      }
      makeRoom();
    },
    waiting: queue.first,
    sent: (rows, monotonic) => {
      for (const row of rows) {
        if (row.state !== "waiting") continue;
        settle(row, "sent");
        row.sentAt = monotonic;
        recent.add(row);
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
    sentSince: recent.from,
    prune: (before) => {
      for (const row of recent.takeBefore(before)) discard(row);
    },
    size,
  };
}

function bytesOf(row: HeldRow): number {
  return ROW_BYTES + 8 * row.values.length;
}
