import type { Incident } from "#features/incidents";
import { canManage } from "#access/policy";
import { refuseText } from "#kernel";
import type { Caller } from "#kernel";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import type { StatusPage } from "../pages/model.ts";
import { isMine, requireOnPage } from "../pages/reach.ts";
import { pageStore, statusPageKind } from "../pages/store.ts";
import type { Announce } from "../subscribers/announcing.ts";
import type { Affected, PageIncident } from "./model.ts";
import { pageIncidentStore } from "./store.ts";

export const KIND = "page-incident";

export interface PageIncidentCommandDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly pages: { get(id: number): StatusPage | undefined };
  readonly announce: Announce;
  /** An incident of the engine, also one that is over. */
  readonly engineIncident: (queries: Queries, id: number) => Promise<Incident | undefined>;
}

/** @throws {AppError} for incidents of the engine that are not the caller's as for those that are not there */
export async function requireEngine(
  { engineIncident }: Pick<PageIncidentCommandDeps, "engineIncident">,
  queries: Queries,
  caller: Caller,
  id: number,
): Promise<Incident> {
  const found = await engineIncident(queries, id);
  if (!found || !canManage(caller, found)) throw refuseText(`incident_id: incident ${id} does not exist`);
  return found;
}

/** An incident with its page, as a transaction sees them. */
export async function requireIncident(tx: Queries, caller: Caller, id: number): Promise<{ incident: PageIncident; page: StatusPage }> {
  const incident = await pageIncidentStore.find(tx, id);
  const page = incident && (await pageStore.find(tx, incident.pageId));
  if (!incident || !page || !isMine(caller, page)) throw refuseText(`page incident id ${id} does not exist`);
  return { incident, page };
}

/** What an incident named before may be off the page by now. */
export function requireAffected(page: StatusPage, affected: readonly Affected[], stored: readonly Affected[] = []): void {
  requireOnPage(
    page,
    affected.filter(({ kind, id }) => !stored.some((one) => one.kind === kind && one.id === id)),
  );
}

/** What is written on a page changes what is drawn of it. */
export function written(changes: Changes, page: StatusPage): void {
  changes.put(statusPageKind.name, page.id);
}
