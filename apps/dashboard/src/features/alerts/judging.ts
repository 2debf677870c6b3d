import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Clock } from "@windfire/kit";
import type { LiveServer } from "#features/servers";
import { createAwaitedReports } from "./awaited-reports.ts";
import type { CycleWatch } from "./cycle-watch.ts";
import { STANDS_MS } from "./engine.ts";
import type { Verdict } from "./engine.ts";
import type { Snapshot } from "./measures.ts";
import type { AlertCondition } from "./model.ts";
import { createObserve } from "./observe.ts";
import type { ObserveDeps } from "./observe.ts";
import { createPresence } from "./presence.ts";
import type { Report } from "./presence.ts";
import type { Watch, Watches } from "./watches.ts";

/** Servers looked at before others get their turn. */
const SERVERS_AT_ONCE = 100;

export interface JudgingDeps extends ObserveDeps {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly watches: Watches;
  readonly cycleWatch: Pick<CycleWatch, "verdict" | "judge" | "figure">;
  /** Those that this process judges. */
  readonly servers: { list(): Iterable<LiveServer> };
  /** Hears of what failed on one pair; the others are judged all the same. */
  readonly onError: (error: unknown) => void;
}

/** Judges servers by the rules that speak of them, at each of their reports and by the clock (spec 30 section 2.4). */
export interface Judging {
  /** A state of the server was accepted. On the path of every report: costs little where nothing speaks of the server. */
  onReport(server: LiveServer): void;
  /** Another process took a state of the server in, and judges it. */
  onReportElsewhere(server: LiveServer): void;
  /** Looks at everything that is judged by the clock. */
  tick(): Promise<void>;
  /** A rule was saved: the newest report of each server is the first observation of it, unless it is old. */
  lookAtNewest(ruleId: number): void;
  forgetServers(ids: readonly number[]): void;
  /** Resolves when no look at recorded traffic is under way. */
  settled(): Promise<void>;
  readonly counters: { readonly failed: number; readonly overrun: number };
}

/** A report and what it says, for all rules that look at it. */
interface Look {
  readonly report: Report;
  readonly snapshot: Snapshot;
  readonly cycle: (condition: AlertCondition) => Verdict | undefined;
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
  const guarded = <What>(judge: (watch: Watch, what: What) => void, watch: Watch, what: What): void => {
    try {
      judge(watch, what);
    } catch (error) {
      failed(error);
    }
  };
  const observe = createObserve({ clock, watches, cycleWatch, transitions });
  const awaited = createAwaitedReports({ cycleWatch, observe, onError: failed });
  /** One report as all rules look at it; `undefined` when it says nothing. */
  const lookOf = ({ id, state, host }: LiveServer, report: Report): Look | undefined =>
    state === undefined ? undefined : { report, snapshot: { state, host }, cycle: (condition) => cycleWatch.verdict(condition, id) };
  const takeReport = (watch: Watch, { report: { at, seq }, snapshot, cycle }: Look): void => {
    const { watched } = watch;
    if (watched.cycles.length > 0) {
      const isReady = watched.cycles.every(({ condition }) => cycle(condition) !== undefined);
      if (!isReady || awaited.has(watch)) return awaited.add(watch, { at, seq, snapshot });
    }
    return observe(watch, { at, seq, values: watched.values(snapshot, (condition) => cycle(condition) ?? "U") }, snapshot);
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
      const look = lookOf(server, report);
      for (const watch of byReport) if (look) guarded(takeReport, watch, look);
    },
    onReportElsewhere: ({ id }) => void presence.reported(id),
    async tick() {
      const lateMs = presence.lateAt(clock.monotonic());
      // What agents sent while the process did nothing is read first: its own silence is not theirs.
      if (lateMs > 0) await yieldToOthers();
      const now = clock.monotonic();
      const at = presence.nominal(now);
      let looked = 0;
      for (const server of servers.list()) {
        if (++looked % SERVERS_AT_ONCE === 0) await yieldToOthers();
        const { byClock } = watches.of(server);
        if (byClock.length === 0) continue;
        const verdict = presence.offline(server, now, lateMs);
        for (const watch of byClock) guarded(observe, watch, { at, values: verdict.repeat(watch.watched.conditions.length) });
      }
    },
    lookAtNewest(ruleId) {
      const now = clock.monotonic();
      for (const server of servers.list()) {
        const report = presence.lastOf(server.id);
        if (report === undefined || now - report.at > STANDS_MS) continue;
        const watch = watches.of(server).byReport.find(({ watched }) => watched.rule.id === ruleId);
        const look = lookOf(server, report);
        if (watch && look && watch.pair === undefined) guarded(takeReport, watch, look);
      }
    },
    forgetServers(ids) {
      presence.forget(ids);
      watches.forgetServers(ids);
    },
    settled: () => awaited.settled(),
  };
}
