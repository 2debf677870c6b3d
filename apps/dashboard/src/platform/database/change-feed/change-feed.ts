import type { Clock } from "@windfire/kit";
import type { Queries } from "../queries.ts";
import { createChangeLog } from "./change-log.ts";
import type { ChangeLine, ChangeLog } from "./change-log.ts";
import { createFeeder } from "./feeder.ts";
import { followKind } from "./followed-kind.ts";
import type { FollowedKind, Follower } from "./followed-kind.ts";
import { keepKind } from "./kind.ts";
import type { Kept, RecordKind } from "./kind.ts";
import { keepLazily } from "./lazy-kind.ts";
import type { Lazy, LazyKind } from "./lazy-kind.ts";
import type { Indexes, RecordKey } from "./record-cache.ts";

/** Lines kept in the log. A process that fell further behind loads everything anew. */
const KEPT_LINES = 10_000;
/** The log is cut each time that many lines were written. */
const PRUNE_EVERY = 1_000;

/** What a verb says it changed. */
export interface Changes {
  /** These rows are there and may have changed. */
  put(kind: string, ...keys: RecordKey[]): void;
  /** These rows are no more. */
  gone(kind: string, keys: Iterable<RecordKey>): void;
  /** Runs once the change is committed and in memory. For what is lost with the process anyway (waking a runner), nothing else. */
  afterwards(run: () => void): void;
}

/** A change: everything it does to the database is one transaction. */
export type Verb<T> = (tx: Queries, changes: Changes) => Promise<T>;

/** The one way rows change and memory hears of it. */
export interface ChangeFeed {
  /**
   * Runs the verb in a transaction, commits, and resolves with its value once memory holds what it changed. Rejects with what the verb
   * threw, and then nothing has happened.
   */
  change<T>(verb: Verb<T>): Promise<T>;
  /** Loads the records of a kind, and keeps them in memory in step with the tables. */
  keep<K extends RecordKey, T, I extends Indexes<T>>(kind: RecordKind<K, T, I>): Promise<Kept<K, T, I>>;
  /** Hands the records of a kind, and every change of them, to somebody who keeps them in a shape of its own. */
  follow<K extends RecordKey, T>(kind: FollowedKind<K, T>, follower: Follower<K, T>): Promise<void>;
  /** Keeps the records of a kind that were asked for lately. */
  keepLazily<K extends RecordKey, T>(kind: LazyKind<K, T>): Promise<Lazy<K, T>>;
  /** Resolves when this line of the log is in memory here, or after ten seconds. */
  reach(sequence: number): Promise<void>;
  /** Looks whether somebody else changed rows. */
  wake(): void;
  stop(): Promise<void>;
  readonly stats: { readonly applied: number; readonly late: number };
}

export interface ChangeFeedDeps {
  readonly clock: Clock;
  readonly queries: Queries;
  readonly transaction: <T>(run: (tx: Queries) => Promise<T>) => Promise<T>;
  readonly onError: (error: unknown) => void;
  /** Another reader of the log, for tests of late answers. */
  readonly log?: ChangeLog;
}

/** See {@link ChangeFeed}. */
export function createChangeFeed({ clock, queries, transaction, onError, log = createChangeLog(queries) }: ChangeFeedDeps): ChangeFeed {
  const feeder = createFeeder({ clock, log, queries, onError });
  let written = 0;

  const prune = (lines: number): void => {
    written += lines;
    if (written < PRUNE_EVERY) return;
    written = 0;
    log.prune(KEPT_LINES).catch(onError);
  };
  return {
    async change(verb) {
      const lines: ChangeLine[] = [];
      const after: (() => void)[] = [];
      const changes: Changes = {
        put: (kind, ...keys) => lines.push(...keys.map((key) => ({ kind, key, what: "put" as const }))),
        gone: (kind, keys) => {
          for (const key of keys) lines.push({ kind, key, what: "gone" });
        },
        afterwards: (run) => after.push(run),
      };
      const { value, last } = await transaction(async (tx) => ({
        value: await verb(tx, changes),
        last: await log.append(tx, lines),
      }));
      if (last !== undefined) await feeder.reach(last);
      for (const run of after) run();
      prune(lines.length);
      return value;
    },
    async keep(kind) {
      const { kept, feed } = keepKind(kind, onError);
      await feeder.keep(feed);
      return kept;
    },
    follow: async (kind, follower) => feeder.keep(followKind(kind, follower, onError)),
    async keepLazily(kind) {
      const { lazy, feed } = keepLazily(kind, queries, onError);
      await feeder.keep(feed);
      return lazy;
    },
    reach: feeder.reach,
    wake: feeder.wake,
    stop: feeder.stop,
    get stats() {
      return { applied: feeder.applied, late: feeder.late };
    },
  };
}
