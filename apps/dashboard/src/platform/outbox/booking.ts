import type { Clock } from "@windfire/kit";
import type { Changes, Queries } from "#platform/database";
import type { Message, Outcome, Topic } from "./model.ts";
import type { Pruning } from "./pruning.ts";
import { outboxStore } from "./store.ts";

const STATE_AFTER = { delivered: "sent", retry: "waiting", dead: "dead", cancelled: "cancelled" } as const;

export interface BookingDeps {
  readonly clock: Clock;
  readonly prune: Pruning;
}

/** Writes down what came of an attempt, and tells the topic in the same transaction. */
export function createBooking({ clock, prune }: BookingDeps) {
  return async (tx: Queries, changes: Changes, topic: Topic, message: Message, tried: Outcome): Promise<void> => {
    const now = clock.now();
    const tries = message.attempts + 1;
    const wait = tried.kind === "retry" ? topic.retryAfter(tries, now - message.createdAt) : undefined;
    const due: Outcome = tried.kind === "retry" && wait === undefined ? { kind: "dead", reason: tried.reason } : tried;
    const withdrawn = due.kind === "delivered" ? "" : await outboxStore.withdrawnFor(tx, message.id);
    const outcome: Outcome = withdrawn === "" ? due : { kind: "cancelled", reason: withdrawn };
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
    await prune(tx, message);
  };
}
