import type { AgentChange, Incident, Period, ServerMetrics } from "@windfire/api";
import { useMemo } from "react";
import { useApp } from "#shell/app-context.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { browserTimers } from "#wire/browser.ts";
import { createResource } from "#wire/resource.ts";
import type { AvailabilityDays } from "../../history/public/use-availability.ts";

const REFRESH_MS = 60_000;
const DAY_MS = 86_400_000;
const MOST_INCIDENTS = "200";

/** How far back restarts are known: as far as single points are kept. */
const PERIODS: Readonly<Record<AvailabilityDays, Period>> = { "1": "1d", "7": "7d", "30": "30d", "90": "30d" };

/** What events are made of beside the times a server was away. */
export interface EventSources {
  /** Seconds that the host had been running, at moments in Unix milliseconds, oldest first. */
  readonly uptime: readonly { readonly ts: number; readonly value: number }[];
  readonly incidents: readonly Incident[];
  readonly changes: readonly AgentChange[];
}

const NONE: EventSources = { uptime: [], incidents: [], changes: [] };

/**
 * What is known beside when a server was away: how long its host ran, and what failed and what became of its agent as far as whoever is
 * signed in may know. Guests see a day of the first, and nothing of the others.
 */
export function useEventSources(id: number, days: AvailabilityDays, guest: boolean): EventSources {
  const { api } = useApp();
  const resource = useMemo(() => {
    const uptime = async () => {
      const period = guest ? "1d" : PERIODS[days];
      const { data_points: points } = await api.get<ServerMetrics>(`/server/${id}/metrics`, { query: { metric: "uptime", period } });
      return points ?? [];
    };
    const incidents = async () => {
      if (guest) return [];
      const since = new Date(Date.now() - Number(days) * DAY_MS).toISOString();
      return api.get<Incident[]>("/incident", { query: { server: String(id), since, limit: MOST_INCIDENTS } });
    };
    const agent = async () => (guest ? [] : api.get<AgentChange[]>(`/server/${id}/agent-changes`, { query: { days } }));
    // One that cannot be had (no history, a Nezha dashboard) leaves the others as they are.
    const read = async (): Promise<EventSources> => {
      const [ran, failed, changes] = await Promise.all([uptime().catch(() => []), incidents().catch(() => []), agent().catch(() => [])]);
      return { uptime: ran, incidents: failed, changes };
    };
    return createResource({ load: read, timers: browserTimers, everyMs: REFRESH_MS });
  }, [api, id, days, guest]);
  return useResource(resource).data ?? NONE;
}
