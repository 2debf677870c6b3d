import { setImmediate as yieldToOthers } from "node:timers/promises";
import { plus } from "@windfire/protocol";
import type { Uint64 } from "@windfire/protocol";
import type { LiveServer, Traffic } from "#features/servers";
import type { AlertCoverage } from "./coverage.ts";
import type { CycleTraffic } from "./cycle-traffic.ts";
import { cycleWindow } from "./cycle-window.ts";
import type { CycleWindow } from "./cycle-window.ts";
import type { AlertDirectory } from "./directory.ts";
import { goodCycles } from "./model.ts";
import type { AlertCondition, AlertRule } from "./model.ts";
import type { TrafficSums } from "./traffic-sums.ts";

/** Seconds until the next look at a server that has used nothing, and at one that is near the limit or over it. */
const LONGEST_SECONDS = 1800;
const SHORTEST_SECONDS = 180;
/** Servers that a condition covers are listed anew this often: which they are may change without anybody saying so. */
const LISTING_MS = 30_000;

export interface CycleWatchDeps {
  readonly alerts: Pick<AlertDirectory, "list">;
  readonly coverage: Pick<AlertCoverage, "servers" | "covers">;
  readonly servers: {
    get(
      id: number,
    ): { readonly traffic: Pick<LiveServer["traffic"], "unbooked">; readonly settings: { readonly name: string } } | undefined;
  };
  readonly sums: TrafficSums;
  /** Runs a read while no traffic moves from the counters to the table. */
  readonly undisturbed: <T>(read: () => Promise<T>) => Promise<T>;
  readonly cycleTraffic: Pick<CycleTraffic, "record">;
  readonly now: () => number;
}

/** The last look at one server. */
interface Look {
  readonly failed: boolean;
  /** Unix milliseconds. */
  readonly nextAt: number;
}

/** What is known of a condition. Saving a rule makes new conditions, and with them new looks. */
interface Watched {
  readonly looks: Map<number, Look>;
  /** When the covered servers were listed last, and when the first of the looks is due; Unix milliseconds. */
  listedAt: number;
  dueAt: number;
}

/** Looks at the traffic of running cycles (spec 30 section 2.6). */
export interface CycleWatch {
  /** Looks at every server whose time has come. @throws the first failure of the database, after all other looks */
  evaluate(): Promise<void>;
  /** Whether a server was over or under its bounds at the last look; `undefined` before the first. */
  failed(condition: AlertCondition, serverId: number): boolean | undefined;
}

export function createCycleWatch(deps: CycleWatchDeps): CycleWatch {
  const watched = new WeakMap<AlertCondition, Watched>();

  const look = async (
    condition: AlertCondition,
    window: CycleWindow,
    serverId: number,
  ): Promise<(Look & { bytes: Uint64 }) | undefined> => {
    const now = deps.now();
    const read = async (): Promise<Uint64 | undefined> => {
      const recorded = await deps.sums({ serverId, from: window.fromMs, until: Math.min(now, window.toMs - 1) });
      const live = deps.servers.get(serverId)?.traffic.unbooked;
      return live && bytesOf(condition, recorded, live);
    };
    const bytes = await deps.undisturbed(read);
    if (bytes === undefined) return undefined;
    const nextAt = Math.min(now + secondsToNext(condition, Number(bytes)) * 1000, window.toMs);
    return { failed: isOutside(condition, bytes), nextAt, bytes };
  };

  const evaluateCondition = async (rule: AlertRule, condition: AlertCondition, window: CycleWindow, shown: boolean): Promise<void> => {
    const now = deps.now();
    const known = watched.get(condition) ?? { looks: new Map<number, Look>(), listedAt: -LISTING_MS, dueAt: 0 };
    watched.set(condition, known);
    if (now < known.dueAt && now >= known.listedAt && now < known.listedAt + LISTING_MS) return;
    const covered = new Set([...deps.coverage.servers(rule)].filter((id) => deps.coverage.covers(condition, id)));
    for (const id of known.looks.keys()) if (!covered.has(id)) known.looks.delete(id);
    for (const id of covered) {
      if ((known.looks.get(id)?.nextAt ?? 0) > now) continue;
      const found = await look(condition, window, id);
      if (!found) continue;
      known.looks.set(id, { failed: found.failed, nextAt: found.nextAt });
      const server = deps.servers.get(id);
      if (shown && server)
        deps.cycleTraffic.record(rule.id, { name: rule.name, ...window, min: condition.min, max: condition.max }, id, {
          serverName: server.settings.name,
          bytes: found.bytes,
          nextUpdate: found.nextAt,
        });
      await yieldToOthers();
    }
    known.listedAt = now;
    known.dueAt = Math.min(...[...known.looks.values()].map(({ nextAt }) => nextAt), now + LONGEST_SECONDS * 1000);
  };

  return {
    async evaluate() {
      const now = deps.now();
      const failures: unknown[] = [];
      for (const rule of deps.alerts.list().filter(({ enable }) => enable)) {
        for (const [index, condition] of goodCycles(rule, now).entries()) {
          const window = cycleWindow(condition, now);
          if (window) await evaluateCondition(rule, condition, window, index === 0).catch((error: unknown) => failures.push(error));
        }
      }
      if (failures.length > 0) throw failures[0];
    },
    failed: (condition, serverId) => watched.get(condition)?.looks.get(serverId)?.failed,
  };
}

/** Recorded traffic and what is not recorded yet, in the direction of the condition's type. */
function bytesOf({ type }: AlertCondition, recorded: Traffic, live: Traffic): Uint64 {
  const inbound = plus(recorded.in, live.in);
  const outbound = plus(recorded.out, live.out);
  if (type === "transfer_in_cycle") return inbound;
  return type === "transfer_out_cycle" ? outbound : plus(inbound, outbound);
}

function isOutside({ min, max }: AlertCondition, value: Uint64): boolean {
  return (max > 0 && value > max) || (min > 0 && value < min);
}

function secondsToNext({ min, max }: AlertCondition, bytes: number): number {
  if (max > 0) return Math.max(Math.trunc((LONGEST_SECONDS * (max - bytes)) / max), SHORTEST_SECONDS);
  return min > 0 ? LONGEST_SECONDS : SHORTEST_SECONDS;
}
