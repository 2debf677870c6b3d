import { Availability as AvailabilityJson, AvailabilityQuery, ServerAvailability } from "@windfire/api";
import { z } from "zod";
import { canViewServer } from "#access/policy";
import type { LiveServer } from "#features/servers";
import { formatInstant, publicScope, refuse } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { AvailabilityAnswers } from "./answers.ts";
import { percentOf } from "./model.ts";
import type { Shares, Span } from "./model.ts";

export interface AvailabilityRouteDeps {
  readonly answers: Pick<AvailabilityAnswers, "of" | "server">;
  readonly servers: { get(id: number): LiveServer | undefined; list(): readonly LiveServer[] };
  readonly now: () => number;
}

const tag = "server";
const DAY_MS = 86_400_000;
/** Times that are shown of one server. */
const MOST_TIMES = 200;
/** What was read of all servers is shown to everybody for so long: guests may ask as often as they like. */
const SHARED_MS = 30_000;

type Days = AvailabilityJson["days"];
type Records = { readonly at: number; readonly whole: Span; readonly found: Promise<Map<number, Shares>> };

/** How much servers were there. Ours: the reference keeps no record. */
export function availabilityRoutes({ answers, servers, now }: AvailabilityRouteDeps): AnyRoute[] {
  const shared = new Map<Days, Records>();
  const lastDays = (days: Days): Span => ({ from: now() - days * DAY_MS, to: now() });
  const readAll = (days: Days): Records => {
    const known = shared.get(days);
    if (known && Math.abs(now() - known.at) < SHARED_MS) return known;
    const whole = lastDays(days);
    const found = answers.of(
      servers.list().map(({ id }) => id),
      whole.from,
      whole.to,
    );
    const fresh: Records = { at: now(), whole, found };
    shared.set(days, fresh);
    found.catch(() => shared.delete(days));
    return fresh;
  };
  const access = publicScope("nezha:server:read");
  return [
    route({
      method: "GET",
      path: "/availability",
      access,
      summary: "How much servers were there",
      tag,
      query: AvailabilityQuery,
      data: z.array(AvailabilityJson),
      async run({ caller, query }) {
        const days = daysOf(query.days);
        const { whole, found } = readAll(days);
        const records = await found;
        return servers.list().flatMap((server) => {
          const shares = records.get(server.id);
          return shares && canViewServer(caller, server.settings) ? [shown(server.id, days, whole, shares)] : [];
        });
      },
    }),
    route({
      method: "GET",
      path: "/server/:id/availability",
      access,
      summary: "How much a server was there, by day, and when it was away",
      tag,
      params: idParams,
      query: AvailabilityQuery,
      data: ServerAvailability,
      async run({ caller, params: { id }, query }) {
        const server = servers.get(id);
        if (!server || !canViewServer(caller, server.settings)) throw refuse("server not found");
        const days = daysOf(query.days);
        const whole = lastDays(days);
        const record = await answers.server(id, whole);
        return {
          ...shown(id, days, whole, record),
          by_day: record.byDay.map(({ day, ...shares }) => ({ day: dateOf(day), ...secondsOf(shares) })),
          offline: shownTimes(record.offline, whole),
          planned: shownTimes(record.work, whole),
        };
      },
    }),
  ];
}

function daysOf(text: z.output<typeof AvailabilityQuery>["days"]): Days {
  const days = { 1: 1, 7: 7, 30: 30, 90: 90 } as const;
  return days[text];
}

/** Whether it lasts: it goes up to the moment that was asked for. */
export function shownTime({ from, to }: Span, until: number): { from: string; to?: string } {
  return { from: formatInstant(from), ...(to >= until ? {} : { to: formatInstant(to) }) };
}

function shownTimes(spans: readonly Span[], { from, to }: Span): { from: string; to?: string }[] {
  const within = spans.filter((span) => span.to > from && span.from < to);
  return within
    .toReversed()
    .slice(0, MOST_TIMES)
    .map((span) => shownTime(span, to));
}

function shown(serverId: number, days: Days, { from, to }: Span, shares: Shares): AvailabilityJson {
  const whole = { from: formatInstant(from), to: formatInstant(to) };
  return { server_id: serverId, days, ...whole, ...secondsOf(shares), percent: percentOf(shares) ?? null };
}

function secondsOf({ onlineMs, offlineMs, unknownMs, plannedMs }: Shares) {
  const seconds = (ms: number): number => Math.round(ms / 1000);
  return {
    online_seconds: seconds(onlineMs),
    offline_seconds: seconds(offlineMs),
    unknown_seconds: seconds(unknownMs),
    planned_seconds: seconds(plannedMs),
  };
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
