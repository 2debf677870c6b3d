import type { CycleTransferStats } from "@windfire/api";
import type { Clock } from "@windfire/kit";
import { canViewServer } from "#access/policy";
import { createTriggers } from "#features/cron";
import type { TriggerDeps } from "#features/cron";
import type { Incidents, WatchedFigure } from "#features/incidents";
import type { LiveServer, ServerDirectory } from "#features/servers";
import { createCycleTraffic } from "#features/traffic";
import type { CycleTraffic, TrafficCorrections, TrafficLedger } from "#features/traffic";
import type { Caller } from "#kernel";
import type { Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import type { Outbox } from "#platform/outbox";
import { createLoneLease } from "#platform/leases";
import type { Seat } from "#platform/leases";
import type { Scheduler } from "#platform/scheduler";
import { createAlertCascades } from "./cascades.ts";
import type { AlertCascades } from "./cascades.ts";
import { createAlertChecks } from "./checks.ts";
import type { AlertCheckDeps } from "./checks.ts";
import { createAlertCommands } from "./commands.ts";
import type { AlertCommandDeps } from "./commands.ts";
import { createAlertCoverage } from "./coverage.ts";
import type { AlertCoverage } from "./coverage.ts";
import { createDryRun } from "./dry-run/dry-run.ts";
import type { DryRunDeps } from "./dry-run/dry-run.ts";
import { dryRunRoutes } from "./dry-run/routes.ts";
import { storedFiguresOf } from "./dry-run/stored-values.ts";
import { createCycleWatch } from "./cycle-watch.ts";
import { createJudging } from "./judging.ts";
import { conditionsOf, invalidity } from "./model.ts";
import type { AlertRule } from "./model.ts";
import { createPerform } from "./perform.ts";
import type { PerformDeps } from "./perform.ts";
import { alertRoutes, conditionOf } from "./routes.ts";
import { createAlertRunner } from "./runner.ts";
import { alertKind } from "./store.ts";
import type { AlertRules } from "./store.ts";
import { since, trafficNeed } from "./traffic-need.ts";
import { createTransitions } from "./transitions.ts";
import { createWatches } from "./watches.ts";

/** What the room needs of others. */
export interface AlertsDeps {
  readonly clock: Clock;
  readonly now: () => number;
  readonly database: Database;
  readonly audit: AlertCommandDeps["audit"];
  readonly outbox: Outbox;
  readonly scheduler: Pick<Scheduler, "every">;
  /** Who ends incidents that nobody looks at any more. Without it this process does. */
  readonly judge?: Seat;
  readonly log: { warn(text: string, details?: object): void; error(text: string, details?: object): void };
  readonly incidents: Incidents;
  readonly servers: Pick<ServerDirectory, "get" | "list">;
  /** Whether this process judges a server; all, unless given. */
  readonly isJudgedHere?: (serverId: number) => boolean;
  /** Whether another one has the server now, and judges it; none, unless given. */
  readonly isJudgedElsewhere?: NonNullable<PerformDeps["isJudgedElsewhere"]>;
  readonly reach: AlertCheckDeps["reach"];
  readonly ownsEverything: (userId: number) => boolean;
  /** The same as a transaction sees it. */
  readonly ownsEverythingIn: PerformDeps["ownsEverythingIn"];
  readonly crons: AlertCheckDeps["crons"];
  readonly notificationGroupOwner: AlertCheckDeps["notificationGroupOwner"];
  readonly requireRoom: AlertCommandDeps["requireRoom"];
  readonly translate: PerformDeps["translate"];
  readonly shownAddress: PerformDeps["shownAddress"];
  readonly trigger: TriggerDeps["trigger"];
  readonly agents: TriggerDeps["agents"];
  readonly traffic: Pick<TrafficLedger, "undisturbed" | "sums" | "clean">;
  readonly corrections: Pick<TrafficCorrections, "within" | "onChange">;
  /** From when on others need recorded traffic, Unix milliseconds; `undefined`: nobody does. */
  readonly trafficNeededSince: () => number | undefined;
  readonly history: DryRunDeps["history"];
  /** When the dashboard ran, ascending. */
  readonly known: DryRunDeps["known"];
  /** The data comes from the reference and is opened for the first time: sums of traffic go on as they were shown there. */
  readonly takenOver: boolean;
}

export interface Alerts {
  readonly routes: readonly AnyRoute[];
  readonly cascades: AlertCascades;
  readonly directory: Pick<AlertRules, "get" | "list">;
  readonly coverage: AlertCoverage;
  /** What a rule looks at, as the history has it. */
  figuresOf(ruleId: number): readonly WatchedFigure[];
  readonly cycleTraffic: CycleTraffic;
  /** A state of the server was accepted. */
  onReport(server: LiveServer): void;
  /** Another process took a state of the server in, and judges it. */
  onReportElsewhere(server: LiveServer): void;
  /** Traffic of the running cycles, by rule id, of the servers that the caller may see (spec 11 section 4.5). */
  cycleTransferStats(caller: Caller): Record<string, CycleTransferStats>;
  /** Deletes recorded traffic that no rule needs (spec 30 section 8.7). */
  cleanTraffic(): Promise<void>;
  /** Cleans up once and begins to look at the rules. */
  start(): Promise<void>;
  /** Waits for the looks that are under way, and for what followed from them to be written. */
  stop(): Promise<void>;
  stats(): {
    readonly pairs: number;
    readonly waiting: number;
    readonly dropped: number;
    readonly failed: number;
    readonly overrun: number;
  };
}

/** Loads all rules and puts the room together. */
export async function createAlerts(deps: AlertsDeps): Promise<Alerts> {
  const { clock, database, incidents, log, servers } = deps;
  const onError = (error: unknown): void => log.error("failed", { error });
  const alerts = await database.keep(alertKind);
  const cycleTraffic = createCycleTraffic();
  const coverage = createAlertCoverage(deps);
  const cycleWatch = createCycleWatch({ ...deps, ...deps.traffic, alerts, coverage, cycleTraffic, onError });
  deps.corrections.onChange(cycleWatch.lookAgain);
  const watches = createWatches({ ...deps, alerts, coverage, open: incidents.open, onInvalid: tellInvalid(deps) });
  const triggers = createTriggers("alert-task", { ...deps, ownerOf: (id) => alerts.get(id)?.ownerId });
  const judge = deps.judge ?? createLoneLease(database);
  const perform = createPerform({ ...deps, judged: judge.database, alerts, coverage, triggers, isWatched: watches.isWatched });
  const transitions = createTransitions({ clock, database, write: perform.write, onError });
  const judging = createJudging({ clock, watches, cycleWatch, transitions, servers: judgedOf(deps), onError });
  const putRight = async (): Promise<void> => {
    if (judge.held) await perform.reconcile();
    await watches.heal(transitions.isUnderWay);
  };
  const looks = { "alert rules": judging.tick, "alert traffic": cycleWatch.evaluate, "alert incidents": putRight };
  const runner = createAlertRunner({ ...deps, looks });
  const checks = createAlertChecks(deps);
  const commands = createAlertCommands({ ...deps, alerts, checks, triggers, onSaved: judging.lookAtNewest });
  forgetSaved(alerts, cycleTraffic);
  const clean = (listedAlone: boolean): Promise<void> => {
    const now = deps.now();
    const need = since(deps.trafficNeededSince(), trafficNeed(alerts.list(), now, { listedAlone }));
    return deps.traffic.clean(need, { now, isExact: listedAlone });
  };
  const sees = (caller: Caller, serverId: number): boolean => {
    const server = servers.get(serverId);
    return server !== undefined && canViewServer(caller, server.settings);
  };
  return {
    directory: alerts,
    figuresOf: (ruleId) => conditionsOf(alerts.get(ruleId) ?? { rules: [] }).flatMap(storedFiguresOf),
    coverage,
    cycleTraffic,
    onReport: judging.onReport,
    onReportElsewhere: judging.onReportElsewhere,
    routes: [...alertRoutes(commands, deps.now), ...dryRunRoutes({ ...deps, dryRun: createDryRun(deps), conditionOf })],
    cascades: createAlertCascades({
      ...deps,
      commands,
      now: deps.now,
      onServersGone: (ids) => {
        cycleTraffic.removeServers(ids);
        judging.forgetServers(ids);
      },
    }),
    cycleTransferStats: (caller) => cycleTraffic.stats((serverId) => sees(caller, serverId)),
    cleanTraffic: () => clean(false),
    async start() {
      await clean(deps.takenOver);
      runner.start();
    },
    async stop() {
      await runner.stop();
      await judging.settled();
      await transitions.stop();
    },
    stats: () => ({ pairs: watches.pairs, waiting: transitions.waiting, dropped: transitions.dropped, ...judging.counters }),
  };
}

/** The servers that this process judges, each asked for when its turn comes. */
function judgedOf({ servers, isJudgedHere }: Pick<AlertsDeps, "servers" | "isJudgedHere">): { list(): Iterable<LiveServer> } {
  if (isJudgedHere === undefined) return servers;
  return {
    *list() {
      for (const server of servers.list()) if (isJudgedHere(server.id)) yield server;
    },
  };
}

/** One line for each rule that is on and not valid. */
function tellInvalid({ log, now }: Pick<AlertsDeps, "log" | "now">): (rule: AlertRule) => void {
  return (rule) => log.warn("an alert rule is not valid and is not evaluated", { id: rule.id, invalid: invalidity(rule, now()) });
}

/** Traffic that was shown for an earlier save of a rule, or under another name, is shown no more. */
function forgetSaved(alerts: AlertRules, cycleTraffic: CycleTraffic): void {
  alerts.subscribe({
    changed({ key, before, after }) {
      if (before?.saves !== after?.saves || before?.name !== after?.name) cycleTraffic.removeRules([key]);
    },
  });
}
