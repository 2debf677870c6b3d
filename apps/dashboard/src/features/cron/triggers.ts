import { backOffCeiling } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import type { Agents } from "#kernel";
import type { Changes, Queries } from "#platform/database";
import type { Message, Outbox, Outcome, Topic } from "#platform/outbox";
import type { CronRuns } from "./runs.ts";

/** As the outbox names the crons that alert rules and services start; never renamed. */
export const TRIGGER_TOPICS = ["alert-task", "service-task"] as const;
export type TriggerTopic = (typeof TRIGGER_TOPICS)[number];

/** What an earlier process left behind waits so long after a start for the agent to come back. */
const GRACE_MS = 60_000;
const AGAIN_MS = 3_000;
/** Tries after that pause: enough for the grace. Then the pauses double. */
const QUICK_TRIES = 20;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** What cannot be started for a day stays as a dead letter: those behind it go on. */
const GIVE_UP_MS = 86_400_000;
const ATTEMPT_MS = 10_000;

/** What a message of these topics holds. */
export interface TriggerPayload {
  /** The server on which the rule fails, or which saw the service change. */
  readonly serverId: number;
  /** Owner of the rule or service. */
  readonly ownerId: number;
  readonly cronIds: readonly number[];
}

/** Crons to be started by a rule or a service. */
export interface Triggered extends TriggerPayload {
  /** The rule or service. */
  readonly sourceId: number;
  /** What is of one lane is started one after the other, so that what repairs does not overtake what failed. */
  readonly lane: string;
}

export interface TriggerDeps {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly outbox: Pick<Outbox, "handle" | "add" | "withdraw" | "dropTargets">;
  readonly agents: Pick<Agents, "where">;
  readonly log: { warn(text: string, details?: object): void };
  readonly trigger: CronRuns["trigger"];
  /** Owner of a rule or service, `undefined` when it is gone. */
  readonly ownerOf: (sourceId: number) => number | undefined;
}

/** Starts of crons that follow from rules or services, in the transaction of what they follow from. */
export interface Triggers {
  /** Nothing where no cron is named. */
  add(tx: Queries, changes: Changes, triggered: Triggered): Promise<void>;
  /** What waits of a rule or service is not started any more. */
  cancel(tx: Queries, changes: Changes, sourceId: number, reason: string): Promise<void>;
  /** Rules or services are no more. */
  drop(tx: Queries, sourceIds: readonly number[]): Promise<void>;
}

/** Declares a topic of the outbox's: a crash while crons are handed to agents may repeat them, one before that does not lose them. */
export function createTriggers(topic: TriggerTopic, deps: TriggerDeps): Triggers {
  const { outbox } = deps;
  outbox.handle(topicOf(topic, deps));
  return {
    async add(tx, changes, { sourceId, lane, serverId, ownerId, cronIds }) {
      if (cronIds.length === 0) return;
      const payload: TriggerPayload = { serverId, ownerId, cronIds };
      await outbox.add(tx, changes, { topic, target: String(sourceId), lane: `task ${lane}`, event: ownedBy(ownerId), payload });
    },
    async cancel(tx, changes, sourceId, reason) {
      await outbox.withdraw(tx, changes, { topic, target: String(sourceId) }, reason);
    },
    drop: (tx, sourceIds) => outbox.dropTargets(tx, topic, sourceIds.map(String)),
  };
}

/** Whose rule or service it is, as the outbox can look for it. */
export const ownedBy = (ownerId: number): string => `owner ${ownerId}`;

interface TriggerLists {
  readonly failTriggerTasks: readonly number[] | null;
  readonly recoverTriggerTasks: readonly number[] | null;
}

/** Whether two settings start the same crons in the same order. */
export function startSameCrons(a: TriggerLists, b: TriggerLists): boolean {
  const lists = ({ failTriggerTasks, recoverTriggerTasks }: TriggerLists): string =>
    JSON.stringify([failTriggerTasks ?? [], recoverTriggerTasks ?? []]);
  return lists(a) === lists(b);
}

/** The room wrote the payload itself. */
export function triggerPayloadOf(message: Pick<Message, "payload">): TriggerPayload {
  return message.payload as TriggerPayload;
}

function topicOf(name: TriggerTopic, { clock, agents, log, trigger, ownerOf }: TriggerDeps): Topic {
  const started = { wall: clock.now(), at: clock.monotonic() };
  const mayComeBack = (createdAt: number): boolean => createdAt < started.wall && clock.monotonic() - started.at < GRACE_MS;
  return {
    name,
    attemptMs: ATTEMPT_MS,
    ownerOf: (target) => String(ownerOf(Number(target)) ?? 0),
    retryAfter: (attempts, ageMs) =>
      ageMs >= GIVE_UP_MS ? undefined : backOffCeiling({ baseMs: AGAIN_MS, maxMs: LONGEST_PAUSE_MS }, Math.max(0, attempts - QUICK_TRIES)),
    async send(message): Promise<Outcome> {
      const { serverId, ownerId, cronIds } = triggerPayloadOf(message);
      if (ownerOf(Number(message.target)) === undefined) return { kind: "cancelled", reason: "what started it is gone" };
      if (mayComeBack(message.createdAt) && (await agents.where(serverId)) === "offline")
        return { kind: "retry", reason: "the agent is not back yet" };
      await trigger(cronIds, { serverId, ownerId });
      return { kind: "delivered" };
    },
    async settled(_tx, _changes, { target }, outcome) {
      if (outcome.kind === "dead") log.warn("tasks were given up", { topic: name, id: Number(target), reason: outcome.reason });
    },
  };
}
