import type { ServiceOverview, ServicesOverview } from "@windfire/api";
import type { StateShape } from "#ui/state-icon.tsx";

/** Share of failures of a day, in percent, from which the day counts as bad. */
const BAD_DAY = 5;

export type DayKind = "none" | "fine" | "shaky" | "bad";

export interface Day {
  readonly kind: DayKind;
  readonly up: number;
  readonly down: number;
  /** Mean milliseconds; `undefined` without success. */
  readonly delay: number | undefined;
}

export interface ServiceItem {
  readonly id: number;
  readonly name: string;
  readonly state: Extract<StateShape, "up" | "warn" | "critical" | "waiting">;
  /** Oldest first; the last is today. */
  readonly days: readonly Day[];
  /** Percent over the days shown; `undefined` without any result. */
  readonly uptime: number | undefined;
  /** Days that the certificate is good for; negative when it is over, `undefined` where there is none. */
  readonly certificateDays: number | undefined;
  /** Mean milliseconds over days with success, each counted by its results. */
  readonly delay: number | undefined;
}

/** Services by id. Days without results are "no data", never failures. */
export function serviceList(overview: ServicesOverview | undefined): ServiceItem[] {
  return Object.entries(overview?.services ?? {})
    .map(([id, service]) => serviceItem(Number(id), service))
    .toSorted((a, b) => a.id - b.id);
}

/** Mean delays day by day; NaN is a day without one, which is a gap in a drawing. */
export function delaysOf(days: readonly Day[]): number[] {
  return days.map(({ delay }) => delay ?? Number.NaN);
}

function serviceItem(id: number, service: ServiceOverview): ServiceItem {
  const days = service.up.map((up, i) => dayOf(up, service.down[i] ?? 0, service.delay[i] ?? 0));
  const total = service.total_up + service.total_down;
  return {
    id,
    name: service.service_name ?? "",
    state: stateOf(service),
    days,
    uptime: total === 0 ? undefined : (service.total_up / total) * 100,
    certificateDays: service.certificate_days_left,
    delay: meanDelay(days),
  };
}

function dayOf(up: number, down: number, delay: number): Day {
  const failed = (down / (up + down)) * 100;
  const kind = up + down === 0 ? "none" : down === 0 ? "fine" : failed < BAD_DAY ? "shaky" : "bad";
  return { kind, up, down, delay: up === 0 || delay === 0 ? undefined : delay };
}

const JUDGED = { good: "up", low: "warn", down: "critical", "no-data": "waiting" } as const;

/** The dashboard's own verdict where it gives one: it knows how many servers have to agree. */
function stateOf({ current_up: up, current_down: down, state }: ServiceOverview): ServiceItem["state"] {
  if (state !== undefined) return JUDGED[state];
  if (up + down === 0) return "waiting";
  if (down === 0) return "up";
  return down >= up ? "critical" : "warn";
}

function meanDelay(days: readonly Day[]): number | undefined {
  let sum = 0;
  let weight = 0;
  for (const { delay, up } of days) {
    if (delay === undefined) continue;
    sum += delay * up;
    weight += up;
  }
  return weight === 0 ? undefined : sum / weight;
}
