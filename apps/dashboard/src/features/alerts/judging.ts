import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Clock } from "@windfire/kit";
import type { LiveServer } from "#features/servers";
import type { CycleWatch } from "./cycle-watch.ts";
import { step, STANDS_MS, STEP_MS } from "./engine.ts";
import type { Observation, Verdict } from "./engine.ts";
import type { AlertCondition } from "./model.ts";
import type { Transitions } from "./transitions.ts";
import type { Watch, Watches } from "./watches.ts";

/** A server that was loaded at the start has so long to make its first call before it counts as away. */
const GRACE_MS = 60_000;
/** Looks by the clock this far apart, milliseconds, count as one nominal step: a late timer makes no gap. */
const STEADY_MS = { least: 1_500, most: 4_500 };
/** Servers looked at before others get their turn. */
const SERVERS_AT_ONCE = 100;
/** Reports of one pair that wait for a look at recorded traffic; the oldest goes. */
const MOST_WAITING = 64;

export interface JudgingDeps {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly watches: Watches;
  readonly cycleWatch: Pick<CycleWatch, "verdict" | "judge">;
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
  const startedAt = clock.monotonic();
  /** When each server reported last, by the clock that nobody sets, and the number of that report. */
  const reports = new Map<number, { at: number; seq: number }>();
  const reading = new Map<Watch, Promise<void>>();
  const counters = { failed: 0, overrun: 0 };
  let seq = 0;
  let tickedAt: number | undefined;
  let nominal = 0;

  const failed = (error: unknown): void => {
    counters.failed++;
    onError(error);
  };
  const observe = (watch: Watch, observation: Observation): void => {
    const { watched, serverId, pair } = watch;
    const { id: ruleId, saves } = watched.rule;
    const stepped = step(watched, pair, observation, pair ? undefined : watches.storedPhase(ruleId, serverId));
    watch.pair = stepped.pair;
    for (const kind of stepped.effects)
      if (kind === "raise" || kind === "clear") transitions.add({ kind, ruleId, serverId, saves, at: clock.now() });
  };
  /** Looks at recorded traffic where it is due, then takes the reports that waited, in their order. */
  const takeWaiting = async (watch: Watch): Promise<void> => {
    for (let next = watch.waiting.shift(); next !== undefined; next = watch.waiting.shift()) {
      const found = new Map<AlertCondition, Verdict>();
      for (const { condition } of watch.watched.cycles) {
        const known = cycleWatch.verdict(condition, watch.serverId);
        found.set(condition, known ?? (await cycleWatch.judge(watch.watched.rule, condition, watch.serverId)));
      }
      const values = watch.watched.values(next.snapshot, (condition) => found.get(condition) ?? "U");
      observe(watch, { at: next.at, seq: next.seq, values });
    }
  };
  const wait = (watch: Watch, observed: Watch["waiting"][number]): void => {
    watch.waiting.push(observed);
    if (watch.waiting.length > MOST_WAITING) {
      watch.waiting.shift();
      counters.overrun++;
    }
    if (reading.has(watch)) return;
    const done = takeWaiting(watch)
      .catch(failed)
      .finally(() => reading.delete(watch));
    reading.set(watch, done);
  };
  const takeReport = (watch: Watch, server: LiveServer, { at, seq: number }: { at: number; seq: number }): void => {
    const { state, host } = server;
    if (state === undefined) return;
    const { watched } = watch;
    const snapshot = { state, host };
    const isReady = watched.cycles.every(({ condition }) => cycleWatch.verdict(condition, server.id) !== undefined);
    if (!isReady || reading.has(watch)) return wait(watch, { at, seq: number, snapshot });
    const values = watched.values(snapshot, (condition) => cycleWatch.verdict(condition, server.id) ?? "U");
    observe(watch, { at, seq: number, values });
    return undefined;
  };
  const takeReportSafely = (watch: Watch, server: LiveServer, report: { at: number; seq: number }): void => {
    try {
      takeReport(watch, server, report);
    } catch (error) {
      failed(error);
    }
  };
  /** Whether a server is away; not known of one that had no time yet to come back after a start (spec 30 section 2.3). */
  const offline = (server: LiveServer, now: number): Verdict => {
    const last = reports.get(server.id)?.at;
    if (last !== undefined && server.lastActive !== 0 && now - last <= STANDS_MS) return "P";
    return !server.hasCalled && now - startedAt < GRACE_MS ? "U" : "F";
  };
  const nominalTime = (now: number): number => {
    const passed = now - (tickedAt ?? now);
    nominal = tickedAt === undefined ? now : nominal + (passed >= STEADY_MS.least && passed <= STEADY_MS.most ? STEP_MS : passed);
    tickedAt = now;
    return nominal;
  };
  return {
    counters,
    onReport(server) {
      const report = { at: clock.monotonic(), seq: ++seq };
      reports.set(server.id, report);
      for (const watch of watches.of(server).byReport) takeReportSafely(watch, server, report);
    },
    async tick() {
      const now = clock.monotonic();
      const at = nominalTime(now);
      for (const [index, server] of servers.list().entries()) {
        if (index % SERVERS_AT_ONCE === SERVERS_AT_ONCE - 1) await yieldToOthers();
        const verdict = offline(server, now);
        for (const watch of watches.of(server).byClock) {
          try {
            observe(watch, { at, values: verdict.repeat(watch.watched.conditions.length) });
          } catch (error) {
            failed(error);
          }
        }
      }
    },
    lookAtNewest(ruleId) {
      const now = clock.monotonic();
      for (const server of servers.list()) {
        const report = reports.get(server.id);
        if (report === undefined || now - report.at > STANDS_MS) continue;
        const watch = watches.of(server).byReport.find(({ watched }) => watched.rule.id === ruleId);
        if (watch && watch.pair === undefined) takeReportSafely(watch, server, report);
      }
    },
    forgetServers(ids) {
      for (const id of ids) reports.delete(id);
      watches.forgetServers(ids);
    },
    async settled() {
      while (reading.size > 0) await Promise.all(reading.values());
    },
  };
}
