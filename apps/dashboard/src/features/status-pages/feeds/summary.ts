import { partName } from "../drawing/parts.ts";
import { titleOf } from "../drawing/document.ts";
import type { Words } from "../drawing/words.ts";
import { inLanguage, textIn, titleIn } from "../view/in-language.ts";
import { headline } from "../drawing/page.ts";
import type { GroupView, Indicator, IncidentView, MaintenanceView, PageView, PartView, ShownState } from "../view/model.ts";

/** Words of the summaries that aggregators of status pages read. */
const STATUS: Readonly<Record<ShownState, string>> = {
  operational: "operational",
  maintenance: "under_maintenance",
  degraded: "degraded_performance",
  partial: "partial_outage",
  down: "major_outage",
  unknown: "operational",
};

const iso = (at: number): string => new Date(at).toISOString();

export interface Places {
  /** Address of the page, without a slash at the end. */
  readonly url: string;
  /** Stands for the page. */
  readonly id: string;
}

/** `/api/v2/summary.json` of hosted status pages: what is so now. */
export function summaryOf(view: PageView, words: Words, places: Places): object {
  const groups = view.groups.filter(({ name }) => name !== "");
  return {
    ...statusOf(view, words, places),
    components: [...groups.map((group, at) => groupJson(view, words, group, at, places)), ...componentsOf(view, words, places)],
    incidents: view.open.map((incident) => incidentJson(view, words, incident, places)),
    scheduled_maintenances: view.maintenances.map((maintenance) => maintenanceJson(view, words, maintenance, places)),
  };
}

/** `/api/v2/status.json`. */
export function statusOf(view: PageView, words: Words, { url, id }: Places): object {
  const page = { id, name: titleOf(view.page, words), url, time_zone: view.zone, updated_at: iso(view.at) };
  return { page, status: { indicator: view.indicator satisfies Indicator, description: headline(view, words) } };
}

/** `/api/v2/incidents.json`: those that last, and those that are over. */
export function incidentsOf(view: PageView, words: Words, places: Places): object {
  const { page } = statusOf(view, words, places) as { page: object };
  return { page, incidents: [...view.open, ...view.past].map((incident) => incidentJson(view, words, incident, places)) };
}

function componentsOf(view: PageView, words: Words, places: Places): object[] {
  return view.groups.flatMap((group) => group.parts.map((part, at) => componentJson(view, words, group, part, at, places)));
}

function common(view: PageView, { id }: Places) {
  const at = iso(view.page.createdAt);
  return {
    created_at: at,
    updated_at: iso(view.at),
    description: null,
    showcase: true,
    start_date: at.slice(0, 10),
    page_id: id,
    only_show_if_degraded: false,
  };
}

function groupJson(view: PageView, words: Words, group: GroupView, at: number, places: Places): object {
  const states = new Set(group.parts.map(({ state }) => STATUS[state]));
  const worst = ["major_outage", "partial_outage", "degraded_performance", "under_maintenance"].find((state) => states.has(state));
  const parts = group.parts.map(({ key }) => key);
  return {
    id: group.key,
    name: inLanguage(group.name, group.names, words.language),
    status: worst ?? "operational",
    position: at + 1,
    ...common(view, places),
    group: true,
    group_id: null,
    components: parts,
  };
}

function componentJson(view: PageView, words: Words, group: GroupView, part: PartView, at: number, places: Places): object {
  const within = group.name === "" ? null : group.key;
  return {
    id: part.key,
    name: partName(part, words),
    status: STATUS[part.state],
    position: at + 1,
    ...common(view, places),
    group: false,
    group_id: within,
  };
}

function incidentJson(view: PageView, words: Words, incident: IncidentView, { url, id: pageId }: Places): object {
  const id = `incident-${incident.id}`;
  const parts = view.groups.flatMap((group) => group.parts);
  const affected = incident.affected.flatMap(({ key, state }) => {
    const part = parts.find((one) => one.key === key);
    return part === undefined ? [] : [{ code: key, name: partName(part, words), new_status: STATUS[state] }];
  });
  const monitoring = incident.updates.find(({ status }) => status === "monitoring");
  return {
    id,
    name: titleIn(incident, words.language),
    status: incident.status,
    impact: incident.impact,
    created_at: iso(incident.createdAt),
    updated_at: iso(incident.updatedAt),
    started_at: iso(incident.startedAt),
    monitoring_at: monitoring === undefined ? null : iso(monitoring.at),
    resolved_at: incident.resolvedAt === 0 ? null : iso(incident.resolvedAt),
    shortlink: `${url}/incident/${incident.id}`,
    page_id: pageId,
    components: affected.map(({ code, name, new_status: status }) => ({ id: code, name, status })),
    incident_updates: incident.updates.map((update) => ({
      id: `update-${update.id}`,
      status: update.status,
      body: textIn(update, words.language),
      incident_id: id,
      created_at: iso(update.at),
      updated_at: iso(update.at),
      display_at: iso(update.at),
      affected_components: affected,
    })),
  };
}

function maintenanceJson(view: PageView, words: Words, maintenance: MaintenanceView, { url, id: pageId }: Places): object {
  const id = `maintenance-${maintenance.id}`;
  const parts = view.groups.flatMap((group) => group.parts).filter(({ key }) => maintenance.parts.includes(key));
  const status = maintenance.running ? "in_progress" : "scheduled";
  const at = { created_at: iso(maintenance.createdAt), updated_at: iso(maintenance.updatedAt) };
  return {
    id,
    name: titleIn(maintenance, words.language),
    status,
    impact: "maintenance",
    ...at,
    started_at: iso(maintenance.run.from),
    monitoring_at: null,
    resolved_at: null,
    shortlink: `${url}/#maintenance-${maintenance.id}`,
    page_id: pageId,
    scheduled_for: iso(maintenance.run.from),
    scheduled_until: iso(maintenance.run.to),
    components: parts.map((part) => ({ id: part.key, name: partName(part, words), status: STATUS[part.state] })),
    incident_updates: [
      {
        id: `${id}-0`,
        status,
        body: textIn(maintenance, words.language),
        incident_id: id,
        ...at,
        display_at: at.created_at,
        affected_components: null,
      },
    ],
  };
}

/** Days of each part, for whoever draws bars of their own. */
export function daysOf(view: PageView, words: Words): object {
  const iso8601 = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
  return {
    updated_at: iso(view.at),
    planned_maintenance: "does not count",
    components: view.groups.flatMap((group) =>
      group.parts.map((part) => ({
        id: part.key,
        name: partName(part, words),
        percent: part.percent ?? null,
        days: part.days.map((day) => ({ day: iso8601(day.day), percent: day.percent ?? null, maintenance: day.look === "planned" })),
      })),
    ),
  };
}
