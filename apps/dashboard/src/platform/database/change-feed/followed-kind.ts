import type { Queries } from "../queries.ts";
import type { KeptKind, RecordKind } from "./kind.ts";
import type { RecordKey } from "./record-cache.ts";

/** A kind whose records somebody else keeps in memory, in a shape of its own. */
export type FollowedKind<K extends RecordKey, T> = Pick<RecordKind<K, T>, "name" | "keyOf" | "load">;

/** Who keeps them. Both must be repeatable, as those of a `Subscriber`. */
export interface Follower<K extends RecordKey, T> {
  /** `undefined`: the row is gone. */
  readonly changed: (key: K, record: T | undefined) => void;
  /** Everything was read anew. */
  readonly reloaded: (records: readonly T[]) => void;
}

/** Hands every change of a kind to the one that keeps its records. */
export function followKind<K extends RecordKey, T>(
  kind: FollowedKind<K, T>,
  follower: Follower<K, T>,
  onError: (error: unknown) => void,
): KeptKind {
  const tell = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      onError(error);
    }
  };
  return {
    name: kind.name,
    async reload(queries: Queries) {
      const records = await kind.load(queries);
      return () => tell(() => follower.reloaded(records));
    },
    async apply(queries, lines) {
      // The log names keys as they are stored; a kind's keys are all of one type.
      const wanted = [...new Set(lines.filter((line) => line.what === "put").map((line) => line.key as K))];
      const loaded = wanted.length === 0 ? [] : await kind.load(queries, wanted);
      const found = new Map(loaded.map((record) => [kind.keyOf(record), record]));
      return () => {
        for (const { key, what } of lines) tell(() => follower.changed(key as K, what === "put" ? found.get(key as K) : undefined));
      };
    },
  };
}
