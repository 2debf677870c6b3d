import type { Clock } from "@windfire/kit";
import type { Changes, Database, Queries } from "#platform/database";
import { createIntake } from "./intake.ts";
import type { Added } from "./intake.ts";
import { OUTBOX_LIMITS } from "./model.ts";
import type { Message, NewMessage, OutboxLimits, Topic } from "./model.ts";
import { createRunner } from "./runner.ts";
import { outboxStore } from "./store.ts";

/**
 * Messages that must go out after a change, and do: written in its transaction, sent after the commit, repeated until delivered or given
 * up, and kept as dead letters then. A crash repeats at most the attempts that were under way.
 *
 * Durability is that of the database (WAL, synchronous NORMAL): a power cut may take back the last commits, whole — the change, its
 * message and what was booked of attempts — so a message may be sent twice but a change is never left without its message.
 */
export interface Outbox {
  /** Declares who sends a topic. To be called before `start`. */
  handle(topic: Topic): void;
  /** Adds a message in the transaction of the change that it follows from. */
  add(tx: Queries, changes: Changes, message: NewMessage): Promise<Added>;
  /** Newest first, at most `limit`. */
  list(where: { topic: string; target?: string; state?: Message["state"] }, limit: number): Promise<readonly Message[]>;
  get(id: number): Promise<Message | undefined>;
  /** A dead letter is tried again at once, as if it were new. `false` when it is none. */
  sendAgain(tx: Queries, changes: Changes, id: number): Promise<boolean>;
  /** Takes a message out that nobody is sending; `false` when it is gone or under way. */
  cancel(tx: Queries, id: number): Promise<boolean>;
  /** Targets are no more: what waits for them goes too. */
  dropTargets(tx: Queries, topic: string, targets: readonly string[]): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  stats(): Promise<OutboxStats>;
}

export interface OutboxStats {
  readonly waiting: number;
  readonly bytes: number;
  /** When the oldest waiting message was added, Unix milliseconds; 0 when none waits. */
  readonly oldest: number;
  /** Targets that are being sent to. */
  readonly sending: number;
  /** Messages that a full queue gave up since the start. */
  readonly full: number;
}

export interface OutboxDeps {
  readonly clock: Clock;
  readonly database: Pick<Database, "kysely" | "change">;
  readonly onError: (error: unknown) => void;
  readonly limits?: OutboxLimits;
}

/** See {@link Outbox}. */
export function createOutbox({ clock, database, onError, limits = OUTBOX_LIMITS }: OutboxDeps): Outbox {
  const topics = new Map<string, Topic>();
  const intake = createIntake({ now: () => clock.now(), limits });
  const runner = createRunner({ clock, database, topics, onError });
  return {
    handle(topic) {
      if (topics.has(topic.name)) throw new Error(`the topic ${topic.name} is handled twice`);
      topics.set(topic.name, topic);
    },
    async add(tx, changes, message) {
      const added = await intake.add(tx, message);
      changes.afterwards(runner.wake);
      return added;
    },
    list: (where, limit) => outboxStore.list(database.kysely, where, limit),
    get: (id) => outboxStore.get(database.kysely, id),
    async sendAgain(tx, changes, id) {
      const message = await outboxStore.get(tx, id);
      if (message?.state !== "dead") return false;
      await outboxStore.failed(tx, id, { state: "waiting", attempts: 0, nextTryAt: clock.now(), lastError: message.lastError });
      changes.afterwards(runner.wake);
      return true;
    },
    cancel: (tx, id) => outboxStore.cancel(tx, id, clock.now()),
    dropTargets: (tx, topic, targets) => outboxStore.deleteTargets(tx, topic, targets),
    start: runner.start,
    stop: runner.stop,
    async stats() {
      const { messages, bytes, oldest } = await outboxStore.waiting(database.kysely);
      return { waiting: messages, bytes, oldest, sending: runner.sending, full: intake.full };
    },
  };
}
