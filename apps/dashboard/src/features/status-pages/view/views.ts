import type { StatusPage } from "../pages/model.ts";
import type { StatusPages } from "../pages/store.ts";
import type { PageView } from "./model.ts";

/** A state of the fleet is on a page at the latest so long after it changed. */
const FRESH_MS = 20_000;
/** Views that are kept; of more pages the one that was put together first is made anew when it is asked for. */
const MOST_KEPT = 200;

export interface ViewDeps {
  readonly snapshot: (page: StatusPage) => Promise<PageView>;
  readonly monotonic: () => number;
  readonly pages: Pick<StatusPages, "get" | "subscribe">;
}

/** A view, and a number that is another one whenever it was put together anew. */
export interface NumberedView {
  readonly view: PageView;
  readonly edition: number;
}

interface Kept {
  readonly at: number;
  readonly made: Promise<NumberedView>;
  /** Once it is there. */
  edition?: number;
}

/**
 * What pages show, put together once however many read: when it was asked for, at most every twenty seconds, and at once after something was
 * written on the page.
 */
export function createViews({ snapshot, monotonic, pages }: ViewDeps) {
  const kept = new Map<number, Kept>();
  let editions = 0;
  const forget = (pageId: number): void => void kept.delete(pageId);
  pages.subscribe({ changed: ({ key }) => forget(key), reloaded: () => kept.clear() });

  return {
    forget,
    /** The number of what is there now and fresh; undefined: it has to be put together. */
    ready(pageId: number): number | undefined {
      const known = kept.get(pageId);
      return known !== undefined && monotonic() - known.at < FRESH_MS ? known.edition : undefined;
    },
    of(page: StatusPage): Promise<NumberedView> {
      const known = kept.get(page.id);
      if (known !== undefined && monotonic() - known.at < FRESH_MS) return known.made;
      // Whoever asks may hold the page as it was before it changed: what was dropped then is not put together again.
      const made = snapshot(pages.get(page.id) ?? page).then((view) => ({ view, edition: ++editions }));
      kept.delete(page.id);
      const entry: Kept = { at: monotonic(), made };
      kept.set(page.id, entry);
      // What could not be made is tried again by whoever asks next.
      made.then(
        ({ edition }) => (entry.edition = edition),
        () => (kept.get(page.id)?.made === made ? forget(page.id) : undefined),
      );
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) forget(oldest);
      return made;
    },
  };
}

export type Views = ReturnType<typeof createViews>;
