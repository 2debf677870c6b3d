import type { Page } from "./messages.ts";

/** Ids in one question. */
const MOST_IDS = 1_000;
/** Answers of more than one page that are being read; each holds a page or two. */
const MOST_LONG = 32;

/** Reads answers of any length page by page. */
export interface Pager {
  /** Asks for the `ids` that are left until none is; pages without items are left out. */
  pages<T>(ids: readonly number[], ask: (ids: readonly number[]) => Promise<Page<T>>): AsyncGenerator<T[]>;
}

/** One page costs nothing; a longer answer has to find a place, and whoever stops reading it gives the place back. */
export function createPager(): Pager {
  let long = 0;
  return {
    async *pages(ids, ask) {
      let rest = ids;
      let counted = false;
      try {
        while (rest.length > 0) {
          const { items, taken } = await ask(rest.slice(0, MOST_IDS));
          rest = rest.slice(taken);
          if (rest.length > 0 && !counted && items.length > 0) {
            if (long >= MOST_LONG) throw new Error("history: too many long answers are being read");
            long++;
            counted = true;
          }
          if (items.length > 0) yield items;
        }
      } finally {
        if (counted) long--;
      }
    },
  };
}
