import type { LiveServer } from "#features/servers";
import type { AlertCoverage } from "./coverage.ts";
import type { CycleTraffic } from "./cycle-traffic.ts";
import { cycleWindow } from "./cycle-window.ts";
import type { CycleWindow } from "./cycle-window.ts";
import type { AlertDirectory } from "./directory.ts";
import { isCycle } from "./model.ts";
import type { AlertCondition, AlertRule } from "./model.ts";
import type { Traffic, TrafficSums } from "./traffic-sums.ts";

/** Seconds until the next look at a server that has used nothing, and at one that is near the limit or over it. */
const LONGEST_SECONDS = 1800;
const SHORTEST_SECONDS = 180;

export interface CycleWatchDeps {
  readonly alerts: Pick<AlertDirectory, "list">;
  readonly coverage: Pick<AlertCoverage, "servers" | "covers">;
  readonly servers: { get(id: number): (Pick<LiveServer, "trafficDelta"> & { readonly settings: { readonly name: string } }) | undefined };
  readonly sums: TrafficSums;
  readonly cycleTraffic: Pick<CycleTraffic, "record">;
  readonly now: () => number;
}

/** The last look at one server. */
interface Look {
  readonly failed: boolean;
  /** Unix milliseconds. */
  readonly nextAt: number;
}

/** Looks at the traffic of running cycles (spec 30 section 2.6). */
export interface CycleWatch {
  /** Looks at every server whose time has come. */
  evaluate(): Promise<void>;
  /** Whether a server was over or under its bounds at the last look; `undefined` before the first. */
  failed(condition: AlertCondition, serverId: number): boolean | undefined;
}

export function createCycleWatch(deps: CycleWatchDeps): CycleWatch {
  // Saving a rule makes new conditions, and with them new looks.
  const looks = new WeakMap<AlertCondition, Map<number, Look>>();

  const coveredServers = (rule: AlertRule, condition: AlertCondition): number[] =>
    [...deps.coverage.servers(rule)].filter((id) => deps.coverage.covers(condition, id));

  const evaluateCondition = async (rule: AlertRule, condition: AlertCondition, window: CycleWindow, shown: boolean): Promise<void> => {
    const now = deps.now();
    const known = looks.get(condition) ?? new Map<number, Look>();
    const covered = coveredServers(rule, condition);
    const due = covered.filter((id) => (known.get(id)?.nextAt ?? 0) <= now);
    if (due.length === 0) return;
    const sums = await deps.sums.since(window.fromMs);
    for (const id of due) {
      const server = deps.servers.get(id);
      if (!server) continue;
      const { in: liveIn, out: liveOut } = server.trafficDelta();
      const bytes = bytesOf(condition, sums.get(id), { in: Number(liveIn), out: Number(liveOut) });
      const nextAt = Math.min(now + secondsToNext(condition.max, bytes) * 1000, window.toMs);
      known.set(id, { failed: isOutside(condition, bytes), nextAt });
      if (shown)
        deps.cycleTraffic.record(rule.id, { name: rule.name, ...window, min: condition.min, max: condition.max }, id, {
          serverName: server.settings.name,
          bytes,
          nextUpdate: nextAt,
        });
    }
    const left = new Set(covered);
    for (const id of known.keys()) if (!left.has(id)) known.delete(id);
    looks.set(condition, known);
  };

  return {
    async evaluate() {
      const now = deps.now();
      const starts = new Set<number>();
      for (const rule of deps.alerts.list().filter(({ enable }) => enable)) {
        const conditions = (rule.rules ?? []).filter(isCycle);
        for (const [index, condition] of conditions.entries()) {
          const window = cycleWindow(condition, now);
          if (!window) continue;
          starts.add(window.fromMs);
          await evaluateCondition(rule, condition, window, index === 0);
        }
      }
      deps.sums.keep(starts);
    },
    failed: (condition, serverId) => looks.get(condition)?.get(serverId)?.failed,
  };
}

/** Recorded traffic and what is not recorded yet, in the direction of the condition's type. */
function bytesOf({ type }: AlertCondition, recorded: Traffic = { in: 0, out: 0 }, live: Traffic): number {
  const inbound = recorded.in + live.in;
  const outbound = recorded.out + live.out;
  switch (type) {
    case "transfer_in_cycle":
      return inbound;
    case "transfer_out_cycle":
      return outbound;
    case "transfer_all_cycle":
      return inbound + outbound;
    default:
      return 0;
  }
}

function isOutside({ min, max }: AlertCondition, value: number): boolean {
  return (max > 0 && value > max) || (min > 0 && value < min);
}

function secondsToNext(max: number, bytes: number): number {
  return max > 0 ? Math.max(Math.trunc((LONGEST_SECONDS * (max - bytes)) / max), SHORTEST_SECONDS) : SHORTEST_SECONDS;
}
