import { backOffCeiling } from "@windfire/kit";
import type { Clock, SerialQueue } from "@windfire/kit";
import { DatabaseError } from "#platform/database";
import type { Changes, Database, Queries } from "#platform/database";

const RETRY = { baseMs: 500, maxMs: 30_000 };
/** Kept while the database cannot be written, for one service. */
const PER_SERVICE = 4;

/** Writes a change with all that follows from it. */
export type WriteChange = (tx: Queries, changes: Changes) => Promise<void>;

interface Waiting {
  readonly write: WriteChange;
  /** Whether tasks start with it: those of a failure and those of its end take turns. */
  readonly startsTasks: boolean;
}

export interface StateChangesDeps {
  readonly clock: Pick<Clock, "setTimeout">;
  readonly database: Pick<Database, "change">;
  readonly lane: Pick<SerialQueue, "run">;
  readonly onError: (error: unknown) => void;
}

/** Writes changes of services' states in their order: a database that is full or busy is tried again, since memory has moved on. */
export function createStateChanges({ clock, database, lane, onError }: StateChangesDeps) {
  const waiting = new Map<number, readonly Waiting[]>();
  const lost = new Set<number>();
  let stopped = false;
  let hurry: (() => void) | undefined;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.setTimeout(resolve, ms);
      hurry = () => {
        timer.cancel();
        resolve();
      };
    });
  const persist = async (serviceId: number, write: WriteChange): Promise<void> => {
    for (let failures = 0; ; failures++) {
      try {
        return await database.change(write);
      } catch (error) {
        onError(error);
        // What cannot be written for its own sake must not keep the others from being written.
        if (!(error instanceof DatabaseError) || !error.isRetryable) return;
      }
      if (!stopped) await pause(backOffCeiling(RETRY, failures));
      if (stopped) return void lost.add(serviceId);
    }
  };
  const drop = (serviceId: number, done: readonly Waiting[]): void => {
    const left = (waiting.get(serviceId) ?? []).filter((one) => !done.includes(one));
    if (left.length === 0) waiting.delete(serviceId);
    else waiting.set(serviceId, left);
  };
  return {
    add(serviceId: number, write: WriteChange, startsTasks: boolean): void {
      const added = { write, startsTasks };
      const same = [...(waiting.get(serviceId) ?? []), added];
      waiting.set(serviceId, same);
      if (same.length > PER_SERVICE) drop(serviceId, surplusOf(same));
      void lane.run(async () => {
        if (!waiting.get(serviceId)?.includes(added)) return;
        await persist(serviceId, write);
        drop(serviceId, [added]);
      });
    },
    /** The last change could not be written before the stop: what is stored must stay behind, so that the next start finds it anew. */
    isLost: (serviceId: number): boolean => lost.has(serviceId),
    start(): void {
      stopped = false;
      lost.clear();
    },
    /** What fails from now on is not tried again. */
    stop(): void {
      stopped = true;
      hurry?.();
    },
  };
}

/**
 * What is left out between the first, which may be being written now, and the last, which is how the service is: a change with which no
 * tasks start, or where all start some, a beginning and an end that follow one another.
 */
function surplusOf(all: readonly Waiting[]): readonly Waiting[] {
  const between = all.slice(1, -1);
  const idle = between.findLast(({ startsTasks }) => !startsTasks);
  return idle ? [idle] : between.slice(-2);
}
