const LIFETIME_MS = 24 * 3_600_000;
/** Runs of one cron on one server whose results may be outstanding together; the oldest goes. */
const PER_PAIR = 100;

/**
 * Leave to report a result, for crons that run on whichever server raised an alert: one for each command sent, used up by its result, void
 * after a day or when the cron changes (spec 30 section 4.4).
 */
export interface ResultPermits {
  /** `sentAt`: when the command is sent, or was by an earlier process; Unix milliseconds. */
  reserve(cronId: number, serverId: number, sentAt: number): void;
  /** Takes back the one reserved last: the command could not be sent. */
  revoke(cronId: number, serverId: number): void;
  /** Whether there was one; it is gone then. */
  consume(cronId: number, serverId: number): boolean;
  forgetCrons(cronIds: readonly number[]): void;
  forgetServers(serverIds: readonly number[]): void;
}

export function createResultPermits(deps: { readonly now: () => number }): ResultPermits {
  /** Cron id → server id → ends of lifetimes, Unix milliseconds, oldest first. */
  const ends = new Map<number, Map<number, number[]>>();

  const live = (cronId: number, serverId: number): number[] => {
    const now = deps.now();
    return (ends.get(cronId)?.get(serverId) ?? []).filter((end) => end > now);
  };
  const put = (cronId: number, serverId: number, list: readonly number[]): void => {
    const servers = ends.get(cronId) ?? new Map<number, number[]>();
    if (list.length > 0) servers.set(serverId, [...list]);
    else servers.delete(serverId);
    if (servers.size > 0) ends.set(cronId, servers);
    else ends.delete(cronId);
  };
  return {
    reserve: (cronId, serverId, sentAt) => put(cronId, serverId, [...live(cronId, serverId), sentAt + LIFETIME_MS].slice(-PER_PAIR)),
    revoke: (cronId, serverId) => put(cronId, serverId, live(cronId, serverId).slice(0, -1)),
    consume(cronId, serverId) {
      const [first, ...rest] = live(cronId, serverId);
      put(cronId, serverId, rest);
      return first !== undefined;
    },
    forgetCrons(cronIds) {
      for (const id of cronIds) ends.delete(id);
    },
    forgetServers(serverIds) {
      for (const cronId of Array.from(ends.keys())) for (const id of serverIds) put(cronId, id, []);
    },
  };
}
