import { backOffCeiling } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import { DatabaseError } from "#platform/database";
import type { Database } from "#platform/database";
import { createAttempts } from "./attempts.ts";
import { createBooking } from "./booking.ts";
import type { Message, Outcome, Topic } from "./model.ts";
import type { Pruning } from "./pruning.ts";
import { dueMessages } from "./due.ts";
import { outboxStore } from "./store.ts";

/** Messages of one target that are looked up at once. */
const PER_TARGET = 50;
/** Time for booking what came of an attempt, beyond the attempt itself. */
const LEASE_SPARE_MS = 30_000;
const BOOK_AGAIN = { baseMs: 500, maxMs: 30_000 };

export interface ServingDeps {
  readonly clock: Clock;
  readonly database: Pick<Database, "kysely" | "change">;
  readonly prune: Pruning;
  readonly isRunning: () => boolean;
  readonly maySend?: () => boolean;
  readonly onError: (error: unknown) => void;
}

/** Sends what is due for one target, one message after the other. */
export function createServing({ clock, database, prune, isRunning, maySend = () => true, onError }: ServingDeps) {
  const { change } = database;
  const pauses = new Set<() => void>();
  const attempts = createAttempts(clock);
  const book = createBooking({ clock, prune });
  const claim = (topic: Topic, ids: readonly number[]): Promise<Message[]> =>
    change(async (tx) => {
      const until = clock.now() + topic.attemptMs + LEASE_SPARE_MS;
      const claimed: Message[] = [];
      for (const id of ids) {
        const message = await outboxStore.claim(tx, id, until);
        if (message !== undefined) claimed.push(message);
      }
      return claimed;
    });
  /** Whether the target may be sent to now; what waits for it is put off otherwise. */
  const isOpen = async (topic: Topic, target: string): Promise<boolean> => {
    const until = topic.heldUntil?.(target) ?? 0;
    if (until <= clock.now()) return true;
    await change((tx) => outboxStore.postpone(tx, topic.name, target, until));
    return false;
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const goOn = (): void => {
        timer.cancel();
        pauses.delete(goOn);
        resolve();
      };
      const timer = clock.setTimeout(goOn, ms);
      pauses.add(goOn);
    });
  /** What was tried is not tried again because the database is full or busy: it is booked as soon as that is over. */
  const settle = async (topic: Topic, messages: readonly Message[], outcomes: readonly Outcome[]): Promise<void> => {
    for (let failures = 0; ; failures++) {
      try {
        await change(async (tx, changes) => {
          for (const [index, message] of messages.entries())
            await book(tx, changes, topic, message, outcomes[index] ?? { kind: "retry", reason: "no outcome", unsure: true });
        });
        return;
      } catch (error) {
        if (!(error instanceof DatabaseError) || !error.isRetryable || !isRunning()) throw error;
        onError(error);
      }
      await pause(backOffCeiling(BOOK_AGAIN, failures));
    }
  };
  const serve = async (topic: Topic, target: string): Promise<void> => {
    const most = topic.join?.most(target) ?? 1;
    const ids = await dueMessages.of(database.kysely, clock.now(), { topic: topic.name, target }, Math.max(PER_TARGET, most));
    for (let from = 0; from < ids.length; from += most) {
      if (!isRunning() || !(await isOpen(topic, target))) return;
      const messages = await claim(topic, ids.slice(from, from + most));
      if (messages.length === 0) continue;
      // Stopped meanwhile: nobody would cut an attempt off that begins now. The next start, here or elsewhere, takes them up.
      if (!isRunning() || !maySend()) return;
      const outcomes = await attempts.run(topic, messages);
      // Cut off by the stop: nobody knows whether it arrived. It is sent again after the start.
      if (!isRunning() && outcomes.some(({ kind }) => kind !== "delivered")) return;
      await settle(topic, messages, outcomes);
    }
  };
  return {
    serve,
    abort(): void {
      attempts.abort();
      for (const goOn of pauses) goOn();
    },
  };
}
