import { wordsOf } from "../drawing/words.ts";
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
export function summaryOf(view: PageView, places: Places): object {
  const groups = view.groups.filter(({ name }) => name !== "");
  return {
    ...statusOf(view, places),
    components: [...groups.map((group, at) => groupJson(view, group, at, places)), ...componentsOf(view, places)],
    incidents: view.open.map((incident) => incidentJson(view, incident, places)),
    scheduled_maintenances: view.maintenances.map((maintenance) => maintenanceJson(view, maintenance, places)),
  };
}

/** `/api/v2/status.json`. */
export function statusOf(view: PageView, { url, id }: Places): object {
  const page = { id, name: view.page.settings.title, url, time_zone: view.zone, updated_at: iso(view.at) };
  return { page, status: { indicator: view.indicator satisfies Indicator, description: headline(view, wordsOf("en", view.zone)) } };
}

/** `/api/v2/incidents.json`: those that last, and those that are over. */
export function incidentsOf(view: PageView, places: Places): object {
  const { page } = statusOf(view, places) as { page: object };
  return { page, incidents: [...view.open, ...view.past].map((incident) => incidentJson(view, incident, places)) };
}

function componentsOf(view: PageView, places: Places): object[] {
  return view.groups.flatMap((group) => group.parts.map((part, at) => componentJson(view, group, part, at, places)));
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

function groupJson(view: PageView, group: GroupView, at: number, places: Places): object {
  const states = new Set(group.parts.map(({ state }) => STATUS[state]));
  const worst = ["major_outage", "partial_outage", "degraded_performance", "under_maintenance"].find((state) => states.has(state));
  const parts = group.parts.map(({ key }) => key);
  return {
    id: group.key,
    name: group.name,
    status: worst ?? "operational",
    position: at + 1,
    ...common(view, places),
    group: true,
    group_id: null,
    components: parts,
  };
}

function componentJson(view: PageView, group: GroupView, part: PartView, at: number, places: Places): object {
  const within = group.name === "" ? null : group.key;
  return {
    id: part.key,
    name: part.name,
    status: STATUS[part.state],
    position: at + 1,
    ...common(view, places),
    group: false,
    group_id: within,
  };
}

function incidentJson(view: PageView, incident: IncidentView, { url, id: pageId }: Places): object {
  const id = `incident-${incident.id}`;
  const parts = view.groups.flatMap((group) => group.parts);
  const affected = incident.affected.flatMap(({ key, state }) => {
    const part = parts.find((one) => one.key === key);
    return part === undefined ? [] : [{ code: key, name: part.name, new_status: STATUS[state] }];
  });
  const monitoring = incident.updates.find(({ status }) => status === "monitoring");
  return {
    id,
    name: incident.title,
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
      body: update.text,
      incident_id: id,
      created_at: iso(update.at),
      updated_at: iso(update.at),
      display_at: iso(update.at),
      affected_components: affected,
    })),
  };
}

function maintenanceJson(view: PageView, maintenance: MaintenanceView, { url, id: pageId }: Places): object {
  const id = `maintenance-${maintenance.id}`;
  const parts = view.groups.flatMap((group) => group.parts).filter(({ key }) => maintenance.parts.includes(key));
  const status = maintenance.running ? "in_progress" : "scheduled";
  const at = { created_at: iso(maintenance.createdAt), updated_at: iso(maintenance.updatedAt) };
  return {
    id,
    name: maintenance.title,
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
    components: parts.map(({ key, name, state }) => ({ id: key, name, status: STATUS[state] })),
    incident_updates: [
      { id: `${id}-0`, status, body: maintenance.text, incident_id: id, ...at, display_at: at.created_at, affected_components: null },
    ],
  };
}

/** Days of each part, for whoever draws bars of their own. */
export function daysOf(view: PageView): object {
  const iso8601 = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
  return {
    updated_at: iso(view.at),
    planned_maintenance: "does not count",
    components: view.groups.flatMap((group) =>
      group.parts.map(({ key, name, percent, days }) => ({
        id: key,
        name,
        percent: percent ?? null,
        days: days.map((day) => ({ day: iso8601(day.day), percent: day.percent ?? null, maintenance: day.look === "planned" })),
      })),
    ),
  };
}
