import type { ServerAvailability } from "@windfire/api";
import { useMemo } from "react";
import { useApp } from "#shell/app-context.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { parseTime } from "#lib/time-format.ts";
import { browserTimers } from "#wire/browser.ts";
import { createResource } from "#wire/resource.ts";
import type { ChartWindow } from "./chart-data.ts";
import type { Range } from "./ranges.ts";

const REFRESH_MS = 60_000;
export type AvailabilityDays = "1" | "7" | "30" | "90";

/** When a server was there. A Nezha dashboard does not tell: then there is nothing. */
export function useAvailability(id: number, days: AvailabilityDays): ServerAvailability | undefined {
  const { api } = useApp();
  const resource = useMemo(
    () =>
      createResource({
        load: () => api.get<ServerAvailability>(`/server/${id}/availability`, { query: { days } }),
        timers: browserTimers,
        everyMs: REFRESH_MS,
      }),
    [api, id, days],
  );
  return useResource(resource).data;
}

export function daysOf(range: Range): AvailabilityDays {
  if (range === "30d") return "30";
  return range === "7d" ? "7" : "1";
}

/** Times without reports as windows of a chart; one that lasts ends now. */
export function offlineBands(availability: ServerAvailability | undefined, now: number): readonly ChartWindow[] {
  return (availability?.offline ?? []).flatMap(({ from, to }) => {
    const begin = parseTime(from);
    return begin === undefined ? [] : [{ from: begin, to: parseTime(to) ?? now }];
  });
}
