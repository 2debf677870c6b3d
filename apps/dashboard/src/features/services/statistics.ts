import type { Calendar } from "./calendar.ts";

/** Days that are shown; the last one is today. */
export const DAYS = 30;

/** Results of one day: `delay` is the mean of the successful ones, milliseconds. */
export interface DayCounts {
  readonly up: number;
  readonly down: number;
  readonly delay: number;
  /** How many of them came while planned work was under way; left out: none. Availability leaves them out. */
  readonly planned?: Pick<DayCounts, "up" | "down">;
}

/** What a service did on one day, numbered from 1970-01-01 in the dashboard's zone. */
export interface ServiceDay extends DayCounts {
  readonly serviceId: number;
  readonly day: number;
}

/** A service's figures as they are shown (spec 30 section 1.8). */
export interface ServiceFigures {
  /** Oldest first, today last. */
  readonly days: readonly DayCounts[];
  /** Results in the current window. */
  readonly current: Pick<DayCounts, "up" | "down">;
}

/** The 30-day figures of all services, in memory. Days pass by themselves, in the dashboard's zone. */
export interface ServiceStatistics {
  /** Empty figures for a service nothing is known of. */
  of(serviceId: number): ServiceFigures;
  /** Takes over what was stored of a past day or of today; days out of range are left out. */
  load(serviceId: number, day: number, counts: DayCounts): void;
  /** One result of today. `delay` in milliseconds. */
  count(serviceId: number, result: { readonly successful: boolean; readonly delay: number; readonly planned?: boolean }): void;
  /** What has changed since the last call, to be stored. */
  takeChanged(): ServiceDay[];
  /** Gives back what could not be stored. */
  putBack(days: readonly ServiceDay[]): void;
  setCurrent(serviceId: number, current: Pick<DayCounts, "up" | "down">): void;
  remove(serviceIds: readonly number[]): void;
}

const NONE: DayCounts = { up: 0, down: 0, delay: 0 };

interface Figures {
  days: DayCounts[];
  current: Pick<DayCounts, "up" | "down">;
}

export function createServiceStatistics(deps: { readonly now: () => number; readonly calendar: Calendar }): ServiceStatistics {
  const { calendar } = deps;
  const figures = new Map<number, Figures>();
  const changed = new Map<string, ServiceDay>();
  let today = calendar.dayOf(deps.now());
  let begin = calendar.startOf(today);
  let end = calendar.startOf(today + 1);

  const shift = (by: number): void => {
    for (const entry of figures.values()) {
      entry.days = [...entry.days.slice(by), ...emptyDays(Math.min(by, DAYS))];
      entry.current = NONE;
    }
  };
  /** A clock that goes back leaves the days where they are: their counts are not to be lost to a correction. */
  const turnPages = (): void => {
    const now = deps.now();
    if (now >= begin && now < end) return;
    const day = calendar.dayOf(now);
    if (day <= today) return;
    shift(day - today);
    today = day;
    begin = calendar.startOf(day);
    end = calendar.startOf(day + 1);
  };
  const entry = (serviceId: number): Figures => {
    turnPages();
    const known = figures.get(serviceId) ?? { days: emptyDays(DAYS), current: NONE };
    figures.set(serviceId, known);
    return known;
  };
  return {
    of: (serviceId) => {
      turnPages();
      return figures.get(serviceId) ?? { days: emptyDays(DAYS), current: NONE };
    },
    load(serviceId, day, counts) {
      const { days } = entry(serviceId);
      const index = DAYS - 1 - (today - day);
      if (index >= 0 && index < DAYS) days[index] = counts;
    },
    count(serviceId, { successful, delay, planned = false }) {
      const { days } = entry(serviceId);
      const before = days[DAYS - 1] ?? NONE;
      const counted = successful
        ? { ...before, up: before.up + 1, delay: (before.delay * before.up + delay) / (before.up + 1) }
        : { ...before, down: before.down + 1 };
      days[DAYS - 1] = planned ? { ...counted, planned: oneMore(before.planned, successful) } : counted;
      changed.set(`${serviceId} ${today}`, { serviceId, day: today, ...(days[DAYS - 1] ?? NONE) });
    },
    takeChanged() {
      const days = [...changed.values()];
      changed.clear();
      return days;
    },
    putBack(days) {
      for (const day of days) {
        const key = `${day.serviceId} ${day.day}`;
        if (!changed.has(key) && figures.has(day.serviceId)) changed.set(key, day);
      }
    },
    setCurrent(serviceId, current) {
      entry(serviceId).current = current;
    },
    remove(serviceIds) {
      for (const id of serviceIds) figures.delete(id);
      for (const [key, { serviceId }] of changed) if (serviceIds.includes(serviceId)) changed.delete(key);
    },
  };
}

function oneMore(before: DayCounts["planned"], successful: boolean): Pick<DayCounts, "up" | "down"> {
  const { up, down } = before ?? { up: 0, down: 0 };
  return successful ? { up: up + 1, down } : { up, down: down + 1 };
}

function emptyDays(count: number): DayCounts[] {
  return Array.from({ length: count }, () => NONE);
}
