import type { Registry } from "prom-client";

/**
 * Figures of the process in text: processor, memory, event-loop lag, garbage collection. The library is loaded, and begins to watch, when
 * they are first asked for.
 */
export function createProcessFigures(): () => Promise<string> {
  let registry: Promise<Registry> | undefined;
  const watch = async (): Promise<Registry> => {
    const { collectDefaultMetrics, Registry: NewRegistry } = await import("prom-client");
    const made = new NewRegistry();
    collectDefaultMetrics({ register: made });
    return made;
  };
  return async () => (await (registry ??= watch())).metrics();
}
