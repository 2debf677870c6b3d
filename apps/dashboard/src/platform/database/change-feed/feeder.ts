import { backOffCeiling } from "@windfire/kit";
import type { Clock, Timer } from "@windfire/kit";
import type { Queries } from "../queries.ts";
import type { ChangeLog, LoggedChange } from "./change-log.ts";
import type { KeptKind } from "./kind.ts";
import { createMemory } from "./memory.ts";
import { createWaiters } from "./waiters.ts";

/** Lines read at once. */
const BATCH = 1_000;
const RETRY = { baseMs: 50, maxMs: 5_000 };

export interface FeederDeps {
  readonly clock: Clock;
  readonly log: ChangeLog;
  readonly queries: Queries;
  readonly onError: (error: unknown) => void;
}

/** Reads the change log in order and is the only writer of memory. */
export interface Feeder {
  /** Loads a kind and keeps it in step from now on. Several may keep records of one kind. */
  keep(kind: KeptKind): Promise<void>;
  /** Applies what was committed. Resolves when this sequence has reached memory. */
  reach(sequence: number): Promise<void>;
  /** Applies what was committed by somebody else. */
  wake(): void;
  /** Ends reading; who still waits is let go. */
  stop(): Promise<void>;
  /** The last sequence that is in memory. */
  readonly applied: number;
  /** Callers that were let go before their change was in memory. */
  readonly late: number;
}

interface Arrival {
  readonly kind: KeptKind;
  readonly loaded: () => void;
  readonly failed: (error: unknown) => void;
}

/** See {@link Feeder}. */
export function createFeeder({ clock, log, queries, onError }: FeederDeps): Feeder {
  const memory = createMemory({ log, queries });
  const waiters = createWaiters({ clock });
  const arriving: Arrival[] = [];
  let stopped = false;

  const takeIn = async (): Promise<void> => {
    for (let next = arriving.shift(); next !== undefined; next = arriving.shift())
      await memory.take(next.kind).then(next.loaded, next.failed);
  };
  const applyBatch = async (lines: readonly LoggedChange[]): Promise<void> => {
    for (const run of runsOfOneKind(lines)) {
      const apply = await memory.prepare(run);
      if (stopped) return;
      apply();
      waiters.reached(memory.applied);
    }
  };
  /** One look at the log; whether there may be more. What is written meanwhile wakes again. */
  const look = async (): Promise<boolean> => {
    await takeIn();
    const lines = await memory.next(BATCH);
    if (lines === undefined) {
      await memory.reload();
      waiters.reached(memory.applied);
      return true;
    }
    await applyBatch(lines);
    return lines.length === BATCH;
  };
  const loop = createLoop({ clock, look, onError });

  return {
    keep: (kind) =>
      new Promise((loaded, failed) => {
        arriving.push({ kind, loaded, failed });
        loop.wake();
      }),
    reach(sequence) {
      if (sequence <= memory.applied || stopped) return Promise.resolve();
      loop.wake();
      return waiters.wait(sequence);
    },
    wake: loop.wake,
    async stop() {
      stopped = true;
      await loop.stop();
      waiters.reached(Number.POSITIVE_INFINITY);
    },
    get applied() {
      return memory.applied;
    },
    get late() {
      return waiters.late;
    },
  };
}

/** Looks again while there may be more; after a failure a little later, for as long as it takes. */
function createLoop({ clock, look, onError }: { clock: Clock; look: () => Promise<boolean>; onError: (error: unknown) => void }) {
  let running: Promise<void> | undefined;
  let woken = false;
  let failures = 0;
  let retry: Timer | undefined;
  let stopped = false;

  const drain = async (): Promise<void> => {
    while (woken && !stopped) {
      woken = false;
      if (await look()) woken = true;
      failures = 0;
    }
  };
  const later = (error: unknown): void => {
    onError(error);
    woken = true;
    const again = (): void => {
      retry = undefined;
      run();
    };
    retry = clock.setTimeout(again, backOffCeiling(RETRY, failures++));
  };
  const run = (): void => {
    if (running !== undefined || stopped || retry !== undefined) return;
    running = drain()
      .catch(later)
      .finally(() => {
        running = undefined;
        if (woken && retry === undefined) run();
      });
  };
  return {
    wake(): void {
      woken = true;
      run();
    },
    async stop(): Promise<void> {
      stopped = true;
      retry?.cancel();
      await running;
    },
  };
}

/** Neighbouring lines of one kind: they are loaded in one query, and the order between kinds stays. */
function runsOfOneKind(lines: readonly LoggedChange[]): LoggedChange[][] {
  const runs: LoggedChange[][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run?.[0]?.kind === line.kind) run.push(line);
    else runs.push([line]);
  }
  return runs;
}
