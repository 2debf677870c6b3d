import type { PagePartRef } from "@windfire/api";
import type { Calendar, DayOfZone } from "#features/services";
import type { PagePart, StatusPage } from "../pages/model.ts";
import type { DayFigures } from "./model.ts";

/** Where the figures of parts come from. */
export interface FigureDeps {
  readonly now: () => number;
  readonly calendarOf: (zone: string) => Calendar;
  /** Zone of pages that name none. */
  readonly location: string;
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
}

interface PartFigures {
  readonly days: readonly DayFigures[];
  readonly latencyMs: number | undefined;
}

/** What is measured of parts, day by day. */
export function createFigures(deps: FigureDeps) {
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

/** One for each day, oldest first. */
function filled(days: readonly DayFigures[], first: number, today: number): DayFigures[] {
  const byDay = new Map(days.map((day) => [day.day, day]));
  return Array.from(
    { length: today - first + 1 },
    (_none, at) => byDay.get(first + at) ?? { day: first + at, good: 0, bad: 0, planned: false },
  );
}
