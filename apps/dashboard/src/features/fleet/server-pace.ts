/** Agents look for their addresses every 30 seconds at most (spec 21 section 2), and no host starts more often. */
const PERIOD_MS = 30_000;
/** So many at once are a network that settles, or a host that cannot make up its mind. */
const BURST = 10;

/**
 * How often something may happen to each server that others have to bear: moves to another address are told to people and to name servers,
 * starts become rows. An agent that invents them would fill channels and tables.
 */
export interface ServerPace {
  /** `false`: not now. */
  take(serverId: number): boolean;
  forget(serverId: number): void;
}

export interface ServerPaceOptions {
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
  /** One in so many milliseconds, on average. */
  readonly periodMs?: number;
  /** So many at once. */
  readonly burst?: number;
}

export function createServerPace({ monotonic, periodMs = PERIOD_MS, burst = BURST }: ServerPaceOptions): ServerPace {
  /** When what happened to each server would be over at the regular pace. */
  const over = new Map<number, number>();
  return {
    take(serverId) {
      const now = monotonic();
      const from = Math.max(over.get(serverId) ?? now, now);
      if (from - now > (burst - 1) * periodMs) return false;
      over.set(serverId, from + periodMs);
      return true;
    },
    forget: (serverId) => void over.delete(serverId),
  };
}
