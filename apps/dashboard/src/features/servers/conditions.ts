import { formatInstant } from "#kernel";
import type { LiveServer } from "./live-server.ts";

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
   * there when `last_active` does not say it.
   */
  members(server: LiveServer): readonly string[];
}

export function createConditions({ now, monotonic, lastSeen, isUnheard }: ConditionDeps): ServerConditions {
  const startedAt = monotonic();
  const seenAt = (server: LiveServer): number => server.lastReport || (lastSeen(server.id) ?? 0);
  const of = (server: LiveServer): ServerCondition => {
    if (server.lastReport === 0) return monotonic() - startedAt < GRACE_MS || seenAt(server) === 0 ? "waiting" : "offline";
    if (now() - server.lastReport > OFFLINE_MS) return isUnheard?.(server.id) === true ? "waiting" : "offline";
    const levels = Object.values(server.load.over);
    return levels.includes("critical") ? "critical" : levels.length > 0 ? "warn" : "up";
  };
  // All servers of a list that nobody reported to yet have one.
  const seenTexts = new WeakMap<LiveServer, { readonly at: number; readonly text: string }>();
  const seenText = (server: LiveServer, at: number): string => {
    const known = seenTexts.get(server);
    if (known?.at === at) return known.text;
    const text = formatInstant(at);
    seenTexts.set(server, { at, text });
    return text;
  };
  return {
    of,
    members(server) {
      const condition = of(server);
      const seen = server.lastActive === 0 ? seenAt(server) : 0;
      const isOver = condition === "warn" || condition === "critical";
      return [
        `"condition":"${condition}"`,
        ...(isOver ? [`"over":${JSON.stringify(server.load.over)}`] : []),
        ...(seen === 0 ? [] : [`"last_seen":"${seenText(server, seen)}"`]),
      ];
    },
  };
}
