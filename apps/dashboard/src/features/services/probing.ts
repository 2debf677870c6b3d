import type { Clock, Timer } from "@windfire/kit";
import type { Agents } from "#kernel";
import type { Job, Scheduler } from "#platform/scheduler";
import type { ServiceCoverage } from "./coverage.ts";
import { intervalSeconds } from "./model.ts";
import type { Service } from "./model.ts";

export interface ProbingDeps {
  readonly clock: Pick<Clock, "now" | "monotonic" | "setTimeout">;
  readonly scheduler: Pick<Scheduler, "every">;
  readonly coverage: ServiceCoverage;
  readonly find: (serviceId: number) => Service | undefined;
  readonly agents: Pick<Agents, "dispatch">;
  /** Whether a server's agent is asked by this process; without it all are. */
  readonly isAskedHere?: (serverId: number) => boolean;
  /** Told of each probe that a server was given. */
  readonly dispatched: (serviceId: number, serverId: number) => void;
  readonly onError: (error: unknown) => void;
}

/** What of a service's probing can be ended. */
interface Running {
  job: Pick<Job, "cancel">;
  /** Next probe of the round. */
  round: Timer | undefined;
  /** Probes that are repeated, by server. */
  readonly retries: Map<number, Timer>;
}

/** A probe that failed and does not count yet is repeated after this long at most. */
const RETRY_MS = 10_000;
/** Servers of a round that are due within the same second are asked at once: finer steps spare nobody anything. */
const LEAST_STEP_MS = 1_000;

/**
 * Sends the probes of each service at its interval to the servers it is probed from then (spec 30 section 1.3). Offline ones give no
 * sample. The servers of a round are spread over the interval, so that neither the target nor we have to do with all of them at once: the
 * first one when the interval ends, the others in equal steps behind it, of a second at least.
 */
export function createProbing(deps: ProbingDeps) {
  const { clock } = deps;
  const running = new Map<number, Running>();
  let busy = 0;

  const ask = async ({ id, type, target }: Service, serverId: number): Promise<void> => {
    const outcome = await deps.agents.dispatch(serverId, { id, type, data: target });
    if (outcome === "sent") deps.dispatched(id, serverId);
    if (outcome === "queue-full") busy++;
  };
  const isOurs = deps.isAskedHere ?? (() => true);
  /** No server waits for another's answer. */
  const send = (service: Service, serverId: number): void => {
    if (isOurs(serverId)) void ask(service, serverId).catch(deps.onError);
  };
  const round = (serviceId: number): void => {
    const service = deps.find(serviceId);
    const entry = running.get(serviceId);
    if (!service || !entry) return;
    entry.round?.cancel();
    const servers = rotated(deps.coverage.targets(serviceId), serviceId);
    const stepMs = (intervalSeconds(service) * 1_000) / servers.length;
    const begun = clock.monotonic();
    let next = 0;
    const goOn = (): void => {
      // Timers come late: whatever is due goes now.
      for (; next < servers.length && beginOf(next, stepMs) <= clock.monotonic() - begun; next++) {
        const serverId = servers[next] ?? 0;
        if (next === 0 || deps.coverage.reaches(serviceId, serverId)) send(service, serverId);
      }
      entry.round = next < servers.length ? clock.setTimeout(goOn, begun + beginOf(next, stepMs) - clock.monotonic()) : undefined;
    };
    goOn();
  };
  const end = (serviceId: number): void => {
    const entry = running.get(serviceId);
    entry?.job.cancel();
    entry?.round?.cancel();
    for (const timer of entry?.retries.values() ?? []) timer.cancel();
    running.delete(serviceId);
  };
  const set = (service: Service, firstMs: number): void => {
    end(service.id);
    const ms = intervalSeconds(service) * 1_000;
    const every = (): Job => deps.scheduler.every(ms, `probe ${service.id}`, "each", () => round(service.id));
    const entry: Running = { job: { cancel: () => undefined }, round: undefined, retries: new Map() };
    running.set(service.id, entry);
    if (firstMs >= ms) {
      entry.job = every();
      return;
    }
    entry.job = clock.setTimeout(() => {
      entry.job = every();
      round(service.id);
    }, firstMs);
  };
  return {
    /** Probes that an agent did not take because its queue was full. */
    get busyCount() {
      return busy;
    },
    /** The interval counts from the whole second that now is in (spec 30 section 0.3). */
    set: (service: Service): void => set(service, intervalSeconds(service) * 1_000 - (clock.now() % 1_000)),
    /** All of them, as after a start: those of one interval do not begin together. */
    setAll(services: readonly Service[]): void {
      for (const [seconds, alike] of Map.groupBy(services, intervalSeconds)) {
        for (const [index, service] of alike.entries()) set(service, (seconds * 1_000 * (index + 1)) / alike.length);
      }
    },
    /** One server is asked again before its turn. */
    again({ id, ...service }: Service, serverId: number): void {
      const retries = running.get(id)?.retries;
      if (!retries || retries.has(serverId)) return;
      const repeat = (): void => {
        retries.delete(serverId);
        const now = deps.find(id);
        if (now && deps.coverage.reaches(id, serverId)) send(now, serverId);
      };
      retries.set(serverId, clock.setTimeout(repeat, Math.min(RETRY_MS, (intervalSeconds(service) * 1_000) / 2)));
    },
    remove(serviceIds: readonly number[]): void {
      for (const id of serviceIds) end(id);
    },
  };
}

export type Probing = ReturnType<typeof createProbing>;

/** Milliseconds after its beginning at which a round asks the server at a place. */
function beginOf(place: number, stepMs: number): number {
  return stepMs >= LEAST_STEP_MS ? place * stepMs : Math.floor((place * stepMs) / LEAST_STEP_MS) * LEAST_STEP_MS;
}

/** So that no server is the first one of every service. */
function rotated(serverIds: readonly number[], by: number): number[] {
  const from = serverIds.length === 0 ? 0 : by % serverIds.length;
  return [...serverIds.slice(from), ...serverIds.slice(0, from)];
}
