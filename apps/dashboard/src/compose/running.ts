import { createReadiness, createReload, operationPages } from "#features/operation";
import type { Listener } from "#platform/listener";
import type { Foundation } from "./foundation.ts";
import { logSettings } from "./log-settings.ts";
import type { Some } from "./rooms.ts";

/** What watches over the process asks it. */
export function composeOperationPages(
  { bus, clock, database, history }: Foundation,
  { replicas }: Some<"replicas">,
  { accepting, stopping }: { accepting: () => boolean; stopping: () => boolean },
) {
  const historyStats = (): ReturnType<typeof history.stats> => history.stats();
  return operationPages(
    createReadiness({
      clock,
      probeWrite: () => database.probeWrite(),
      historyStats,
      accepting,
      stopping,
      bus: () => bus.state,
      unheard: () => replicas.neighbours.unheard,
    }),
  );
}

/** What SIGHUP does. */
export function composeReload({ audit, config, database, facts, log, settings }: Foundation, listener: Listener): () => Promise<void> {
  return createReload({
    config,
    settings,
    database,
    audit,
    facts,
    log,
    applyLog: () => log.change(logSettings(config.current)),
    reloadCertificate: () => listener.reloadCertificate(),
  });
}
