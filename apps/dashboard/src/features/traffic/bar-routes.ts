import { LITERAL_ERRORS, ServerTraffic, TrafficQuery } from "@windfire/api";
import { canViewServer } from "#access/policy";
import type { ViewedServer } from "#access/policy";
import { formatInstant, publicScope, refuse, refuseText } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { barsOf } from "./bars.ts";
import type { ReadHours } from "./bars.ts";
import type { TrafficCorrections } from "./correction-room.ts";
import type { Traffic } from "./meter.ts";

export interface TrafficBarDeps {
  readonly readHours: ReadHours;
  readonly corrections: Pick<TrafficCorrections, "within">;
  readonly servers: { get(id: number): { readonly settings: ViewedServer; readonly traffic: { readonly unbooked: Traffic } } | undefined };
  /** Days of the zone. */
  readonly calendar: { dayOf(instant: number): number; startOf(day: number): number };
  /** The full hour before an instant, by clocks of the zone. */
  readonly startOfHour: (instant: number) => number;
  readonly zone: string;
  readonly now: () => number;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** What servers moved, by hours and days. Guests see a day of it, as of every other figure that is stored (spec 10 section 13.4). */
export function trafficBarRoutes({ readHours, corrections, servers, calendar, startOfHour, zone, now }: TrafficBarDeps): AnyRoute[] {
  const startsOf = (days: number): number[] => {
    if (days === 1) return Array.from({ length: HOURS }, (_none, at) => startOfHour(now()) - (HOURS - 1 - at) * HOUR_MS);
    const today = calendar.dayOf(now());
    return Array.from({ length: days }, (_none, at) => calendar.startOf(today - (days - 1 - at)));
  };
  return [
    route({
      method: "GET",
      path: "/server/:id/traffic",
      access: publicScope("nezha:server:read"),
      summary: "What a server sent and received, by the hour or by the day; guests may ask for one day",
      tag: "traffic",
      params: idParams,
      query: TrafficQuery,
      data: ServerTraffic,
      async run({ caller, params: { id }, query: { days } }) {
        const server = servers.get(id);
        if (!server || !canViewServer(caller, server.settings)) throw refuse("server not found");
        if (days !== 1 && caller.kind === "guest") throw refuseText(LITERAL_ERRORS.guestPeriod);
        const starts = startsOf(days);
        const { hours, since } = await readHours(id, starts[0] ?? now());
        const { in: inbound, out } = server.traffic.unbooked;
        const beside = {
          unbooked: { in: BigInt(inbound), out: BigInt(out) },
          corrections: (from: number, until: number) => corrections.within({ serverId: id, from, until }),
        };
        return {
          server_id: id,
          days,
          step: days === 1 ? ("hour" as const) : ("day" as const),
          zone,
          since: since === undefined ? null : formatInstant(since),
          bars: barsOf(starts, hours, beside, now()).map((bar) => ({ ...bar, from: formatInstant(bar.from) })),
        };
      },
    }),
  ];
}
