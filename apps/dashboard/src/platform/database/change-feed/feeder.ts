import { backOffCeiling } from "@windfire/kit";
import type { Clock, Timer } from "@windfire/kit";
import type { Queries } from "../queries.ts";
import type { ChangeLog, LoggedChange } from "./change-log.ts";
import type { KeptKind } from "./kind.ts";

/** Lines read at once. */
const BATCH = 1_000;
const RETRY = { baseMs: 50, maxMs: 5_000 };
/** A caller waits no longer than this for its own change to reach memory: it is committed all the same. */
const LONGEST_WAIT_MS = 10_000;

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
  /** Ends reading; who still waits is let go. */
  stop(): Promise<void>;
  /** The last sequence that is in memory. */
  readonly applied: number;
  /** Callers that were let go before their change was in memory. */
  readonly late: number;
}

/** See {@link Feeder}. */
export function createFeeder({ clock, log, queries, onError }: FeederDeps): Feeder {
  const kinds: KeptKind[] = [];
  const arriving: { readonly kind: KeptKind; readonly loaded: () => void; readonly failed: (error: unknown) => void }[] = [];
  const waiters = new Set<{ readonly sequence: number; readonly release: () => void }>();
  let applied = -1;
  let late = 0;
  let running: Promise<void> | undefined;
  let woken = false;
  let failures = 0;
  let retry: Timer | undefined;
  let stopped = false;

  const release = (): void => {
    for (const waiter of waiters) if (stopped || waiter.sequence <= applied) waiter.release();
  };
  const loadAll = async (): Promise<void> => {
    // The place in the log is read before the tables: what is committed between the two is applied once more.
    const { last } = await log.span();
    const done = [];
    for (const kind of kinds) done.push(await kind.reload(queries, last));
    for (const apply of done) apply();
    applied = last;
    release();
  };
  const takeIn = async (): Promise<void> => {
    if (applied < 0) applied = (await log.span()).last;
    for (let next = arriving.shift(); next !== undefined; next = arriving.shift()) {
      try {
        const apply = await next.kind.reload(queries, applied);
        kinds.push(next.kind);
        apply();
        next.loaded();
      } catch (error) {
        next.failed(error);
      }
    }
  };
  const applyBatch = async (lines: readonly LoggedChange[]): Promise<void> => {
    for (const run of runsOfOneKind(lines)) {
      const [first] = run;
      const applies = [];
      for (const kind of kinds) if (kind.name === first?.kind) applies.push(await kind.apply(queries, run));
      if (stopped) return;
      for (const apply of applies) apply();
      applied = run.at(-1)?.sequence ?? applied;
      release();
    }
  };
  const drain = async (): Promise<void> => {
    while (woken && !stopped) {
      woken = false;
      await takeIn();
      const lines = await log.after(applied, BATCH);
      const [first] = lines;
      if (first === undefined) continue;
      // Lines that were pruned before they were read: what they said is in the tables.
      if (first.sequence > applied + 1 && (await log.span()).first > applied + 1) await loadAll();
      else await applyBatch(lines);
      woken = true;
    }
  };
  const run = (): void => {
    if (running !== undefined || stopped || retry !== undefined) return;
    running = drain()
      .then(
        () => void (failures = 0),
        (error: unknown) => {
          onError(error);
          woken = true;
          retry = clock.setTimeout(
            () => {
              retry = undefined;
              run();
            },
            backOffCeiling(RETRY, failures++),
          );
        },
      )
      .finally(() => {
        running = undefined;
        if (woken && retry === undefined) run();
      });
  };
  const wake = (): void => {
    woken = true;
    run();
  };

  return {
    keep(kind) {
      return new Promise((loaded, failed) => {
        arriving.push({ kind, loaded, failed });
        wake();
      });
    },
    reach(sequence) {
      if (sequence <= applied || stopped) return Promise.resolve();
      wake();
      return new Promise((resolve) => {
        const timer = clock.setTimeout(() => {
          late++;
          waiter.release();
        }, LONGEST_WAIT_MS);
        const waiter = {
          sequence,
          release: () => {
            waiters.delete(waiter);
            timer.cancel();
            resolve();
          },
        };
        waiters.add(waiter);
      });
    },
    async stop() {
      stopped = true;
      retry?.cancel();
      await running;
      release();
    },
    get applied() {
      return applied;
    },
    get late() {
      return late;
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
