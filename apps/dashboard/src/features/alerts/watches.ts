import type { Clock } from "@windfire/kit";
import type { OpenIncidents } from "#features/incidents";
import { pairOf } from "#features/incidents";
import type { LiveServer } from "#features/servers";
import type { AlertCoverage } from "./coverage.ts";
import type { Pair } from "./engine.ts";
import { createHealing } from "./heal.ts";
import type { IsUnderWay } from "./heal.ts";
import { watchedRule } from "./judged-rule.ts";
import type { WatchedRule } from "./judged-rule.ts";
import type { Snapshot } from "./measures.ts";
import { isCycle } from "./model.ts";
import type { AlertRule } from "./model.ts";
import type { Heard } from "./steady.ts";
import type { AlertRules } from "./store.ts";

/** Which rules speak of a server is asked anew this often: rights change without anybody saying so here. */
const LISTING_MS = 30_000;

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** One rule on one server. */
export interface Watch extends Mutable<Heard> {
  readonly watched: WatchedRule;
  readonly serverId: number;
  pair: Pair | undefined;
  /** Reports that wait for a look at recorded traffic, oldest first. */
  waiting: { readonly at: number; readonly seq: number; readonly snapshot: Snapshot }[];
}

/** What is watched of one server. */
export interface ServerWatches {
  /** Rules that are judged at each report, and those that are judged by the clock. */
  readonly byReport: readonly Watch[];
  readonly byClock: readonly Watch[];
}

export interface WatchesDeps {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly alerts: AlertRules;
  readonly coverage: Pick<AlertCoverage, "reaches">;
  readonly open: Pick<OpenIncidents, "by" | "list">;
  /** Hears once of each rule that is not valid. */
  readonly onInvalid: (rule: AlertRule) => void;
}

/** All pairs of rules and servers, in memory. */
export interface Watches {
  of(server: Pick<LiveServer, "id" | "settings">): ServerWatches;
  /** The phase that a pair begins with: that of the incident that lasts. */
  storedPhase(ruleId: number, serverId: number): Pair["phase"];
  isWatched(ruleId: number): boolean;
  /**
   * Puts pairs right whose phase is not what is written: an incident that could not be written, or that ended for another reason than that the
   * rule passes. Such a pair is judged as one that begins.
   */
  heal(isUnderWay: IsUnderWay): Promise<void>;
  forgetServers(ids: readonly number[]): void;
  readonly pairs: number;
}

interface Listed extends ServerWatches {
  readonly settings: LiveServer["settings"];
  readonly version: number;
  listedAt: number;
  readonly byRule: ReadonlyMap<number, Watch>;
}

/** See {@link Watches}. */
export function createWatches({ clock, alerts, coverage, open, onInvalid }: WatchesDeps): Watches {
  const rules = new Map<number, WatchedRule>();
  const servers = new Map<number, Listed>();
  let version = 0;
  let checkedAt = clock.monotonic();

  const compile = (rule: AlertRule): void => {
    version++;
    const watched = watchedRule(rule, clock.now());
    if (watched) rules.set(rule.id, watched);
    else rules.delete(rule.id);
    if (!watched && rule.enable === true) onInvalid(rule);
  };
  alerts.subscribe({
    changed({ key, after }) {
      version++;
      if (after) compile(after);
      else rules.delete(key);
    },
    reloaded(all) {
      rules.clear();
      for (const rule of all) compile(rule);
    },
  });
  for (const rule of alerts.list()) compile(rule);

  /** A clock that was set makes cycles valid that began in its future. */
  const compileCycles = (): void => {
    const now = clock.monotonic();
    if (now - checkedAt < LISTING_MS) return;
    checkedAt = now;
    for (const rule of alerts.list()) {
      if (rule.enable !== true || !rule.rules?.some((condition) => condition !== null && isCycle(condition))) continue;
      if ((watchedRule(rule, clock.now()) !== undefined) !== rules.has(rule.id)) compile(rule);
    }
  };
  const list = ({ id, settings }: Pick<LiveServer, "id" | "settings">, before: Listed | undefined): Listed => {
    const byRule = new Map<number, Watch>();
    for (const watched of rules.values()) {
      const { rule } = watched;
      if (!watched.covers(id) || !coverage.reaches(rule, id)) continue;
      const known = before?.byRule.get(rule.id);
      if (known?.watched === watched) byRule.set(rule.id, known);
      // References that were removed are no save.
      else if (known?.watched.rule.saves === rule.saves) byRule.set(rule.id, { ...known, watched });
      else byRule.set(rule.id, { watched, serverId: id, pair: undefined, heardAt: 0, heardSeq: 0, steadyUntil: 0, waiting: [] });
    }
    const all = [...byRule.values()];
    return {
      settings,
      version,
      listedAt: clock.monotonic(),
      byRule,
      byReport: all.filter(({ watched }) => !watched.byClock),
      byClock: all.filter(({ watched }) => watched.byClock),
    };
  };
  const storedPhase: Watches["storedPhase"] = (ruleId, serverId) =>
    open.by("pair", pairOf({ source: "alert", sourceId: ruleId, serverId })).length > 0 ? "failed" : "none";
  return {
    of(server) {
      const known = servers.get(server.id);
      const isFresh = known?.version === version && known.settings === server.settings;
      if (known && isFresh && clock.monotonic() - known.listedAt < LISTING_MS) return known;
      compileCycles();
      const listed = list(server, known);
      servers.set(server.id, listed);
      return listed;
    },
    storedPhase,
    isWatched: (ruleId) => rules.has(ruleId),
    heal: createHealing({ servers, open, storedPhase }),
    forgetServers(ids) {
      for (const id of ids) servers.delete(id);
    },
    get pairs() {
      let pairs = 0;
      for (const { byRule } of servers.values()) pairs += byRule.size;
      return pairs;
    },
  };
}
