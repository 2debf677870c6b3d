import { formatInstant } from "#kernel";
import type { LiveServer } from "./live-server.ts";
import type { LoadWatch } from "./load-watch.ts";

/**
 * What a server is like now, in the order of getting worse. `waiting`: it has not reported since this process started, and either the
 * start is a moment ago or it was never seen at all, or the process that has its agent cannot be heard; waiting is neither up nor an
 * outage.
 */
export type ServerCondition = "up" | "waiting" | "warn" | "critical" | "offline";

/** Agents report every few seconds; none for so long is an outage. */
const OFFLINE_MS = 30_000;
/** So long after a start agents may come back without having been away. */
const GRACE_MS = 60_000;

export interface ConditionDeps {
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
  /** When a server last reported, also before this process started; Unix milliseconds. */
  readonly lastSeen: (serverId: number) => number | undefined;
  /** Its agent is with another process that cannot be heard: nobody knows how it is. */
  readonly isUnheard?: ((serverId: number) => boolean) | undefined;
}

export interface ServerConditions {
  of(server: LiveServer): ServerCondition;
  /**
   * Members for a server's JSON: `"condition":"offline"`, `"last_seen":"…"`. `over` names the figures that are over a limit, `last_seen` is
   * there when `last_active` does not say it. The same list until one of them changes.
   */
  members(server: LiveServer): readonly string[];
}

export function createConditions({ now, monotonic, lastSeen, isUnheard }: ConditionDeps): ServerConditions {
  const startedAt = monotonic();
  const seenAt = (server: LiveServer): number => server.lastReport || (lastSeen(server.id) ?? 0);
  const of = (server: LiveServer): ServerCondition => {
    if (server.lastReport === 0) return monotonic() - startedAt < GRACE_MS || seenAt(server) === 0 ? "waiting" : "offline";
    if (now() - server.lastReport > OFFLINE_MS) return isUnheard?.(server.id) === true ? "waiting" : "offline";
    return server.load.worst ?? "up";
  };
  const kept = new WeakMap<LiveServer, Kept>();
  return {
    of,
    members(server) {
      const condition = of(server);
      const { over } = server.load;
      const seen = server.lastActive === 0 ? seenAt(server) : 0;
      const known = kept.get(server);
      if (known !== undefined && known.condition === condition && known.over === over && known.seen === seen) return known.members;
      const members = membersOf(condition, over, seen);
      kept.set(server, { condition, over, seen, members });
      return members;
    },
  };
}

/** Members and what they were made of. */
interface Kept {
  readonly condition: ServerCondition;
  readonly over: LoadWatch["over"];
  readonly seen: number;
  readonly members: readonly string[];
}

function membersOf(condition: ServerCondition, over: LoadWatch["over"], seen: number): readonly string[] {
  const isOver = condition === "warn" || condition === "critical";
  return [
    `"condition":"${condition}"`,
    ...(isOver ? [`"over":${JSON.stringify(over)}`] : []),
    ...(seen === 0 ? [] : [`"last_seen":"${formatInstant(seen)}"`]),
  ];
}
