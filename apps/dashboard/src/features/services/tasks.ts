import type { Triggers } from "#features/cron";
import type { Changes, Queries } from "#platform/database";
import type { ProbeEffect } from "./engine.ts";
import { serviceStore } from "./store.ts";

type TaskList = Extract<ProbeEffect, { readonly kind: "tasks" }>["list"];

/** Crons that follow from a change of a service's state, by the lists as they are stored now: it may have been saved since the result. */
export async function startTasks(
  triggers: Pick<Triggers, "add">,
  tx: Queries,
  changes: Changes,
  { serviceId, serverId, lists }: { readonly serviceId: number; readonly serverId: number; readonly lists: readonly TaskList[] },
): Promise<void> {
  const service = lists.length === 0 ? undefined : await serviceStore.find(tx, serviceId);
  if (service?.enableTriggerTask !== true) return;
  for (const list of lists) {
    const cronIds = (list === "fail" ? service.failTriggerTasks : service.recoverTriggerTasks) ?? [];
    await triggers.add(tx, changes, { sourceId: serviceId, lane: `${serviceId}`, serverId, ownerId: service.ownerId, cronIds });
  }
}
