/** How a row is named within its kind. */
export type RecordKey = number | string;

/** Value a secondary index finds records by; `undefined` keeps a record out of the index. */
export type IndexValue = number | string | undefined;

export type Indexes<T> = Readonly<Record<string, (record: T) => IndexValue>>;

/** What a cache needs to know of its records. */
export interface RecordShape<K extends RecordKey, T, I extends Indexes<T>> {
  readonly keyOf: (record: T) => K;
  /** Order of {@link Records.list}. */
  readonly order: (a: T, b: T) => number;
  readonly indexes: I;
}

/** Records of one kind in memory, as of the last applied change. Records are replaced, never changed. */
export interface Records<K extends RecordKey, T, I extends Indexes<T> = Indexes<T>> {
  get(key: K): T | undefined;
  /** In the order of the kind. Do not keep: the next change makes a new list. */
  list(): readonly T[];
  /** Records with this value in an index, in the order of the kind. */
  by(index: keyof I, value: IndexValue): readonly T[];
  readonly size: number;
}

/** {@link Records} with the side that only the feeder holds. */
export interface RecordCache<K extends RecordKey, T, I extends Indexes<T> = Indexes<T>> extends Records<K, T, I> {
  /** Puts a record in place, or takes it out (`undefined`). What is older than what the cache holds of the key is ignored. */
  apply(version: number, key: K, record: T | undefined): void;
  /** Replaces everything by what the tables held at `version`. */
  reset(version: number, records: Iterable<T>): void;
}

/** See {@link RecordCache}. */
export function createRecordCache<K extends RecordKey, T, I extends Indexes<T>>(shape: RecordShape<K, T, I>): RecordCache<K, T, I> {
  const records = new Map<K, T>();
  const versions = new Map<K, number>();
  const indexes = new Map<keyof I, Map<IndexValue, Map<K, T>>>(Object.keys(shape.indexes).map((name) => [name, new Map()]));
  let base = -1;
  let ordered: readonly T[] | undefined;

  const unindex = (key: K, record: T): void => {
    for (const [name, values] of indexes) {
      const value = shape.indexes[name]?.(record);
      const found = values.get(value);
      if (found?.delete(key) === true && found.size === 0) values.delete(value);
    }
  };
  const index = (key: K, record: T): void => {
    for (const [name, values] of indexes) {
      const value = shape.indexes[name]?.(record);
      if (value === undefined) continue;
      const found = values.get(value);
      if (found) found.set(key, record);
      else values.set(value, new Map([[key, record]]));
    }
  };
  const put = (key: K, record: T | undefined): void => {
    const known = records.get(key);
    if (known !== undefined) unindex(key, known);
    if (record === undefined) records.delete(key);
    else {
      records.set(key, record);
      index(key, record);
    }
    ordered = undefined;
  };

  return {
    get: (key) => records.get(key),
    list: () => (ordered ??= [...records.values()].toSorted(shape.order)),
    by: (name, value) => {
      const found = indexes.get(name)?.get(value);
      if (found === undefined) return [];
      return found.size === 1 ? [...found.values()] : [...found.values()].toSorted(shape.order);
    },
    get size() {
      return records.size;
    },
    apply(version, key, record) {
      if (version < Math.max(base, versions.get(key) ?? -1)) return;
      put(key, record);
      // Of a record that is gone nothing is kept: changes arrive in order, and a reset stands for all before it.
      if (record === undefined) versions.delete(key);
      else versions.set(key, version);
    },
    reset(version, all) {
      records.clear();
      versions.clear();
      for (const values of indexes.values()) values.clear();
      base = version;
      ordered = undefined;
      for (const record of all) put(shape.keyOf(record), record);
    },
  };
}
