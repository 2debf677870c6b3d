import type { Clock } from "@windfire/kit";

/** Servers whose time is kept; more are answered as unknown until they report. */
const MOST_SERVERS = 100_000;
/** After a failure the stored times are asked for again not before this. */
const RETRY_MS = 10_000;

/** When each server last reported, Unix milliseconds: to the 30 seconds of a point from what is stored, exactly once it reports again. */
export interface LastSeen {
  /** Undefined for a server that never reported, and until the stored times have been read. */
  of(serverId: number): number | undefined;
  reported(serverId: number, at: number): void;
  forget(serverId: number): void;
}

/** `read` gives pairs of server and time, flat. It is asked once, and again where it failed. */
export function createLastSeen(deps: { clock: Pick<Clock, "monotonic">; read: () => Promise<Float64Array> }): LastSeen {
  const times = new Map<number, number>();
  /** Servers dropped while the stored times are on their way. */
  const gone = new Set<number>();
  let state: "unread" | "reading" | "read" = "unread";
  let retryAt = Number.NEGATIVE_INFINITY;

  const note = (serverId: number, at: number): void => {
    const known = times.get(serverId);
    if (known === undefined ? times.size < MOST_SERVERS : known < at) times.set(serverId, at);
  };
  const load = async (): Promise<void> => {
    state = "reading";
    try {
      const pairs = await deps.read();
      for (let index = 0; index + 1 < pairs.length; index += 2) {
        const serverId = pairs[index] as number;
        if (!gone.has(serverId)) note(serverId, pairs[index + 1] as number);
      }
      state = "read";
    } catch {
      state = "unread";
      retryAt = deps.clock.monotonic() + RETRY_MS;
    }
    gone.clear();
  };
  const begin = (): void => {
    if (state === "unread" && deps.clock.monotonic() >= retryAt) void load();
  };
  begin();
  return {
    of: (serverId) => {
      begin();
      return times.get(serverId);
    },
    reported: note,
    forget: (serverId) => {
      times.delete(serverId);
      if (state === "reading") gone.add(serverId);
    },
  };
}
