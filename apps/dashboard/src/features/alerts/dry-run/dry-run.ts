import { setImmediate as yieldToOthers } from "node:timers/promises";
import { DRY_RUN_LIMITS } from "@windfire/api";
import type { Clock } from "@windfire/kit";
import type { Span } from "#features/availability";
import type { History, ServerMetric } from "#features/history";
import type { LiveServer } from "#features/servers";
import type { Verdict } from "../engine.ts";
import { watchedRule } from "../judged-rule.ts";
import type { WatchedRule } from "../judged-rule.ts";
import { covers } from "../model.ts";
import type { AlertCondition, AlertRule } from "../model.ts";
import { POINT_MS, Replay } from "./replay.ts";
import type { Firing } from "./replay.ts";
import { storedMetricsOf, storedVerdict } from "./stored-values.ts";
import type { HostFacts } from "./stored-values.ts";

const DAY_MS = 86_400_000;
/** Points judged before others get their turn: about a millisecond. */
const POINTS_AT_ONCE = 500;
/** A dry run takes no longer; servers it did not come to are left out. */
const BUDGET_MS = 20_000;

export interface DryRunDeps {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly history: Pick<History, "enabled" | "serverSeries">;
  /** When the dashboard ran, ascending. */
  readonly known: (whole: Span) => Promise<readonly Span[]>;
}

export interface DryRunResult {
  readonly whole: Span;
  readonly servers: readonly {
    readonly server: LiveServer;
    readonly firings: readonly Firing[];
    /** Percent of the time in which there was a verdict. */
    readonly known: number;
  }[];
  readonly notJudged: readonly { readonly index: number; readonly type: string; readonly reason: string }[];
  readonly leftOut: number;
}

/** What a rule would have told in the past, by the stored points of 30 seconds. Reads and judges a day of a server at a time. */
export function createDryRun({ clock, history, known }: DryRunDeps) {
  const reasonOf = ({ type }: AlertCondition): string | undefined => {
    if (!history.enabled) return "the history is switched off";
    if (type === "offline" || storedMetricsOf(type) !== undefined) return undefined;
    return "the history has no traffic of cycles";
  };
  return async (conditions: readonly AlertCondition[], days: number, servers: readonly LiveServer[]): Promise<DryRunResult> => {
    const now = clock.now();
    const end = Math.floor(now / POINT_MS) * POINT_MS;
    const whole = { from: end - days * DAY_MS, to: end };
    const startedAt = clock.monotonic();
    const judged = conditions.filter((condition) => reasonOf(condition) === undefined);
    const notJudged = conditions.flatMap((condition, index) => {
      const reason = reasonOf(condition);
      return reason === undefined ? [] : [{ index, type: condition.type, reason }];
    });
    const covered = servers.filter(({ id }) => conditions.every((condition) => covers(condition, id)));
    const rule = judged.length === 0 ? undefined : watchedRule(ruleOf(judged), now);
    const found: DryRunResult["servers"][number][] = [];
    if (rule === undefined) return { whole, servers: found, notJudged, leftOut: 0 };
    const running = await known(whole);
    for (const server of covered.slice(0, DRY_RUN_LIMITS.servers)) {
      if (clock.monotonic() - startedAt > BUDGET_MS) break;
      const replay = await play(rule, server, whole, running);
      found.push({ server, firings: replay.firings, known: (100 * replay.known * POINT_MS) / (whole.to - whole.from) });
    }
    return { whole, servers: found, notJudged, leftOut: covered.length - found.length };
  };

  async function play(rule: WatchedRule, server: LiveServer, whole: Span, running: readonly Span[]): Promise<Replay> {
    const replay = new Replay(rule);
    const wanted = metricsOf(rule);
    const born = Math.ceil(Date.parse(server.settings.createdAt) / POINT_MS) * POINT_MS;
    for (let from = Math.max(whole.from, born || 0); from < whole.to; from += DAY_MS) {
      const to = Math.min(from + DAY_MS, whole.to);
      const { starts, columns } = await history.serverSeries(server.id, wanted.metrics, from, to - 1);
      const valuesAt = (index: number): string => wanted.letters(index, columns, factsOf(server));
      if (rule.byClock) await lookByClock(replay, rule, starts, { from, to }, running);
      else await takeReports(replay, starts, valuesAt);
    }
    return replay;
  }
}

async function takeReports(replay: Replay, starts: Float64Array, valuesAt: (index: number) => string): Promise<void> {
  for (let index = 0; index < starts.length; index++) {
    const at = starts[index] as number;
    replay.point(at, valuesAt(index));
    if (starts[index + 1] !== at + POINT_MS) replay.gap(at + POINT_MS);
    if (index % POINTS_AT_ONCE === POINTS_AT_ONCE - 1) await yieldToOthers();
  }
}

/** A point of which nothing is stored is a time without reports, if the dashboard ran. */
async function lookByClock(replay: Replay, rule: WatchedRule, starts: Float64Array, day: Span, running: readonly Span[]): Promise<void> {
  let next = 0;
  let run = 0;
  for (let at = day.from, done = 1; at < day.to; at += POINT_MS, done++) {
    while (next < starts.length && (starts[next] as number) < at) next++;
    while (run < running.length && (running[run] as Span).to < at + POINT_MS) run++;
    const isRunning = run < running.length && (running[run] as Span).from <= at;
    const verdict: Verdict = starts[next] === at ? "P" : isRunning ? "F" : "U";
    replay.point(at, verdict.repeat(rule.conditions.length));
    if (done % POINTS_AT_ONCE === 0) await yieldToOthers();
  }
}

/** What has to be read for a rule, and how a point of it is put into letters. */
function metricsOf(rule: WatchedRule) {
  const conditions = rule.rule.rules?.filter((condition) => condition !== null) ?? [];
  const metrics: ServerMetric[] = [...new Set(conditions.flatMap(({ type }) => storedMetricsOf(type) ?? []))];
  const places = conditions.map(({ type }) => (storedMetricsOf(type) ?? []).map((metric) => metrics.indexOf(metric)));
  return {
    metrics: metrics.length === 0 ? (["uptime"] as const) : metrics,
    letters: (index: number, columns: readonly Float64Array[], host: HostFacts): string =>
      conditions
        .map((condition, nth) =>
          storedVerdict(
            condition,
            (places[nth] ?? []).map((place) => columns[place]?.[index] ?? Number.NaN),
            host,
          ),
        )
        .join(""),
  };
}

function factsOf({ host }: LiveServer): HostFacts {
  const total = (bytes: number | bigint | undefined): number | undefined => (Number(bytes ?? 0) === 0 ? undefined : Number(bytes));
  return {
    memTotal: total(host?.memTotal),
    swapTotal: total(host?.swapTotal),
    diskTotal: total(host?.diskTotal),
    hasGpu: (host?.gpu.length ?? 0) > 0,
  };
}

function ruleOf(rules: readonly AlertCondition[]): AlertRule {
  const references = { failTriggerTasks: null, recoverTriggerTasks: null, notificationGroupId: 0 };
  const times = { createdAt: "", updatedAt: "" };
  return { id: 0, ownerId: 0, name: "", enable: true, triggerMode: 1, rules, ...references, severity: "warning", saves: 0, ...times };
}
