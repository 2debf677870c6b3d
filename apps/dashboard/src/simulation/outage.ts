/** When agents reported and left, as it really was. */
export interface Outage {
  reported(serverId: number): void;
  left(serverId: number): void;
  /** Whether a server was away at a moment: it had left, or its last report was too old to stand for anything. */
  isAway(serverId: number, at: number): boolean;
}

const STANDS_MS = 6_000;

interface AgentEvent {
  readonly at: number;
  readonly left: boolean;
}

/** See {@link Outage}. */
export function createOutage(now: () => number, standsMs = STANDS_MS): Outage {
  const events = new Map<number, AgentEvent[]>();
  const add = (serverId: number, left: boolean): void => {
    const known = events.get(serverId) ?? [];
    known.push({ at: now(), left });
    events.set(serverId, known);
  };
  const isAwayAfter = (last: AgentEvent | undefined, at: number): boolean => last === undefined || last.left || at - last.at > standsMs;
  return {
    reported: (serverId) => add(serverId, false),
    left: (serverId) => add(serverId, true),
    isAway(serverId, at) {
      const known = events.get(serverId) ?? [];
      // What happened in the same moment may have been before or after.
      const before = known.findLast((event) => event.at < at);
      const upTo = known.findLast((event) => event.at <= at);
      return isAwayAfter(before, at) && isAwayAfter(upTo, at);
    },
  };
}
