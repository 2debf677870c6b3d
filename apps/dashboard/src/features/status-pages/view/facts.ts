import type { Database } from "#platform/database";
import type { StatusPage } from "../pages/model.ts";
import type { PageFacts } from "../pages/routes.ts";
import { subscriberStore } from "../subscribers/store.ts";
import type { Views } from "./views.ts";

/** What the list of pages says of each besides its row. */
export function createPageFacts({ database, views }: { readonly database: Pick<Database, "kysely">; readonly views: Pick<Views, "of"> }) {
  return async (pages: readonly StatusPage[]): Promise<ReadonlyMap<number, PageFacts>> => {
    const counts = await subscriberStore.counts(database.kysely);
    const facts = new Map<number, PageFacts>();
    for (const page of pages) {
      const { view } = await views.of(page);
      const subscribers = counts.get(page.id)?.confirmed ?? 0;
      facts.set(page.id, { indicator: view.indicator, openIncidents: view.open.length, subscribers });
    }
    return facts;
  };
}
