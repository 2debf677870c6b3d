import type { PagePartRef } from "@windfire/api";
import type { Plans } from "#features/incidents";
import type { Database } from "#platform/database";
import type { PageIncident } from "../incidents/model.ts";
import { pageIncidentStore } from "../incidents/store.ts";
import { affectedBy } from "../maintenances/commands.ts";
import { maintenanceStore } from "../maintenances/store.ts";
import type { PageMaintenance } from "../maintenances/store.ts";
import { keyOf } from "../pages/model.ts";
import type { StatusPage } from "../pages/model.ts";
import type { MaintenanceView } from "./model.ts";

/** Where what people wrote comes from. */
export interface WritingDeps {
  readonly database: Pick<Database, "kysely">;
  readonly now: () => number;
  readonly plans: Pick<Plans, "get" | "runOf">;
}

const MOST_OPEN = 50;
const MOST_PAST = 200;
const MOST_PLANNED = 20;
const DAY_MS = 86_400_000;
/** Planned work is announced so long before it begins. */
const AHEAD_MS = 30 * DAY_MS;

interface Written {
  readonly open: readonly PageIncident[];
  readonly past: readonly PageIncident[];
  readonly planned: readonly {
    readonly maintenance: PageMaintenance;
    readonly view: MaintenanceView;
    readonly affected: readonly string[];
  }[];
}

/** What people wrote on a page. */
export function createWritings({ database, now, plans }: WritingDeps) {
  return async (page: StatusPage, keysOf: (affected: readonly PagePartRef[]) => string[]): Promise<Written> => {
    const from = now() - page.settings.history_days * DAY_MS;
    const open = await pageIncidentStore.list(database.kysely, { pageId: page.id, open: true }, MOST_OPEN);
    const all = await pageIncidentStore.list(database.kysely, { pageId: page.id, from }, MOST_PAST);
    const planned = (await maintenanceStore.of(database.kysely, [page.id])).flatMap((maintenance) => {
      const window = plans.get(maintenance.windowId);
      const run = window?.enable === true ? plans.runOf(window.plan, now()) : undefined;
      if (window === undefined || run === undefined || run.from > now() + AHEAD_MS) return [];
      const affected = affectedBy(window);
      const { id, title, titles, text, texts, createdAt, updatedAt } = maintenance;
      const times = { run, running: run.from <= now(), repeats: window.plan.kind !== "once", createdAt, updatedAt };
      return [{ maintenance, affected: affected.map(keyOf), view: { id, title, titles, text, texts, ...times, parts: keysOf(affected) } }];
    });
    const past = all.filter(({ resolvedAt }) => resolvedAt > 0);
    return { open, past, planned: planned.toSorted((a, b) => a.view.run.from - b.view.run.from).slice(0, MOST_PLANNED) };
  };
}
