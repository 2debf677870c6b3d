import type { Probing } from "./probing.ts";
import type { ProbeResults } from "./results.ts";
import type { ServiceStatistics } from "./statistics.ts";
import type { ServiceRecords } from "./store.ts";

/** What rows of services are followed for: who is probed, and what is known of those that are gone. */
export function followServices(deps: {
  readonly services: Pick<ServiceRecords, "list" | "subscribe">;
  readonly probing: Pick<Probing, "set" | "setAll" | "remove">;
  readonly results: Pick<ProbeResults, "forget">;
  readonly statistics: Pick<ServiceStatistics, "remove">;
}): { start(): void } {
  const { services, probing } = deps;
  let probes = false;
  services.subscribe({
    changed({ key, after }) {
      if (after && probes) probing.set(after);
      if (after) return;
      probing.remove([key]);
      deps.results.forget([key]);
      deps.statistics.remove([key]);
    },
    reloaded(all) {
      if (probes) probing.setAll(all);
    },
  });
  return {
    start() {
      probes = true;
      probing.setAll(services.list());
    },
  };
}
