import type { TaskResult } from "@windfire/protocol";
import type { ServerDirectory } from "#features/servers";
import type { Changes, Queries } from "#platform/database";
import { createAllowance } from "./allowance.ts";
import type { ServiceCoverage } from "./coverage.ts";
import { FIRST_STATE, step } from "./engine.ts";
import type { HistoryRows } from "./history-rows.ts";
import { createProbePoints } from "./points.ts";
import type { PointDeps } from "./points.ts";
import type { KnownState, ProbeStates } from "./states.ts";
import type { ServiceStatistics } from "./statistics.ts";
import type { ServiceRecords } from "./store.ts";
import { createTelling } from "./telling.ts";
import type { TellingDeps } from "./telling.ts";
import { createProbeWindow } from "./window.ts";

export interface ProbeResultDeps extends PointDeps, TellingDeps {
  readonly services: Pick<ServiceRecords, "get">;
  readonly servers: Pick<ServerDirectory, "get">;
  readonly coverage: ServiceCoverage;
  readonly statistics: ServiceStatistics;
  readonly states: Pick<ProbeStates, "touch" | "change" | "forget">;
  /** What was known before the start. */
  readonly known: ReadonlyMap<number, KnownState>;
  readonly rows: HistoryRows | undefined;
}

/** Certificates and error texts are short; an agent's result may have megabytes (spec 60 section 5, "strings from agents"). */
const MAX_DATA_LENGTH = 1024;

/** Agents give a probe up after 30 seconds; what claims to be longer than an hour is no measurement. */
const LONGEST_DELAY_MS = 3_600_000;

/** Takes the results of probes (spec 30 sections 1.5 and 1.6). */
export function createProbeResults(deps: ProbeResultDeps) {
  const states = new Map([...deps.known].map(([id, { state, window }]) => [id, { state, window: createProbeWindow(window) }]));
  const points = createProbePoints(deps);
  const allowance = createAllowance();
  const telling = createTelling(deps);
  const judgedAt = new Map<number, number>();
  let refused = 0;
  let flooded = 0;

  return {
    get refusedCount() {
      return refused;
    },
    /** Results beyond what the server was asked for. */
    get floodedCount() {
      return flooded;
    },
    judgedAt: (serviceId: number): number | undefined => judgedAt.get(serviceId),
    /** In a transaction of the caller's. `text` is what is said of the state that the service is in. */
    async tellHeld(tx: Queries, changes: Changes, serviceId: number, text: string): Promise<void> {
      const service = deps.services.get(serviceId);
      const state = states.get(serviceId)?.state;
      if (service && state) await telling.tellHeld(tx, changes, service, state, text);
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
      deps.statistics.count(service.id, probe);
      const before = states.get(service.id) ?? { state: FIRST_STATE, window: createProbeWindow() };
      before.window.add(at, serverId, probe);
      const counts = before.window.counts();
      deps.statistics.setCurrent(service.id, counts);
      const reporter = deps.servers.get(serverId)?.settings.name ?? "";
      const { next, effects } = step(before.state, service, reporter, probe, counts);
      states.set(service.id, { state: next, window: before.window });
      judgedAt.set(service.id, at);
      for (const effect of effects) telling.perform(service, serverId, effect);
      telling.keep(service, reporter, { state: next, window: before.window }, before.state, effects);
    },
    /** Services that are gone leave nothing behind. */
    forget(serviceIds: readonly number[]): void {
      deps.states.forget(serviceIds);
      for (const id of serviceIds) {
        states.delete(id);
        judgedAt.delete(id);
        telling.forget(id);
        points.forget(id);
        allowance.forget(id);
      }
    },
  };
}

export type ProbeResults = ReturnType<typeof createProbeResults>;
