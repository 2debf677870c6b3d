import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Clock } from "@windfire/kit";
import type { LiveServer } from "#features/servers";
import { createAwaitedReports } from "./awaited-reports.ts";
import type { CycleWatch } from "./cycle-watch.ts";
import { step, STANDS_MS } from "./engine.ts";
import type { Observation } from "./engine.ts";
import { factsOf, NO_FACTS } from "./facts.ts";
import type { Snapshot } from "./measures.ts";
import { createPresence } from "./presence.ts";
import type { Report } from "./presence.ts";
import type { Transitions } from "./transitions.ts";
import type { Watch, Watches } from "./watches.ts";

/** Servers looked at before others get their turn. */
const SERVERS_AT_ONCE = 100;

export interface JudgingDeps {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly watches: Watches;
  readonly cycleWatch: Pick<CycleWatch, "verdict" | "judge" | "figure">;
  readonly transitions: Pick<Transitions, "add">;
  readonly servers: { list(): readonly LiveServer[] };
  /** Hears of what failed on one pair; the others are judged all the same. */
  readonly onError: (error: unknown) => void;
}

/** Judges servers by the rules that speak of them, at each of their reports and by the clock (spec 30 section 2.4). */
export interface Judging {
  /** A state of the server was accepted. On the path of every report: costs little where nothing speaks of the server. */
  onReport(server: LiveServer): void;
  /** Looks at everything that is judged by the clock. */
  tick(): Promise<void>;
  /** A rule was saved: the newest report of each server is the first observation of it, unless it is old. */
  lookAtNewest(ruleId: number): void;
  forgetServers(ids: readonly number[]): void;
  /** Resolves when no look at recorded traffic is under way. */
  settled(): Promise<void>;
  readonly counters: { readonly failed: number; readonly overrun: number };
}

/** See {@link Judging}. */
export function createJudging({ clock, watches, cycleWatch, transitions, servers, onError }: JudgingDeps): Judging {
  const presence = createPresence(clock);
  let failures = 0;

  const failed = (error: unknown): void => {
    failures++;
    onError(error);
  };
  /** What fails on one pair must not keep the others from being judged. */
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      failed(error);
    }
  };
  /** `snapshot`: what a message may say of it. */
  const observe = (watch: Watch, observation: Observation, snapshot?: Snapshot): void => {
    const { watched, serverId, pair } = watch;
    const { id: ruleId, saves } = watched.rule;
    const stepped = step(watched, pair, observation, pair ? undefined : watches.storedPhase(ruleId, serverId));
    watch.pair = stepped.pair;
    for (const kind of stepped.effects) {
      if (kind !== "raise" && kind !== "clear") continue;
      const facts = snapshot ? factsOf(watched.rule, snapshot, (condition) => cycleWatch.figure(condition, serverId)) : NO_FACTS;
      transitions.add({ kind, ruleId, serverId, saves, at: clock.now(), facts });
    }
  };
  const awaited = createAwaitedReports({ cycleWatch, observe, onError: failed });
  const takeReport = (watch: Watch, server: LiveServer, { at, seq }: Report): void => {
    const { state, host } = server;
    if (state === undefined) return;
    const { watched } = watch;
    const snapshot = { state, host };
    const isReady = watched.cycles.every(({ condition }) => cycleWatch.verdict(condition, server.id) !== undefined);
    if (!isReady || awaited.has(watch)) return awaited.add(watch, { at, seq, snapshot });
    const values = watched.values(snapshot, (condition) => cycleWatch.verdict(condition, server.id) ?? "U");
    observe(watch, { at, seq, values }, snapshot);
    return undefined;
  };
  return {
    counters: {
      get failed() {
        return failures;
      },
      get overrun() {
        return awaited.overrun;
      },
    },
    onReport(server) {
      const report = presence.reported(server.id);
      const { byReport } = watches.of(server);
      if (byReport.length === 0) return;
      for (const watch of byReport) guarded(() => takeReport(watch, server, report));
    },
    async tick() {
      const now = clock.monotonic();
      const at = presence.nominal(now);
      let looked = 0;
      for (const server of servers.list()) {
        if (++looked % SERVERS_AT_ONCE === 0) await yieldToOthers();
        const { byClock } = watches.of(server);
        if (byClock.length === 0) continue;
        const verdict = presence.offline(server, now);
        for (const watch of byClock) guarded(() => observe(watch, { at, values: verdict.repeat(watch.watched.conditions.length) }));
      }
    },
    lookAtNewest(ruleId) {
      const now = clock.monotonic();
      for (const server of servers.list()) {
        const report = presence.lastOf(server.id);
        if (report === undefined || now - report.at > STANDS_MS) continue;
        const watch = watches.of(server).byReport.find(({ watched }) => watched.rule.id === ruleId);
        if (watch && watch.pair === undefined) guarded(() => takeReport(watch, server, report));
      }
    },
    forgetServers(ids) {
      presence.forget(ids);
      watches.forgetServers(ids);
    },
    settled: () => awaited.settled(),
  };
}
