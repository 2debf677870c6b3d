import { canManageCovering, canViewService, requireCoverage, requireNotificationGroup, requireTriggerTasks } from "#access/policy";
import type { Owned, ServerReach } from "#access/policy";
import { refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { coverageOf, isServiceType, LONGEST_INTERVAL_SECONDS } from "./model.ts";
import type { Service, ServiceSettings } from "./model.ts";
import { targetProblem } from "./target.ts";

export interface ServiceCheckDeps {
  readonly reach: ServerReach;
  readonly crons: { get(id: number): Owned | undefined };
  /** Owner of a notification group, `undefined` when there is none with that id. */
  readonly notificationGroupOwner: (groupId: number) => Promise<number | undefined>;
}

/** What is refused about services, in the order of spec 11 section 4.3. */
export function createServiceChecks({ reach, crons, notificationGroupOwner }: ServiceCheckDeps) {
  return {
    mayManage: (caller: Caller, service: Service): boolean => canManageCovering(caller, service, [coverageOf(service)], reach),
    mayView: (caller: Caller, service: Service): boolean => canViewService(caller, { ...service, coverage: coverageOf(service) }, reach),

    requireKind(form: ServiceSettings, stored?: Service): void {
      if (!isServiceType(form.type)) {
        throw refuseText(`invalid service monitor type ${form.type}: allowed types are 1 (HTTP GET), 2 (ICMP ping), and 3 (TCP ping)`);
      }
      // Nezha's words for the number that tasks have beyond these.
      if (!coverageOf(form)) throw form.cover === 2 ? refuse("permission denied") : refuseText("cover: must be 0 or 1");
      if (form.duration > LONGEST_INTERVAL_SECONDS && form.duration !== stored?.duration)
        throw refuseText(`duration: must be at most ${LONGEST_INTERVAL_SECONDS}`);
      if (isCrossed(form) && !(stored && isCrossed(stored)))
        throw refuseText(`min_latency: must be at most the max_latency, ${form.maxLatency}, unless one of them is 0, which is none`);
      // A row that has it already is edited as it is.
      const problem = form.target === stored?.target ? undefined : targetProblem(form.target);
      if (problem !== undefined) throw refuseText(`target: ${problem}`);
    },
    /** `stored`: the row that is replaced; what it names already may be gone. */
    async requireReferences(caller: Caller, ownerId: number, form: ServiceSettings, stored?: Service): Promise<void> {
      requireCoverage(caller, ownerId, coverageOf(form), reach, stored && coverageOf(stored)?.serverIds);
      requireTriggerTasks(caller, tasksOf(form), (id) => crons.get(id)?.ownerId, stored && tasksOf(stored));
      const groupOwner = form.notificationGroupId === 0 ? undefined : await notificationGroupOwner(form.notificationGroupId);
      requireNotificationGroup(caller, form.notificationGroupId, () => groupOwner, stored?.notificationGroupId);
    },
  };
}

function isCrossed({ minLatency, maxLatency }: Pick<ServiceSettings, "minLatency" | "maxLatency">): boolean {
  return maxLatency > 0 && minLatency > maxLatency;
}

function tasksOf(service: Pick<Service, "failTriggerTasks" | "recoverTriggerTasks">): number[] {
  return [...(service.failTriggerTasks ?? []), ...(service.recoverTriggerTasks ?? [])];
}

export type ServiceChecks = ReturnType<typeof createServiceChecks>;
