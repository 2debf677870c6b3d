/**
 * Results that a server may send beyond the probes it was given (answers to those before a restart, late ones). Past them only answers to
 * its probes count, so that nobody moves the figures by flooding.
 */
const SPARE_RESULTS = 240;

/** Pairs that are remembered; of more, such as those of servers that are gone, the oldest begin anew. */
const MOST_PAIRS = 200_000;

/** How many results of a server for a service are still taken. */
export function createAllowance() {
  /** Pairs of service and server; those that have all of them are left out. */
  const left = new Map<string, number>();
  const keyOf = (serviceId: number, serverId: number): string => `${serviceId} ${serverId}`;
  return {
    /** One more probe was given to the server. */
    add(serviceId: number, serverId: number): void {
      const key = keyOf(serviceId, serverId);
      const known = left.get(key);
      if (known === undefined) return;
      if (known + 1 >= SPARE_RESULTS) left.delete(key);
      else left.set(key, known + 1);
    },
    /** Takes one; `false` when there is none left. */
    take(serviceId: number, serverId: number): boolean {
      const key = keyOf(serviceId, serverId);
      const known = left.get(key) ?? SPARE_RESULTS;
      if (left.size >= MOST_PAIRS && !left.has(key)) left.delete(left.keys().next().value ?? "");
      if (known > 0) left.set(key, known - 1);
      return known > 0;
    },
    forget(serviceId: number): void {
      for (const key of left.keys()) if (key.startsWith(`${serviceId} `)) left.delete(key);
    },
  };
}
