import { createBoundedCache } from "@windfire/kit";
import type { Queries } from "../queries.ts";
import type { KeptKind } from "./kind.ts";
import type { RecordKey } from "./record-cache.ts";

/** A kind of which only what was asked for lately is kept in memory: there are too many, and most are never asked for. */
export interface LazyKind<K extends RecordKey, T> {
  /** As the change log names it; never renamed. */
  readonly name: string;
  readonly find: (queries: Queries, key: K) => Promise<T | undefined>;
  /** Records kept; the one used longest ago goes. Each is small: the limit bounds the bytes too. */
  readonly limit: number;
}

/** Hears which rows changed, in the order of the log, once the cache holds nothing older. Must be repeatable. */
export interface LazySubscriber<K extends RecordKey> {
  readonly changed: (change: { readonly put: readonly K[]; readonly gone: readonly K[] }) => void;
}

/** Records of a kind, read when they are first asked for. Nothing older than the last applied change is handed out. */
export interface Lazy<K extends RecordKey, T> {
  /** At once when it is in memory. What is not there is not remembered. */
  get(key: K): T | undefined | Promise<T | undefined>;
  /** Returns the function that ends the subscription. */
  subscribe(subscriber: LazySubscriber<K>): () => void;
  readonly size: number;
}

/** A cache of a kind that the feed empties: whatever changed is read again when it is next asked for. */
export function keepLazily<K extends RecordKey, T>(
  kind: LazyKind<K, T>,
  queries: Queries,
  onError: (error: unknown) => void,
): { readonly lazy: Lazy<K, T>; readonly feed: KeptKind } {
  const cache = createBoundedCache<K, T>(kind.limit);
  const subscribers = new Set<LazySubscriber<K>>();
  // What was read before a change must not be kept after it: it is read again.
  let changes = 0;
  const read = async (key: K): Promise<T | undefined> => {
    for (;;) {
      const before = changes;
      const record = await kind.find(queries, key);
      if (before !== changes) continue;
      if (record !== undefined) cache.set(key, record);
      return record;
    }
  };
  const feed: KeptKind = {
    name: kind.name,
    reload: async () => () => {
      changes++;
      cache.clear();
    },
    apply: async (_queries, lines) => () => {
      changes++;
      // The log names keys as they are stored; a kind's keys are all of one type.
      const keysOf = (what: "put" | "gone"): K[] => lines.filter((line) => line.what === what).map((line) => line.key as K);
      const change = { put: keysOf("put"), gone: keysOf("gone") };
      for (const key of [...change.put, ...change.gone]) cache.delete(key);
      for (const subscriber of subscribers) {
        try {
          subscriber.changed(change);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
  const lazy: Lazy<K, T> = {
    get: (key) => cache.get(key) ?? read(key),
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    get size() {
      return cache.size;
    },
  };
  return { lazy, feed };
}
