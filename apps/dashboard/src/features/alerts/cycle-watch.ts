import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Uint64 } from "@windfire/protocol";
import { cycleWindow, forecast } from "#features/traffic";
import type { CycleTraffic, CycleWindow } from "#features/traffic";
import type { AlertCoverage } from "./coverage.ts";
import type { Verdict } from "./engine.ts";
import { conditionsOf, goodCycles } from "./model.ts";
import type { AlertCondition, AlertRule } from "./model.ts";
import { createTrafficLook, isFresh, LONGEST_SECONDS } from "./traffic-look.ts";
import type { Look, TrafficLookDeps } from "./traffic-look.ts";

/** Servers that a condition covers are listed anew this often: which they are may change without anybody saying so. */
const LISTING_MS = 30_000;

export interface CycleWatchDeps extends TrafficLookDeps {
  readonly alerts: { list(): readonly AlertRule[] };
  readonly coverage: Pick<AlertCoverage, "servers" | "covers">;
  readonly cycleTraffic: Pick<CycleTraffic, "record">;
  /** Hears why a look at a server failed. */
  readonly onError: (error: unknown) => void;
}

/** What is known of a condition. Saving a rule makes new conditions, and with them new looks. */
interface Watched {
  /** For showing, also of servers that are away. */
  readonly looks: Map<number, Look>;
  /** For judging, after a report of the server. */
  readonly judged: Map<number, Look>;
  /** When the covered servers were listed last, and when the first of the looks is due; Unix milliseconds. */
  listedAt: number;
  dueAt: number;
}

type Found = Look & { readonly bytes: Uint64 };

/** Looks at the traffic of running cycles (spec 30 sections 2.6 and 2.7). */
export interface CycleWatch {
  /** Looks at every server whose time has come, for showing alone. @throws the first failure of the database, after all other looks */
  evaluate(): Promise<void>;
  /** The verdict of the last look that a report gave rise to, `undefined` when another one is due. */
  verdict(condition: AlertCondition, serverId: number): Verdict | undefined;
  /** What that look held against the bounds; `undefined` when there was none. */
  figure(condition: AlertCondition, serverId: number): Uint64 | undefined;
  /** The traffic of a server is another than it was when it was looked at. */
  lookAgain(serverId: number): void;
  /** Looks because of a report: `U` when the traffic cannot be read; nothing is remembered then. */
  judge(rule: AlertRule, condition: AlertCondition, serverId: number): Promise<Verdict>;
}

const lookOf = ({ failed, at, nextAt, figure }: Found): Look => ({ failed, at, nextAt, figure });

export function createCycleWatch(deps: CycleWatchDeps): CycleWatch {
  const watched = new WeakMap<AlertCondition, Watched>();
  const look = createTrafficLook(deps);

  const known = (condition: AlertCondition): Watched => {
    const found = watched.get(condition) ?? { looks: new Map(), judged: new Map(), listedAt: -LISTING_MS, dueAt: 0 };
    watched.set(condition, found);
    return found;
  };
  const show = (rule: AlertRule, condition: AlertCondition, window: CycleWindow, serverId: number, found: Found): void => {
    known(condition).looks.set(serverId, lookOf(found));
    const server = deps.servers.get(serverId);
    if (goodCycles(rule, deps.now())[0] !== condition || !server) return;
    deps.cycleTraffic.record(rule.id, { name: rule.name, ...window, min: condition.min, max: condition.max }, serverId, {
      serverName: server.settings.name,
      bytes: found.bytes,
      forecast: forecast(found.bytes, { ...window, now: deps.now() }),
      nextUpdate: found.nextAt,
    });
  };

  const evaluateCondition = async (rule: AlertRule, condition: AlertCondition, window: CycleWindow): Promise<void> => {
    const now = deps.now();
    const of = known(condition);
    if (now < of.dueAt && now >= of.listedAt && now < of.listedAt + LISTING_MS) return;
    const covered = new Set([...deps.coverage.servers(rule)].filter((id) => deps.coverage.covers(condition, id)));
    for (const looks of [of.looks, of.judged]) for (const id of looks.keys()) if (!covered.has(id)) looks.delete(id);
    for (const id of covered) {
      const last = of.looks.get(id);
      if (last && isFresh(last, now)) continue;
      const found = await look(condition, window, id);
      if (found) show(rule, condition, window, id, found);
      await yieldToOthers();
    }
    of.listedAt = now;
    of.dueAt = Math.min(...[...of.looks.values()].map(({ nextAt }) => nextAt), now + LONGEST_SECONDS * 1000);
  };

  return {
    async evaluate() {
      const now = deps.now();
      const failures: unknown[] = [];
      for (const rule of deps.alerts.list().filter(({ enable }) => enable)) {
        for (const condition of goodCycles(rule, now)) {
          const window = cycleWindow(condition, now);
          if (window) await evaluateCondition(rule, condition, window).catch((error: unknown) => failures.push(error));
        }
      }
      if (failures.length > 0) throw failures[0];
    },
    verdict(condition, serverId) {
      const last = watched.get(condition)?.judged.get(serverId);
      if (last === undefined || !isFresh(last, deps.now())) return undefined;
      return last.failed ? "F" : "P";
    },
    figure: (condition, serverId) => watched.get(condition)?.judged.get(serverId)?.figure,
    lookAgain(serverId) {
      for (const condition of deps.alerts.list().flatMap(conditionsOf)) {
        const of = watched.get(condition);
        of?.looks.delete(serverId);
        of?.judged.delete(serverId);
        if (of) of.dueAt = 0;
      }
    },
    async judge(rule, condition, serverId) {
      try {
        const window = cycleWindow(condition, deps.now());
        const found = window && (await look(condition, window, serverId));
        if (!found) return "U";
        known(condition).judged.set(serverId, lookOf(found));
        show(rule, condition, window, serverId, found);
        return found.failed ? "F" : "P";
      } catch (error) {
        deps.onError(error);
        return "U";
      }
    },
  };
}
