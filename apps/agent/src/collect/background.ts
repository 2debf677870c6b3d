import type { Clock } from "@windfire/kit";

/** A reading that takes its time: samples carry the last finished one. */
export interface BackgroundReading<T> {
  /** What the last finished reading gave, `empty` before it and after failures; starts the next one when it is due. */
  latest(): T;
  /** Waits for the reading that is under way or due. */
  next(): Promise<T>;
}

export interface BackgroundOptions<T> {
  readonly clock: Clock;
  readonly read: () => Promise<T>;
  readonly empty: T;
  /** Least time from the end of one reading to the start of the next. */
  readonly pauseMs: number;
  readonly onError: (error: unknown) => void;
}

/** Failures in a row after which a reading is left alone for a while (spec 21 section 4). */
const PATIENCE = 3;
const REST_MS = 10 * 60_000;

export function createBackgroundReading<T>({ clock, read, empty, pauseMs, onError }: BackgroundOptions<T>): BackgroundReading<T> {
  let value = empty;
  let failures = 0;
  let dueMs = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  const refresh = async (): Promise<void> => {
    try {
      value = await read();
      failures = 0;
    } catch (error) {
      value = empty;
      failures++;
      onError(error);
    }
    const resting = failures >= PATIENCE;
    if (resting) failures = 0;
    dueMs = clock.monotonic() + (resting ? REST_MS : pauseMs);
    running = undefined;
  };
  const start = (): void => {
    if (running === undefined && clock.monotonic() >= dueMs) running = refresh();
  };

  return {
    latest: () => {
      start();
      return value;
    },
    next: async () => {
      start();
      await running;
      return value;
    },
  };
}
