import type { Database } from "#platform/database";
import { pageIncidentStore } from "../incidents/store.ts";
import type { PageIncident } from "../incidents/model.ts";
import type { StatusPage } from "../pages/model.ts";
import type { IncidentView } from "../view/model.ts";
import type { Views } from "../view/views.ts";

/** Incidents on one page of the history. */
const PAGE = 50;

/** Incidents that are read one by one, and those of long ago. */
export function createPastIncidents({
  database,
  views,
}: {
  readonly database: Pick<Database, "kysely">;
  readonly views: Pick<Views, "of">;
}) {
  /** Parts of long ago are not named: the page may list others by now. */
  const shown = ({ affected: _affected, pageId: _page, engineId: _engine, ...incident }: PageIncident): IncidentView => ({
    ...incident,
    affected: [],
  });
  return {
    async incident(page: StatusPage, id: number): Promise<IncidentView | undefined> {
      const { view } = await views.of(page);
      const known = [...view.open, ...view.past].find((incident) => incident.id === id);
      if (known !== undefined) return known;
      const found = await pageIncidentStore.find(database.kysely, id);
      return found?.pageId === page.id ? shown(found) : undefined;
    },
    async pastBefore(page: StatusPage, beforeId: number | undefined) {
      const filter = { pageId: page.id, ...(beforeId === undefined ? {} : { beforeId }) };
      const found = await pageIncidentStore.list(database.kysely, filter, PAGE + 1);
      const last = found.length > PAGE ? found[PAGE - 1] : undefined;
      const past = found.slice(0, PAGE).filter(({ resolvedAt }) => resolvedAt > 0);
      return { past: past.map(shown), ...(last === undefined ? {} : { earlier: last.id }) };
    },
  };
}
