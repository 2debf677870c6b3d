import type { PageIncidentPatch, PageUpdatePatch } from "@windfire/api";
import type { Incident } from "#features/incidents";
import { refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import { partsOf } from "../pages/model.ts";
import type { StatusPage } from "../pages/model.ts";
import { isMine, requirePage } from "../pages/reach.ts";
import { pageStore } from "../pages/store.ts";
import { KIND, requireAffected, requireEngine, requireIncident, written } from "./checks.ts";
import type { PageIncidentCommandDeps } from "./checks.ts";
import { impactOf } from "./model.ts";
import type { Affected, PageIncident } from "./model.ts";
import { pageIncidentStore } from "./store.ts";

const PAGE = 100;

/** What was written on a page of what goes wrong: read, put right, deleted. */
export function createPageIncidentCommands(deps: PageIncidentCommandDeps) {
  const { database, audit, now, pages } = deps;
  return {
    async list(caller: Caller, pageId: number, beforeId: number | undefined): Promise<PageIncident[]> {
      const page = requirePage(caller, pageId, pages.get(pageId));
      return pageIncidentStore.list(database.kysely, { pageId: page.id, ...(beforeId === undefined ? {} : { beforeId }) }, PAGE);
    },
    /** What a form starts with: the parts of the page that the incident is about, and since when. */
    async draft(caller: Caller, pageId: number, incidentId: number) {
      const page = requirePage(caller, pageId, pages.get(pageId));
      const engine = await requireEngine(deps, database.kysely, caller, incidentId);
      const affected = affectedBy(engine, page);
      return { page, engine, affected, impact: affected.length === 0 ? ("minor" as const) : impactOf(affected) };
    },
    async update(caller: Caller, id: number, { title, titles, impact, affected }: PageIncidentPatch): Promise<void> {
      await database.change(async (tx, changes) => {
        const { incident: from, page } = await requireIncident(tx, caller, id);
        requireAffected(page, affected, from.affected);
        const to = { ...from, title, titles, impact, affected, updatedAt: now() };
        await pageIncidentStore.update(tx, to);
        written(changes, page);
        await audit.write(tx, { actor: actorOf(caller), action: "page-incident.update", kind: KIND, key: id, from, to });
      });
    },
    async rewriteUpdate(caller: Caller, id: number, updateId: number, to: PageUpdatePatch): Promise<void> {
      await database.change(async (tx, changes) => {
        const { incident, page } = await requireIncident(tx, caller, id);
        const from = incident.updates.find((update) => update.id === updateId);
        if (!from) throw refuseText(`update id ${updateId} does not exist`);
        await pageIncidentStore.rewriteUpdate(tx, updateId, to);
        written(changes, page);
        const { text, texts } = from;
        await audit.write(tx, { actor: actorOf(caller), action: "page-incident.reword", kind: KIND, key: id, from: { text, texts }, to });
      });
    },
    /** All or nothing on permission; unknown ids are passed over. */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const gone: number[] = [];
        for (const id of new Set(ids)) {
          const incident = await pageIncidentStore.find(tx, id);
          const page = incident && (await pageStore.find(tx, incident.pageId));
          if (!incident || !page) continue;
          if (!isMine(caller, page)) throw refuse("permission denied");
          gone.push(id);
          written(changes, page);
          await audit.write(tx, { actor: actorOf(caller), action: "page-incident.delete", kind: KIND, key: id, from: incident });
        }
        if (gone.length > 0) await pageIncidentStore.delete(tx, gone);
      });
    },
  };
}

export type PageIncidentCommands = ReturnType<typeof createPageIncidentCommands>;

/** Parts of a page that an incident of the engine is about: its service, or its server. */
function affectedBy({ source, sourceId, serverId, severity }: Incident, { settings }: StatusPage): Affected[] {
  const state = severity === "critical" || source === "service" ? "down" : "degraded";
  const wanted = source === "service" ? { kind: "service", id: sourceId } : { kind: "server", id: serverId };
  return partsOf(settings)
    .filter(({ kind, id }) => kind === wanted.kind && id === wanted.id)
    .map(({ kind, id }) => ({ kind, id, state }));
}
