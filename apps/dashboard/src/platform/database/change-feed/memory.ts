import type { Queries } from "../queries.ts";
import type { ChangeLog, LoggedChange } from "./change-log.ts";
import type { KeptKind } from "./kind.ts";

export interface MemoryDeps {
  readonly log: ChangeLog;
  readonly queries: Queries;
}

/** All kinds that are kept, and the place in the log that they stand for. Work on it is done one piece after the other. */
export function createMemory({ log, queries }: MemoryDeps) {
  const kinds: KeptKind[] = [];
  let loaded = false;
  /** The last line that is in memory; `undefined`: nothing was ever written. */
  let place: LoggedChange | undefined;
  const applied = (): number => place?.sequence ?? 0;
  return {
    /** The last sequence that is in memory; -1: nothing was loaded yet. */
    get applied() {
      return loaded ? applied() : -1;
    },
    /** One more kind, loaded as of now. */
    async take(kind: KeptKind): Promise<void> {
      if (!loaded) place = await log.newest();
      loaded = true;
      const apply = await kind.reload(queries, applied());
      kinds.push(kind);
      apply();
    },
    /** Everything anew. The place is read before the tables: what is committed between the two is applied once more. */
    async reload(): Promise<void> {
      const newest = await log.newest();
      const applies = [];
      for (const kind of kinds) applies.push(await kind.reload(queries, newest?.sequence ?? 0));
      for (const apply of applies) apply();
      place = newest;
      loaded = true;
    },
    /**
     * What follows in the log, at most `limit` lines. `undefined` where memory's own last line is no more there: lines were pruned before
     * they were read, or the database has lost them (a standby that had not got them all, a copy).
     */
    async next(limit: number): Promise<readonly LoggedChange[] | undefined> {
      const [first, ...others] = await log.from(applied(), limit + 1);
      if (place !== undefined) return first !== undefined && isSame(first, place) ? others : undefined;
      if (first === undefined) return [];
      return first.sequence === 1 ? [first, ...others].slice(0, limit) : undefined;
    },
    /** Reads what neighbouring lines of one kind speak of; the result puts it into memory. */
    async prepare(lines: readonly LoggedChange[]): Promise<() => void> {
      const applies: (() => void)[] = [];
      for (const kind of kinds) if (kind.name === lines[0]?.kind) applies.push(await kind.apply(queries, lines));
      return () => {
        for (const apply of applies) apply();
        place = lines.at(-1) ?? place;
        loaded = true;
      };
    },
  };
}

const isSame = (a: LoggedChange, b: LoggedChange): boolean =>
  a.sequence === b.sequence && a.kind === b.kind && a.key === b.key && a.what === b.what;
