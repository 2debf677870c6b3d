import { oneLine } from "@windfire/kit";
import type { TaskResult } from "@windfire/protocol";
import type { ServerDirectory } from "#features/servers";
import { createAllowance } from "#kernel";
import type { Changes, Queries } from "#platform/database";
import type { ServiceCoverage } from "./coverage.ts";
import { FIRST_STATE, judgeWindow, step } from "./engine.ts";
import type { Health, Probe, ProbeState } from "./engine.ts";
import type { HistoryRows } from "./history-rows.ts";
import { intervalSeconds, tellsServersApart } from "./model.ts";
import type { Service } from "./model.ts";
import { createLatencies } from "./latencies.ts";
import { createProbePoints } from "./points.ts";
import type { PointDeps } from "./points.ts";
import type { KnownState, ProbeStates } from "./states.ts";
import type { ServiceStatistics } from "./statistics.ts";
import type { ServiceRecords } from "./store.ts";
import { createTelling } from "./telling.ts";
import type { HeldHealth, Judged, TellingDeps } from "./telling.ts";
import { createVantages, judgeAgreement } from "./vantages.ts";
import type { Vantages } from "./vantages.ts";
import { createProbeWindow } from "./window.ts";

export interface ProbeResultDeps extends PointDeps, TellingDeps {
  /** Whether planned work is under way on a service. */
  readonly isPlanned: (serviceId: number) => boolean;
  readonly services: Pick<ServiceRecords, "get">;
  readonly servers: Pick<ServerDirectory, "get">;
  readonly coverage: ServiceCoverage;
  readonly statistics: Pick<ServiceStatistics, "setCurrent">;
  /** Counts a result for the days of its service. */
  readonly count: ServiceStatistics["count"];
  readonly states: Pick<ProbeStates, "touch" | "change" | "forget">;
  /** What was known before the start. */
  readonly known: ReadonlyMap<number, KnownState>;
  readonly rows: HistoryRows | undefined;
  /** Whether what follows from a result is carried out here, and not by another process. */
  readonly judges: () => boolean;
  /** Hands an accepted result to the other processes. */
  readonly share?: (result: SharedResult) => void;
  /** The server is asked again soon. */
  readonly retry: (service: Service, serverId: number) => void;
}

/** A result as processes hand it to each other. */
export interface SharedResult extends Pick<Probe, "delay" | "successful" | "data"> {
  readonly serviceId: number;
  readonly serverId: number;
}

/** Certificates and error texts are short; an agent's result may have megabytes (spec 60 section 5, "strings from agents"). */
const MAX_DATA_LENGTH = 1024;
/** A result may come so long after its probe was due. */
const LATE_MS = 15_000;

/** Results that a server may send beyond the probes it was given. */
const SPARE_RESULTS = 240;

/** Agents give a probe up after 30 seconds; what claims to be longer than an hour is no measurement. */
const LONGEST_DELAY_MS = 3_600_000;

/** Takes the results of probes (spec 30 sections 1.5 and 1.6). */
export function createProbeResults(deps: ProbeResultDeps) {
  const states = new Map([...deps.known].map(([id, known]) => [id, openKnown(known)]));
  const points = createProbePoints(deps);
  const allowance = createAllowance(SPARE_RESULTS);
  const telling = createTelling(deps);
  const latencies = createLatencies();
  const judgedAt = new Map<number, number>();
  let refused = 0;
  let flooded = 0;

  const conclude = createConcluding(deps, { states, judgedAt, latencies, telling });

  return {
    get refusedCount() {
      return refused;
    },
    /** Results beyond what the server was asked for. */
    get floodedCount() {
      return flooded;
    },
    /** What a service is like; `undefined`: never judged. */
    stateOf: (serviceId: number): ProbeState | undefined => states.get(serviceId)?.state,
    judgedAt: (serviceId: number): number | undefined => judgedAt.get(serviceId),
    /** In a transaction of the caller's. */
    async tellHeld(tx: Queries, changes: Changes, serviceId: number, held: HeldHealth): Promise<void> {
      const service = deps.services.get(serviceId);
      const state = states.get(serviceId)?.state;
      if (service && state) await telling.tellHeld(tx, changes, service, state, held);
    },
    /** A probe was given to a server: one more result of it is taken. */
    dispatched: allowance.add,
    /** A result of a server that does not probe this service now is dropped (GHSA-4g6j-g789-rghm). */
    onResult(serverId: number, result: TaskResult): void {
      const service = deps.services.get(result.id);
      if (service?.type !== result.type || !deps.coverage.reaches(service.id, serverId)) {
        refused++;
        return;
      }
      if (!allowance.take(service.id, serverId)) {
        flooded++;
        return;
      }
      const at = deps.now();
      const delay = result.delay > 0 && result.delay <= LONGEST_DELAY_MS ? result.delay : 0;
      const data = result.data.slice(0, MAX_DATA_LENGTH);
      const probe = { at, delay, successful: result.successful, data };
      points.add(service, serverId, at, { ...result, delay, data });
      if (!conclude(service, serverId, probe)) deps.retry(service, serverId);
      deps.share?.({ serviceId: service.id, serverId, delay, successful: result.successful, data });
    },
    /** A result that another process has accepted and recorded: it counts here as well, so that every process shows the same. */
    heard({ serviceId, serverId, ...result }: SharedResult): void {
      const service = deps.services.get(serviceId);
      if (service && deps.coverage.reaches(serviceId, serverId)) conclude(service, serverId, { at: deps.now(), ...result });
    },
    /** States are as the rows say; windows stay those of this process where it has some, since it has counted on. */
    resume(stored: ReadonlyMap<number, KnownState>): void {
      for (const [id, known] of stored) {
        const before = states.get(id);
        const opened = openKnown(known);
        states.set(id, before === undefined ? opened : { ...before, state: known.state });
        deps.statistics.setCurrent(id, (before ?? opened).window.counts());
      }
    },
    forgetServers(serverIds: readonly number[]): void {
      for (const serverId of serverIds) {
        points.forgetServer(serverId);
        latencies.forgetServer(serverId);
        for (const { vantages } of states.values()) vantages.forget(serverId);
      }
    },
    /** Services that are gone leave nothing behind. */
    forget(serviceIds: readonly number[]): void {
      deps.states.forget(serviceIds);
      for (const id of serviceIds) {
        states.delete(id);
        judgedAt.delete(id);
        telling.forget(id);
        latencies.forget(id);
        points.forget(id);
        allowance.forget(id);
      }
    },
  };
}

/** What is remembered of services between results. */
interface Memory {
  readonly states: Map<number, Judged>;
  readonly judgedAt: Map<number, number>;
  readonly latencies: ReturnType<typeof createLatencies>;
  readonly telling: ReturnType<typeof createTelling>;
}

/** What a result says of its service; `false`: it does not count. Where another process judges, nothing follows from it here. */
function createConcluding(deps: ProbeResultDeps, { states, judgedAt, latencies, telling }: Memory) {
  return (service: Service, serverId: number, probe: Probe): boolean => {
    const { at, delay, data } = probe;
    deps.count(service.id, { ...probe, planned: deps.isPlanned(service.id) });
    const known = states.get(service.id) ?? openKnown({ state: FIRST_STATE, window: [], vantages: [] });
    const { state: before, window, vantages } = known;
    const counts = isCounted(service, vantages, serverId, probe);
    if (counts) window.add(at, serverId, probe);
    deps.statistics.setCurrent(service.id, window.counts());
    const reporter = oneLine(deps.servers.get(serverId)?.settings.name ?? "");
    const { next, effects } = step(before, service, reporter, probe, judge(deps.coverage, service, known, at));
    const after = { ...known, state: next };
    states.set(service.id, after);
    judgedAt.set(service.id, at);
    latencies.add(service, serverId, at, delay);
    if (!deps.judges()) return counts;
    for (const effect of effects) if (!latencies.holds(service, effect, at)) telling.perform(service, effect);
    telling.keep(service, { id: serverId, name: reporter, data }, after, before, effects);
    return counts;
  };
}

/** By how many servers agree where the service says so, else by the last quarter of an hour. */
function judge(coverage: Pick<ServiceCoverage, "targets">, service: Service, { state, window, vantages }: Judged, at: number): Health {
  const { quorum, retries = 0 } = service.options;
  if (quorum === undefined) return judgeWindow(window.counts());
  const intervalMs = intervalSeconds(service) * 1_000;
  const isComplete = at - vantages.begin >= intervalMs + LATE_MS;
  const lately = vantages.since(at - 2 * (intervalMs + LATE_MS), retries);
  const expected = isComplete ? lately.answered : coverage.targets(service.id).length;
  return judgeAgreement(quorum, { ...lately, expected, isComplete, before: state.health });
}

function openKnown({ state, window, vantages }: KnownState): Judged {
  return { state, window: createProbeWindow(window), vantages: createVantages(vantages) };
}

/** The first failures in a row of a server are let pass where the service says so; servers are told apart only where it asks for that. */
function isCounted({ options }: Service, vantages: Vantages, serverId: number, { at, successful }: Probe): boolean {
  if (!tellsServersApart(options)) return true;
  const fails = vantages.add(at, serverId, successful);
  return successful || fails > (options.retries ?? 0);
}

export type ProbeResults = ReturnType<typeof createProbeResults>;
