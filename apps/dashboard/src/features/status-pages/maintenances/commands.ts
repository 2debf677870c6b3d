import type { PageMaintenanceForm, PagePartRef } from "@windfire/api";
import type { Plans } from "#features/incidents";
import { refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import type { StatusPage } from "../pages/model.ts";
import { isMine, requireOnPage, requirePage } from "../pages/reach.ts";
import { pageStore } from "../pages/store.ts";
import { written } from "../incidents/checks.ts";
import type { Announce } from "../subscribers/announcing.ts";
import { maintenanceStore } from "./store.ts";
import type { PageMaintenance } from "./store.ts";

const KIND = "page-maintenance";
/** On one page. */
const MOST = 200;

export type PlannedWindow = NonNullable<ReturnType<Plans["get"]>>;

export interface MaintenanceCommandDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly pages: { get(id: number): StatusPage | undefined };
  readonly plans: Plans;
  readonly announce: Announce;
}

/** What a window is about, as parts of a page. */
export function affectedBy({ serverIds, serviceIds }: Pick<PlannedWindow, "serverIds" | "serviceIds">): PagePartRef[] {
  const services = serviceIds.map((id) => ({ kind: "service" as const, id }));
  return [...services, ...serverIds.map((id) => ({ kind: "server" as const, id }))];
}

/** The lists of a window from parts of a page. */
function listsOf(affected: readonly PagePartRef[]): Pick<PlannedWindow, "serverIds" | "serviceIds"> {
  const idsOf = (wanted: PagePartRef["kind"]): number[] => [...new Set(affected.filter(({ kind }) => kind === wanted).map(({ id }) => id))];
  return { serverIds: idsOf("server"), serviceIds: idsOf("service") };
}

/** Planned work on pages. Each is a maintenance window as well: one plan says when it is, who is told and what availability leaves out. */
export function createMaintenanceCommands({ database, audit, now, pages, plans, announce }: MaintenanceCommandDeps) {
  const requireMaintenance = async (tx: Queries, caller: Caller, id: number) => {
    const maintenance = await maintenanceStore.find(tx, id);
    const page = maintenance && (await pageStore.find(tx, maintenance.pageId));
    const window = maintenance && plans.get(maintenance.windowId);
    if (!maintenance || !page || !window || !isMine(caller, page)) throw refuseText(`page maintenance id ${id} does not exist`);
    return { maintenance, page, window };
  };

  return {
    async list(caller: Caller, pageId: number): Promise<{ maintenance: PageMaintenance; window: PlannedWindow }[]> {
      const page = requirePage(caller, pageId, pages.get(pageId));
      return (await maintenanceStore.of(database.kysely, [page.id])).flatMap((maintenance) => {
        const window = plans.get(maintenance.windowId);
        return window === undefined ? [] : [{ maintenance, window }];
      });
    },
    async create(caller: Caller, form: PageMaintenanceForm): Promise<number> {
      return database.change(async (tx, changes) => {
        const page = requirePage(caller, form.page_id, await pageStore.find(tx, form.page_id));
        plans.requirePlan(form.plan);
        requireOnPage(page, form.affected);
        if ((await maintenanceStore.of(tx, [page.id])).length >= MOST) throw refuseText(`a page has at most ${MOST} maintenances`);
        const { title: name, titles, plan, silence, text, texts } = form;
        const window = { ownerId: page.ownerId, name, enable: true, plan, silence, groupIds: [], ...listsOf(form.affected) };
        const windowId = await plans.insert(tx, changes, window);
        const maintenance = { pageId: page.id, windowId, title: name, titles, text, texts, createdAt: now(), updatedAt: now() };
        const id = await maintenanceStore.insert(tx, maintenance);
        written(changes, page);
        await audit.write(tx, {
          actor: actorOf(caller),
          action: "page-maintenance.create",
          kind: KIND,
          key: id,
          to: { ...maintenance, ...window },
        });
        if (form.notify) await announce(tx, changes, page, { what: "maintenance", id });
        return id;
      });
    },
    async update(caller: Caller, id: number, form: PageMaintenanceForm): Promise<void> {
      await database.change(async (tx, changes) => {
        const { maintenance, page, window } = await requireMaintenance(tx, caller, id);
        if (form.page_id !== page.id) throw refuseText("page_id: a maintenance stays on its page");
        plans.requirePlan(form.plan, window.plan);
        const stored = affectedBy(window);
        const isKnown = (part: PagePartRef): boolean => stored.some((one) => one.kind === part.kind && one.id === part.id);
        requireOnPage(
          page,
          form.affected.filter((part) => !isKnown(part)),
        );
        const { title: name, titles, plan, silence, text, texts } = form;
        const to = { ...maintenance, title: name, titles, text, texts, updatedAt: now() };
        const planned = { ...window, name, plan, silence, ...listsOf(form.affected) };
        await plans.update(tx, changes, planned);
        await maintenanceStore.update(tx, to);
        written(changes, page);
        const deed = {
          action: "page-maintenance.update",
          kind: KIND,
          key: id,
          from: { ...maintenance, ...window },
          to: { ...to, ...planned },
        };
        await audit.write(tx, { actor: actorOf(caller), ...deed });
        if (form.notify) await announce(tx, changes, page, { what: "maintenance", id });
      });
    },
  };
}

/** Planned work on pages goes: by itself, or with its page. Its windows go as well: what fails is told again. */
export function createMaintenanceRemoval({ database, audit, plans }: Pick<MaintenanceCommandDeps, "audit" | "database" | "plans">) {
  return {
    /** All or nothing on permission; unknown ids are passed over. */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const gone: PageMaintenance[] = [];
        for (const id of new Set(ids)) {
          const maintenance = await maintenanceStore.find(tx, id);
          const page = maintenance && (await pageStore.find(tx, maintenance.pageId));
          if (!maintenance || !page) continue;
          if (!isMine(caller, page)) throw refuse("permission denied");
          gone.push(maintenance);
          written(changes, page);
          await audit.write(tx, { actor: actorOf(caller), action: "page-maintenance.delete", kind: KIND, key: id, from: maintenance });
        }
        if (gone.length === 0) return;
        await maintenanceStore.delete(
          tx,
          gone.map(({ id }) => id),
        );
        await plans.remove(
          tx,
          changes,
          gone.map(({ windowId }) => windowId),
        );
      });
    },
    /** Windows go with the pages that planned them. */
    async forgetPages(tx: Queries, changes: Changes, pageIds: readonly number[]): Promise<void> {
      const gone = await maintenanceStore.of(tx, pageIds);
      await plans.remove(
        tx,
        changes,
        gone.map(({ windowId }) => windowId),
      );
    },
  };
}

export type MaintenanceRemoval = ReturnType<typeof createMaintenanceRemoval>;
export type MaintenanceCommands = ReturnType<typeof createMaintenanceCommands>;
