import type { Task } from "@windfire/protocol";
import type { Agents } from "#kernel";
import type { Job, Scheduler } from "#platform/scheduler";
import type { ServiceCoverage } from "./coverage.ts";
import { intervalSeconds } from "./model.ts";
import type { Service } from "./model.ts";

export interface ProbingDeps {
  readonly scheduler: Pick<Scheduler, "every">;
  readonly coverage: ServiceCoverage;
  readonly find: (serviceId: number) => Service | undefined;
  readonly agents: Pick<Agents, "dispatch">;
  /** Told of each probe that a server was given. */
  readonly dispatched: (serviceId: number, serverId: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Sends the probes of each service at its interval to the servers it is probed from then (spec 30 section 1.3). Offline ones give no sample. */
export function createProbing(deps: ProbingDeps) {
  const jobs = new Map<number, Job>();
  let busy = 0;
  const ask = async (serverId: number, task: Task): Promise<void> => {
    const outcome = await deps.agents.dispatch(serverId, task);
    if (outcome === "sent") deps.dispatched(task.id, serverId);
    if (outcome === "queue-full") busy++;
  };
  /** No server waits for another's answer. */
  const probe = (serviceId: number): void => {
    const service = deps.find(serviceId);
    if (!service) return;
    const task = { id: service.id, type: service.type, data: service.target };
    for (const serverId of deps.coverage.targets(serviceId)) void ask(serverId, task).catch(deps.onError);
  };
  return {
    /** Probes that an agent did not take because its queue was full. */
    get busyCount() {
      return busy;
    },
    set(service: Service): void {
      jobs.get(service.id)?.cancel();
      jobs.set(
        service.id,
        deps.scheduler.every(intervalSeconds(service) * 1000, `probe ${service.id}`, () => probe(service.id)),
      );
    },
    remove(serviceIds: readonly number[]): void {
      for (const id of serviceIds) {
        jobs.get(id)?.cancel();
        jobs.delete(id);
      }
    },
  };
}

export type Probing = ReturnType<typeof createProbing>;
