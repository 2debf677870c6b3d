import type { PagePartRef } from "@windfire/api";
import type { Plans } from "#features/incidents";
import type { Calendar, DayOfZone } from "#features/services";
import type { Database } from "#platform/database";
import type { PageIncident } from "../incidents/model.ts";
import { pageIncidentStore } from "../incidents/store.ts";
import { affectedBy } from "../maintenances/commands.ts";
import { maintenanceStore } from "../maintenances/store.ts";
import type { PageMaintenance } from "../maintenances/store.ts";
import { isShown, keyOf, partsOf } from "../pages/model.ts";
import type { PagePart, ShownRow, StatusPage } from "../pages/model.ts";
import { dayView, indicatorOf, percentOfDays, worse } from "./model.ts";
import type { DayFigures, GroupView, IncidentView, MaintenanceView, PageView, PartView, ShownState } from "./model.ts";

/** Where everything that a page shows comes from. */
export interface SnapshotDeps {
  readonly database: Pick<Database, "kysely">;
  readonly now: () => number;
  readonly calendarOf: (zone: string) => Calendar;
  /** Zone of pages that name none. */
  readonly location: string;
  readonly rowOf: (part: PagePartRef) => ShownRow | undefined;
  readonly ownsEverything: (userId: number) => boolean;
  readonly stateOf: (part: PagePartRef) => ShownState;
  readonly serverDays: (
    serverIds: readonly number[],
    span: { readonly from: number; readonly to: number },
    zone: Calendar,
  ) => Promise<
    ReadonlyMap<
      number,
      readonly { readonly day: number; readonly onlineMs: number; readonly offlineMs: number; readonly plannedMs: number }[]
    >
  >;
  readonly serviceDays: (
    serviceIds: readonly number[],
    zone: Calendar,
    days: { readonly first: number; readonly last: number },
  ) => Promise<readonly DayOfZone[]>;
  /** Mean delay of a service today, milliseconds. */
  readonly delayOf: (serviceId: number) => number | undefined;
  readonly plans: Pick<Plans, "get" | "runOf">;
  /** What a part is called where strangers read. */
  readonly publicKey: (pageId: number, label: string) => string;
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

/** What is measured of parts, day by day. */
function createFigures(deps: Pick<SnapshotDeps, "calendarOf" | "delayOf" | "location" | "now" | "serverDays" | "serviceDays">) {
  const { now } = deps;
  return async (page: StatusPage, parts: Iterable<PagePart>): Promise<Map<string, PartFigures>> => {
    const calendar = deps.calendarOf(page.settings.zone || deps.location);
    const today = calendar.dayOf(now());
    const first = today - page.settings.history_days + 1;
    const ids = (kind: PagePartRef["kind"]): number[] => [...parts].filter((part) => part.kind === kind).map(({ id }) => id);
    const found = new Map<string, PartFigures>();
    const [servers, services] = [ids("server"), ids("service")];
    if (servers.length > 0) {
      const days = await deps.serverDays(servers, { from: calendar.startOf(first), to: now() }, calendar);
      for (const [id, list] of days) {
        const shown = list.map(({ day, onlineMs, offlineMs, plannedMs }) => ({
          day,
          good: onlineMs,
          bad: offlineMs,
          planned: plannedMs > 0,
        }));
        found.set(`server ${id}`, { days: filled(shown, first, today), latencyMs: undefined });
      }
    }
    if (services.length > 0) {
      const byId = Map.groupBy(await deps.serviceDays(services, calendar, { first, last: today }), ({ serviceId }) => serviceId);
      for (const id of services) {
        const shown = (byId.get(id) ?? []).map(({ day, up, down, plannedUp, plannedDown }) => ({
          day,
          good: up,
          bad: down,
          planned: plannedUp + plannedDown > 0,
        }));
        found.set(`service ${id}`, { days: filled(shown, first, today), latencyMs: deps.delayOf(id) });
      }
    }
    return found;
  };
}

/** What people wrote on a page. */
function createWritings({ database, now, plans }: Pick<SnapshotDeps, "database" | "now" | "plans">) {
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

/** Puts together what a page shows now; its list alone decides of what. */
export function createSnapshots(deps: SnapshotDeps) {
  const { now } = deps;
  const figuresOf = createFigures(deps);
  const written = createWritings(deps);

  const shownParts = (page: StatusPage): ReadonlyMap<string, { readonly part: PagePart; readonly row: ShownRow }> => {
    const mayAll = deps.ownsEverything(page.ownerId);
    const found = new Map<string, { part: PagePart; row: ShownRow }>();
    for (const part of partsOf(page.settings)) {
      const row = deps.rowOf(part);
      if (isShown(part, row, page, mayAll)) found.set(keyOf(part), { part, row });
    }
    return found;
  };
  return async (page: StatusPage): Promise<PageView> => {
    const shown = shownParts(page);
    const publicKey = (label: string): string => deps.publicKey(page.id, label);
    const keysOf = (affected: readonly PagePartRef[]): string[] =>
      affected
        .map(keyOf)
        .filter((key) => shown.has(key))
        .map(publicKey);
    const figures = await figuresOf(
      page,
      [...shown.values()].map(({ part }) => part),
    );
    const { open, past, planned } = await written(page, keysOf);
    const underWork = new Set(planned.filter(({ view }) => view.running).flatMap(({ affected }) => affected));
    const partView = (part: PagePart): PartView | undefined => {
      const found = shown.get(keyOf(part));
      if (found === undefined) return undefined;
      const { days, latencyMs } = figures.get(keyOf(part)) ?? { days: [], latencyMs: undefined };
      return {
        key: publicKey(keyOf(part)),
        kind: part.kind,
        name: part.name || found.row.name,
        names: part.names,
        state: stateOf(part, open, underWork.has(keyOf(part)), deps.stateOf(part)),
        days: days.map(dayView),
        percent: percentOfDays(days),
        latencyMs: page.settings.values === "latency" ? latencyMs : undefined,
      };
    };
    const groups = page.settings.groups.map((group, at): GroupView => {
      const parts = group.parts.map(partView).filter((part) => part !== undefined);
      return { key: publicKey(`group ${at}`), name: group.name, names: group.names, parts };
    });
    const incidentView = ({ affected, pageId: _page, engineId: _engine, ...incident }: PageIncident): IncidentView => ({
      ...incident,
      affected: affected.filter((part) => shown.has(keyOf(part))).map((part) => ({ key: publicKey(keyOf(part)), state: part.state })),
    });
    const shownGroups = groups.filter(({ parts }) => parts.length > 0);
    return {
      page,
      zone: page.settings.zone || deps.location,
      at: now(),
      groups: shownGroups,
      open: open.map(incidentView),
      past: past.map(incidentView),
      maintenances: planned.map(({ view }) => view),
      indicator: indicatorOf(
        shownGroups.flatMap(({ parts }) => parts),
        open,
      ),
    };
  };
}

interface PartFigures {
  readonly days: readonly DayFigures[];
  readonly latencyMs: number | undefined;
}

/** What people wrote counts besides what is measured; planned work explains what is measured meanwhile. */
function stateOf(part: PagePartRef, open: readonly PageIncident[], underWork: boolean, measured: ShownState): ShownState {
  let state: ShownState = underWork ? "maintenance" : measured;
  for (const { affected } of open)
    for (const one of affected) if (one.kind === part.kind && one.id === part.id) state = worse(state, one.state);
  return state;
}

/** One for each day, oldest first. */
function filled(days: readonly DayFigures[], first: number, today: number): DayFigures[] {
  const byDay = new Map(days.map((day) => [day.day, day]));
  return Array.from(
    { length: today - first + 1 },
    (_none, at) => byDay.get(first + at) ?? { day: first + at, good: 0, bad: 0, planned: false },
  );
}
