import type { Clock, Timer } from "@windfire/kit";
import { backOffCeiling } from "@windfire/kit";
import type { Changes, Database, Queries } from "#platform/database";
import type { ToldFacts } from "./facts.ts";
import { DatabaseError } from "#platform/database";

/** A pair that began to fail, or ceased to. */
export interface Transition {
  readonly kind: "raise" | "clear";
  readonly ruleId: number;
  readonly serverId: number;
  /** The rule's number of saves: of an earlier one nothing is told any more. */
  readonly saves: number;
  /** Unix milliseconds. */
  readonly at: number;
  readonly facts: ToldFacts;
}

/** Transitions of one transaction. */
const AT_ONCE = 100;
const RETRY = { baseMs: 500, maxMs: 30_000 };
/** Kept while the database cannot be written, for one pair; a beginning and an end that nobody heard of go together. */
const PER_PAIR = 4;
/** A pair that was given up is not asked for again before. */
const REFUSED_MS = 60_000;

export interface TransitionsDeps {
  readonly clock: Pick<Clock, "monotonic" | "setTimeout">;
  readonly database: Pick<Database, "change">;
  /** Writes one, with all that follows from it. */
  readonly write: (tx: Queries, changes: Changes, transition: Transition) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Writes transitions in their order, in memory until they are written: a database that is full or busy is tried again. */
export interface Transitions {
  add(transition: Transition): void;
  /** Resolves when all that was added before is written, or was tried and failed. */
  settled(): Promise<void>;
  /** Whether one of a pair waits to be written, or was given up a moment ago for its own sake. */
  isUnderWay(ruleId: number, serverId: number): boolean;
  stop(): Promise<void>;
  readonly waiting: number;
  /** Those that were given up: of pairs that changed too often meanwhile, or that could not be written for their own sake. */
  readonly dropped: number;
}

/** See {@link Transitions}. */
export function createTransitions({ clock, database, write, onError }: TransitionsDeps): Transitions {
  const queue = createQueue();
  const refused = createRefused(clock);
  let running: Promise<void> | undefined;
  let retry: Timer | undefined;
  let failures = 0;
  let dropped = 0;
  let stopped = false;

  const commit = (batch: readonly Transition[]): Promise<void> =>
    database.change(async (tx, changes) => {
      for (const transition of batch) await write(tx, changes, transition);
    });
  /** `false` when the database is not ready: what cannot be written for its own sake must not keep the others from being written. */
  const deal = async (batch: readonly Transition[]): Promise<boolean> => {
    try {
      await commit(batch);
      queue.remove(batch);
      return true;
    } catch (error) {
      onError(error);
      if (error instanceof DatabaseError && error.isRetryable) return false;
    }
    if (batch.length === 1) {
      dropped++;
      refused.add(batch);
      queue.remove(batch);
      return true;
    }
    for (const one of batch) if (!(await deal([one]))) return false;
    return true;
  };
  const drain = async (): Promise<void> => {
    while (queue.size > 0 && !stopped) {
      if (await deal(queue.first(AT_ONCE))) {
        failures = 0;
        continue;
      }
      retry = clock.setTimeout(
        () => {
          retry = undefined;
          run();
        },
        backOffCeiling(RETRY, failures++),
      );
      return;
    }
  };
  const run = (): void => {
    if (running !== undefined || retry !== undefined || stopped) return;
    running = drain().finally(() => {
      running = undefined;
      if (queue.size > 0 && retry === undefined) run();
    });
  };
  return {
    add(transition) {
      queue.add(transition);
      const over = unheard(queue.of(transition.ruleId, transition.serverId));
      dropped += over.length;
      queue.remove(over);
      run();
    },
    settled: () => running ?? Promise.resolve(),
    isUnderWay: (ruleId, serverId) => refused.has(ruleId, serverId) || queue.of(ruleId, serverId).length > 0,
    async stop() {
      await running;
      stopped = true;
      retry?.cancel();
    },
    get waiting() {
      return queue.size;
    },
    get dropped() {
      return dropped;
    },
  };
}

/** What is too much of one pair. Only what is not being written now can be taken back: the newest beginning and end before the last. */
function unheard(same: readonly Transition[]): readonly Transition[] {
  return same.length <= PER_PAIR ? [] : same.slice(-3, -1);
}

/** Transitions in their order, also by pair: in an outage of a whole fleet tens of thousands wait, and each of them is asked for. */
function createQueue() {
  const all = new Set<Transition>();
  const pairs = new Map<string, readonly Transition[]>();
  const of = (ruleId: number, serverId: number): readonly Transition[] => pairs.get(keyOf(ruleId, serverId)) ?? [];
  return {
    of,
    first: (count: number): readonly Transition[] => [...all.values().take(count)],
    add(transition: Transition): void {
      const { ruleId, serverId } = transition;
      all.add(transition);
      pairs.set(keyOf(ruleId, serverId), [...of(ruleId, serverId), transition]);
    },
    remove(some: readonly Transition[]): void {
      for (const one of some) {
        all.delete(one);
        const left = of(one.ruleId, one.serverId).filter((other) => other !== one);
        if (left.length > 0) pairs.set(keyOf(one.ruleId, one.serverId), left);
        else pairs.delete(keyOf(one.ruleId, one.serverId));
      }
    },
    get size() {
      return all.size;
    },
  };
}

function keyOf(ruleId: number, serverId: number): string {
  return `${ruleId} ${serverId}`;
}

/** Pairs that were given up a moment ago. */
function createRefused(clock: Pick<Clock, "monotonic">) {
  const since = new Map<string, number>();
  return {
    add(transitions: readonly Transition[]): void {
      for (const { ruleId, serverId } of transitions) since.set(keyOf(ruleId, serverId), clock.monotonic());
    },
    has(ruleId: number, serverId: number): boolean {
      const key = keyOf(ruleId, serverId);
      const isRecent = clock.monotonic() - (since.get(key) ?? Number.NEGATIVE_INFINITY) < REFUSED_MS;
      if (!isRecent) since.delete(key);
      return isRecent;
    },
  };
}
