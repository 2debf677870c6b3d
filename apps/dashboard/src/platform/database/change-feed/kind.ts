import type { Queries } from "../queries.ts";
import type { LoggedChange } from "./change-log.ts";
import { createRecordCache } from "./record-cache.ts";
import type { Indexes, RecordCache, RecordKey, RecordShape, Records } from "./record-cache.ts";

/** A kind of record that is kept in memory; declared beside the SQL of its table. */
export interface RecordKind<K extends RecordKey, T, I extends Indexes<T> = Indexes<T>> extends RecordShape<K, T, I> {
  /** As the change log names it; never renamed. */
  readonly name: string;
  /** Rows with these keys, or all of them. */
  readonly load: (queries: Queries, keys?: readonly K[]) => Promise<readonly T[]>;
}

/** What a subscriber hears of one change, in the order of the log. */
export interface RecordChange<K extends RecordKey, T> {
  readonly sequence: number;
  readonly key: K;
  /** What memory held before; `undefined`: nothing. */
  readonly before: T | undefined;
  /** What it holds now; `undefined`: the row is gone. */
  readonly after: T | undefined;
}

/**
 * Keeps what follows from rows in step with them (schedules, open sockets, caches). Both must be repeatable: the same change may be
 * heard twice, and after a gap everything is loaded anew.
 */
export interface Subscriber<K extends RecordKey, T> {
  readonly changed: (change: RecordChange<K, T>) => void;
  /** All records were read anew; nothing is known of what happened between. */
  readonly reloaded?: (records: readonly T[]) => void;
}

/** The records of a kind, and who wants to hear of them. */
export interface Kept<K extends RecordKey, T, I extends Indexes<T> = Indexes<T>> extends Records<K, T, I> {
  /** Returns the function that ends the subscription. */
  subscribe(subscriber: Subscriber<K, T>): () => void;
}

/** One kind as the feeder sees it. */
export interface KeptKind {
  readonly name: string;
  reload(queries: Queries, sequence: number): Promise<() => void>;
  /** Reads what the lines speak of; the result puts it into memory and tells subscribers. */
  apply(queries: Queries, lines: readonly LoggedChange[]): Promise<() => void>;
}

/** Joins a kind's cache, its loader and its subscribers. `onError` hears of subscribers that throw; the others go on. */
export function keepKind<K extends RecordKey, T, I extends Indexes<T>>(
  kind: RecordKind<K, T, I>,
  onError: (error: unknown) => void,
): { readonly kept: Kept<K, T, I>; readonly feed: KeptKind } {
  const cache: RecordCache<K, T, I> = createRecordCache(kind);
  const subscribers = new Set<Subscriber<K, T>>();
  const tell = (run: (subscriber: Subscriber<K, T>) => void): void => {
    for (const subscriber of subscribers) {
      try {
        run(subscriber);
      } catch (error) {
        onError(error);
      }
    }
  };
  const kept: Kept<K, T, I> = {
    get: cache.get,
    list: cache.list,
    by: cache.by,
    get size() {
      return cache.size;
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
  };
  const feed: KeptKind = {
    name: kind.name,
    async reload(queries, sequence) {
      const records = await kind.load(queries);
      return () => {
        cache.reset(sequence, records);
        tell((subscriber) => subscriber.reloaded?.(cache.list()));
      };
    },
    async apply(queries, lines) {
      // The log names keys as they are stored; a kind's keys are all of one type.
      const wanted = [...new Set(lines.filter((line) => line.what === "put").map((line) => line.key as K))];
      const loaded = wanted.length === 0 ? [] : await kind.load(queries, wanted);
      const found = new Map(loaded.map((record) => [kind.keyOf(record), record]));
      return () => {
        for (const { sequence, key: stored, what } of lines) {
          const key = stored as K;
          const before = cache.get(key);
          cache.apply(sequence, key, what === "put" ? found.get(key) : undefined);
          const after = cache.get(key);
          tell((subscriber) => subscriber.changed({ sequence, key, before, after }));
        }
      };
    },
  };
  return { kept, feed };
}
