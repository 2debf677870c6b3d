import type { ServerTraffic } from "@windfire/api";
import { useMemo } from "react";
import { useApp } from "#shell/app-context.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { browserTimers } from "#wire/browser.ts";
import { createResource } from "#wire/resource.ts";
import type { ResourceState } from "#wire/resource.ts";

const REFRESH_MS = 60_000;

/** What a server moved in so many days, by the hour or by the day. A Nezha dashboard does not tell: then there is an error. */
export function useTraffic(id: number, days: number): ResourceState<ServerTraffic> {
  const { api } = useApp();
  const resource = useMemo(
    () =>
      createResource({
        load: () => api.get<ServerTraffic>(`/server/${id}/traffic`, { query: { days: String(days) } }),
        timers: browserTimers,
        everyMs: REFRESH_MS,
      }),
    [api, id, days],
  );
  return useResource(resource);
}
