import { backOffCeiling } from "@windfire/kit";
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
/** Tries after that pause: enough for the grace. Then the pauses double. */
const QUICK_TRIES = 20;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** What cannot be started for a day stays as a dead letter: the next of its rule and server go on. */
const GIVE_UP_MS = 86_400_000;
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
  readonly log: { warn(text: string, details?: object): void };
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
export function createTaskTopic({ clock, alerts, agents, trigger, log }: TaskDeps): Topic {
  const started = { wall: clock.now(), at: clock.monotonic() };
  const mayComeBack = (createdAt: number): boolean => createdAt < started.wall && clock.monotonic() - started.at < GRACE_MS;
  return {
    name: TASK_TOPIC,
    attemptMs: ATTEMPT_MS,
    ownerOf: (target) => String(alerts.get(Number(target))?.ownerId ?? 0),
    retryAfter: (attempts, ageMs) =>
      ageMs >= GIVE_UP_MS ? undefined : backOffCeiling({ baseMs: AGAIN_MS, maxMs: LONGEST_PAUSE_MS }, Math.max(0, attempts - QUICK_TRIES)),
    async send(message: Message): Promise<Outcome> {
      // The room wrote the payload itself.
      const { serverId, ownerId, cronIds } = message.payload as Payload;
      if (!alerts.get(Number(message.target))) return { kind: "cancelled", reason: "the rule is gone" };
      if (mayComeBack(message.createdAt) && (await agents.where(serverId)) === "offline")
        return { kind: "retry", reason: "the agent is not back yet" };
      await trigger(cronIds, { serverId, ownerId });
      return { kind: "delivered" };
    },
    async settled(_tx, _changes, { target }, outcome) {
      if (outcome.kind === "dead") log.warn("the tasks of an alert were given up", { id: Number(target), reason: outcome.reason });
    },
  };
}
