import type { Clock } from "@windfire/kit";
import type { Agents } from "#kernel";
import type { Message, NewMessage, Outcome, Topic } from "#platform/outbox";
import type { AlertRule } from "./model.ts";
import type { AlertRules } from "./store.ts";

/** As the outbox names the crons that alerts start. */
export const TASK_TOPIC = "alert-task";
/** What an earlier process left behind waits so long after a start for the agent to come back. */
const GRACE_MS = 60_000;
const AGAIN_MS = 3_000;
const ATTEMPT_MS = 10_000;

interface Payload {
  readonly serverId: number;
  readonly ownerId: number;
  readonly cronIds: readonly number[];
}

export interface TaskDeps {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly alerts: Pick<AlertRules, "get">;
  readonly agents: Pick<Agents, "where">;
  readonly trigger: (cronIds: readonly number[], event: { readonly serverId: number; readonly ownerId: number }) => Promise<void>;
}

/** Crons that a rule starts on a server; one rule's go out one after the other, so that what repairs does not overtake what failed. */
export function taskMessage({ id, ownerId }: Pick<AlertRule, "id" | "ownerId">, serverId: number, cronIds: readonly number[]): NewMessage {
  const payload: Payload = { serverId, ownerId, cronIds };
  return { topic: TASK_TOPIC, target: String(id), lane: `task ${id} ${serverId}`, payload };
}

/**
 * Starts crons that follow from alerts, each once: a crash while they are handed to agents may repeat them, one before that does not lose
 * them.
 */
export function createTaskTopic({ clock, alerts, agents, trigger }: TaskDeps): Topic {
  const started = { wall: clock.now(), at: clock.monotonic() };
  const mayComeBack = (createdAt: number): boolean => createdAt < started.wall && clock.monotonic() - started.at < GRACE_MS;
  return {
    name: TASK_TOPIC,
    attemptMs: ATTEMPT_MS,
    ownerOf: (target) => String(alerts.get(Number(target))?.ownerId ?? 0),
    retryAfter: () => AGAIN_MS,
    async send(message: Message): Promise<Outcome> {
      // The room wrote the payload itself.
      const { serverId, ownerId, cronIds } = message.payload as Payload;
      if (!alerts.get(Number(message.target))) return { kind: "cancelled", reason: "the rule is gone" };
      if (mayComeBack(message.createdAt) && (await agents.where(serverId)) === "offline")
        return { kind: "retry", reason: "the agent is not back yet" };
      await trigger(cronIds, { serverId, ownerId });
      return { kind: "delivered" };
    },
  };
}
