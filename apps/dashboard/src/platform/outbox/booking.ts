import type { Clock } from "@windfire/kit";
import type { Changes, Queries } from "#platform/database";
import type { Message, Outcome, Topic } from "./model.ts";
import { outboxStore } from "./store.ts";

/** What is kept of a target is cut each time that many attempts ended. */
const PRUNE_EVERY = 100;
const STATE_AFTER = { delivered: "sent", retry: "waiting", dead: "dead", cancelled: "cancelled" } as const;

export interface BookingDeps {
  readonly clock: Clock;
  /** Messages of each target that came to an end and are kept. */
  readonly keptPerTarget: number;
}

/** Writes down what came of an attempt, and tells the topic in the same transaction. */
export function createBooking({ clock, keptPerTarget }: BookingDeps) {
  let booked = 0;
  return async (tx: Queries, changes: Changes, topic: Topic, message: Message, tried: Outcome): Promise<void> => {
    const now = clock.now();
    const tries = message.attempts + 1;
    const wait = tried.kind === "retry" ? topic.retryAfter(tries, now - message.createdAt) : undefined;
    const outcome: Outcome = tried.kind === "retry" && wait === undefined ? { kind: "dead", reason: tried.reason } : tried;
    const unsure = message.unsure || (tried.kind === "retry" && tried.unsure === true);
    const settled = {
      state: STATE_AFTER[outcome.kind],
      attempts: tries,
      unsure,
      nextTryAt: outcome.kind === "retry" ? now + Math.max(wait ?? 0, outcome.afterMs ?? 0) : 0,
      at: now,
      lastError: outcome.kind === "delivered" ? "" : outcome.reason,
    };
    await outboxStore.settle(tx, message.id, settled);
    const { at, ...fate } = settled;
    await topic.settled?.(tx, changes, { ...message, ...fate, settledAt: outcome.kind === "retry" ? 0 : at }, outcome);
    if (++booked % PRUNE_EVERY === 0) await outboxStore.prune(tx, message.topic, message.target, keptPerTarget);
  };
}
