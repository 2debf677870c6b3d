/** Keeps the entries used last; past `limit` the one used longest ago goes. */
export interface BoundedCache<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
  clear(): void;
  readonly size: number;
  /** Entries that had to go so far. */
  readonly evicted: number;
}

export function createBoundedCache<K, V>(limit: number): BoundedCache<K, V> {
  const entries = new Map<K, V>();
  let evicted = 0;
  return {
    get(key) {
      const value = entries.get(key);
      // The order matters only when something may have to go.
      if (value !== undefined && entries.size > limit / 2) {
        entries.delete(key);
        entries.set(key, value);
      }
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= limit) return;
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
      evicted++;
    },
    delete: (key) => void entries.delete(key),
    clear: () => entries.clear(),
    get size() {
      return entries.size;
    },
    get evicted() {
      return evicted;
    },
  };
}
