import type { PageIncidentForm, PageUpdateForm } from "@windfire/api";
import { refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import { requirePage } from "../pages/reach.ts";
import { pageStore } from "../pages/store.ts";
import { KIND, requireAffected, requireEngine, requireIncident, written } from "./checks.ts";
import type { PageIncidentCommandDeps } from "./checks.ts";
import { MOST_UPDATES, pageIncidentStore } from "./store.ts";

/** That last, on one page. */
const MOST_OPEN = 50;
/** Clocks differ. */
const AHEAD_MS = 60_000;

/** What is said on a page of what goes wrong: the beginning, and what follows. */
export function createSaying(deps: PageIncidentCommandDeps) {
  const { database, audit, now, announce } = deps;
  return {
    async create(caller: Caller, form: PageIncidentForm): Promise<number> {
      return database.change(async (tx, changes) => {
        const page = requirePage(caller, form.page_id, await pageStore.find(tx, form.page_id));
        requireAffected(page, form.affected);
        const engine = form.incident_id === 0 ? undefined : await requireEngine(deps, tx, caller, form.incident_id);
        const open = await pageIncidentStore.list(tx, { pageId: page.id, open: true }, MOST_OPEN);
        if (open.length >= MOST_OPEN) throw refuseText(`a page has at most ${MOST_OPEN} incidents that last`);
        const startedAt = form.started_at === undefined ? (engine?.openedAt ?? now()) : Date.parse(form.started_at);
        if (startedAt > now() + AHEAD_MS) throw refuseText("started_at: lies ahead");
        const incident = {
          pageId: page.id,
          engineId: engine?.id ?? 0,
          title: form.title,
          titles: form.titles,
          impact: form.impact,
          affected: form.affected,
          status: form.status,
          startedAt,
          resolvedAt: form.status === "resolved" ? now() : 0,
          createdAt: now(),
          updatedAt: now(),
        };
        const id = await pageIncidentStore.insert(tx, incident);
        const updateId = await pageIncidentStore.addUpdate(tx, id, { ...saidIn(form), at: now() });
        written(changes, page);
        await audit.write(tx, {
          actor: actorOf(caller),
          action: "page-incident.create",
          kind: KIND,
          key: id,
          to: { ...incident, ...saidIn(form) },
        });
        if (form.notify) await announce(tx, changes, page, { what: "incident", id, updateId });
        return id;
      });
    },
    /** The next thing to say; `resolved` ends it, anything else after that opens it again. */
    async addUpdate(caller: Caller, id: number, form: PageUpdateForm): Promise<number> {
      return database.change(async (tx, changes) => {
        const { incident: from, page } = await requireIncident(tx, caller, id);
        if (from.updates.length >= MOST_UPDATES) throw refuseText(`an incident has at most ${MOST_UPDATES} updates`);
        const affected = form.affected ?? from.affected;
        requireAffected(page, affected, from.affected);
        const resolvedAt = form.status === "resolved" ? from.resolvedAt || now() : 0;
        const to = { ...from, affected, status: form.status, resolvedAt, updatedAt: now() };
        await pageIncidentStore.update(tx, to);
        const updateId = await pageIncidentStore.addUpdate(tx, id, { ...saidIn(form), at: now() });
        written(changes, page);
        const deed = {
          action: "page-incident.say",
          kind: KIND,
          key: id,
          from: { status: from.status },
          to: saidIn(form),
        };
        await audit.write(tx, { actor: actorOf(caller), ...deed });
        if (form.notify) await announce(tx, changes, page, { what: "incident", id, updateId });
        return updateId;
      });
    },
  };
}

/** What is said, in all languages that it is said in. */
function saidIn({ status, text, texts }: Pick<PageUpdateForm, "status" | "text" | "texts">) {
  return { status, text, texts };
}

export type Saying = ReturnType<typeof createSaying>;
