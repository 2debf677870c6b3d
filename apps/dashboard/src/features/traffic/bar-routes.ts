import { FleetTraffic, LITERAL_ERRORS, ServerTraffic, TrafficQuery } from "@windfire/api";
import { canViewServer, seesServerInFull } from "#access/policy";
import type { ViewedServer } from "#access/policy";
import { formatInstant, publicScope, refuse, refuseText, scope } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { barsOf } from "./bars.ts";
import type { Bar, ReadFleetHours, ReadHours } from "./bars.ts";
import type { TrafficCorrections } from "./correction-room.ts";
import type { Traffic } from "./meter.ts";
import type { SignedTraffic } from "./total.ts";

export interface TrafficBarDeps {
  readonly readHours: ReadHours;
  readonly readFleetHours: ReadFleetHours;
  readonly corrections: Pick<TrafficCorrections, "within">;
  readonly servers: { get(id: number): MeteredServer | undefined; list(): readonly MeteredServer[] };
  /** Days of the zone. */
  readonly calendar: { dayOf(instant: number): number; startOf(day: number): number };
  /** The full hour before an instant, by clocks of the zone. */
  readonly startOfHour: (instant: number) => number;
  readonly zone: string;
  readonly now: () => number;
}

interface MeteredServer {
  readonly id: number;
  readonly settings: ViewedServer;
  readonly traffic: { readonly unbooked: Traffic };
}

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** What servers moved, by hours and days. Guests see a day of it, as of every other figure that is stored (spec 10 section 13.4). */
export function trafficBarRoutes(deps: TrafficBarDeps): AnyRoute[] {
  const { readHours, readFleetHours, corrections, servers, calendar, startOfHour, zone, now } = deps;
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
        const beside = {
          unbooked: unbookedOf([server]),
          corrections: (from: number, until: number) => corrections.within({ serverId: id, from, until }),
        };
        return {
          server_id: id,
          days,
          step: days === 1 ? ("hour" as const) : ("day" as const),
          zone,
          since: since === undefined ? null : formatInstant(since),
          bars: barsOf(starts, hours, beside, now()).map(shown),
        };
      },
    }),
    route({
      method: "GET",
      path: "/traffic/hours",
      access: scope("nezha:server:read"),
      summary: "What the servers that the caller manages, or reads as a viewer, moved together in the last 24 hours",
      tag: "traffic",
      data: FleetTraffic,
      async run({ caller }) {
        const fleet = servers.list().filter(({ settings }) => seesServerInFull(caller, settings));
        const starts = startsOf(1);
        const ids = fleet.map(({ id }) => id);
        const hours = await readFleetHours(ids, starts[0] ?? now());
        const unbooked = unbookedOf(fleet);
        const isMoving = unbooked.in + unbooked.out > 0n;
        const corrected = ids.filter((serverId) => {
          const entered = corrections.within({ serverId, from: starts[0] ?? 0, until: now() });
          return entered.in !== 0n || entered.out !== 0n;
        });
        const since = hours[0]?.from ?? (isMoving ? starts.at(-1) : undefined);
        const beside = {
          unbooked,
          corrections: (from: number, until: number) => sumOf(corrected.map((serverId) => corrections.within({ serverId, from, until }))),
        };
        return {
          zone,
          since: since === undefined ? null : formatInstant(since),
          bars: barsOf(starts, hours, beside, now()).map(shown),
        };
      },
    }),
  ];
}

const shown = (bar: Bar) => ({ ...bar, from: formatInstant(bar.from) });

const unbookedOf = (servers: readonly MeteredServer[]): SignedTraffic =>
  sumOf(servers.map(({ traffic: { unbooked } }) => ({ in: BigInt(unbooked.in), out: BigInt(unbooked.out) })));

function sumOf(parts: readonly SignedTraffic[]): SignedTraffic {
  return parts.reduce((sum, part) => ({ in: sum.in + part.in, out: sum.out + part.out }), { in: 0n, out: 0n });
}
