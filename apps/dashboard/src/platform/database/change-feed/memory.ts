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
  let applied = -1;
  return {
    /** The last sequence that is in memory; -1: nothing was loaded yet. */
    get applied() {
      return applied;
    },
    /** One more kind, loaded as of now. */
    async take(kind: KeptKind): Promise<void> {
      if (applied < 0) applied = (await log.span()).last;
      const apply = await kind.reload(queries, applied);
      kinds.push(kind);
      apply();
    },
    /** Everything anew. The place is read before the tables: what is committed between the two is applied once more. */
    async reload(): Promise<void> {
      const { last } = await log.span();
      const applies = [];
      for (const kind of kinds) applies.push(await kind.reload(queries, last));
      for (const apply of applies) apply();
      applied = last;
    },
    /** Whether lines between memory and this one were pruned before they were read. */
    async misses(first: LoggedChange): Promise<boolean> {
      return first.sequence > applied + 1 && (await log.span()).first > applied + 1;
    },
    /** Reads what neighbouring lines of one kind speak of; the result puts it into memory. */
    async prepare(lines: readonly LoggedChange[]): Promise<() => void> {
      const applies: (() => void)[] = [];
      for (const kind of kinds) if (kind.name === lines[0]?.kind) applies.push(await kind.apply(queries, lines));
      return () => {
        for (const apply of applies) apply();
        applied = lines.at(-1)?.sequence ?? applied;
      };
    },
  };
}
