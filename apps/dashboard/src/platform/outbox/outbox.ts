import type { Clock } from "@windfire/kit";
import type { Changes, Database, Queries } from "#platform/database";
import { endedMessages } from "./ended.ts";
import { createIntake } from "./intake.ts";
import { OUTBOX_LIMITS } from "./model.ts";
import type { Message, NewMessage, OutboxLimits, Topic } from "./model.ts";
import { createPruning } from "./pruning.ts";
import { createRunner } from "./runner.ts";
import { dueMessages } from "./due.ts";
import { outboxStore } from "./store.ts";
import type { MessageFilter } from "./message-filter.ts";

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
  /** Adds a message in the transaction of the change that it follows from; its id. */
  add(tx: Queries, changes: Changes, message: NewMessage): Promise<number>;
  /** Newest first, at most `limit`; in a transaction also what it has written. */
  find(where: MessageFilter, limit: number, queries?: Queries): Promise<readonly Message[]>;
  get(id: number): Promise<Message | undefined>;
  /** When the first of a target's messages that were never tried goes out, if that is still to come: others may go with it. */
  nextUntried(tx: Queries, where: { readonly topic: string; readonly target: string }): Promise<number | undefined>;
  /** Messages that wait are cancelled with a reason; attempts under way are not torn. */
  cancel(tx: Queries, changes: Changes, ids: readonly number[], reason: string): Promise<void>;
  /**
   * What they were about is gone: all that wait and fit are cancelled, and so is what is under way unless it is delivered; what was given up is
   * tried again by hand alone. How many were cancelled.
   */
  withdraw(tx: Queries, changes: Changes, where: MessageFilter, reason: string): Promise<number>;
  /** A dead letter, or a target's since a time that nothing has overtaken in their lanes, is tried again at once; how many they were. */
  sendAgain(
    tx: Queries,
    changes: Changes,
    where: { readonly id: number } | { topic: string; target: string; since: number },
  ): Promise<number>;
  /** Targets are no more: everything about them goes. */
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
  /** What is booked of attempts is written with it; messages are added in the transactions of others. */
  readonly database: Pick<Database, "kysely" | "change">;
  /** Asked right before each attempt. Without it any may begin. */
  readonly maySend?: () => boolean;
  /** Where other processes add messages of which this one does not hear: how often to look for them. */
  readonly lookEveryMs?: number;
  readonly onError: (error: unknown) => void;
  readonly limits?: OutboxLimits;
}

/** See {@link Outbox}. */
export function createOutbox(deps: OutboxDeps): Outbox {
  const { clock, database, limits = OUTBOX_LIMITS } = deps;
  const topics = new Map<string, Topic>();
  const prune = createPruning({ now: () => clock.now(), limits, topics });
  const intake = createIntake({ now: () => clock.now(), limits, topics, prune });
  const runner = createRunner({ ...deps, topics, prune });
  return {
    handle(topic) {
      if (topics.has(topic.name)) throw new Error(`the topic ${topic.name} is handled twice`);
      topics.set(topic.name, topic);
    },
    async add(tx, changes, message) {
      const id = await intake.add(tx, changes, message);
      changes.afterwards(runner.wake);
      return id;
    },
    find: (where, limit, queries = database.kysely) => outboxStore.find(queries, where, limit),
    get: (id) => outboxStore.get(database.kysely, id),
    nextUntried: (tx, where) => dueMessages.nextUntried(tx, clock.now(), where),
    async cancel(tx, changes, ids, reason) {
      await outboxStore.cancel(tx, ids, reason, clock.now());
      changes.afterwards(runner.wake);
    },
    async withdraw(tx, changes, where, reason) {
      const cancelled = await outboxStore.withdraw(tx, where, reason, clock.now());
      changes.afterwards(runner.wake);
      return cancelled;
    },
    async sendAgain(tx, changes, where) {
      const which = "id" in where ? where : { ...where, closes: topics.get(where.topic)?.closes ?? "" };
      const revived = await endedMessages.revive(tx, which, clock.now());
      changes.afterwards(runner.wake);
      return revived;
    },
    dropTargets: (tx, topic, targets) => outboxStore.deleteTargets(tx, topic, targets),
    start: runner.start,
    stop: runner.stop,
    async stats() {
      const { messages, bytes, oldest } = await outboxStore.pending(database.kysely);
      return { waiting: messages, bytes, oldest, sending: runner.sending, full: intake.full };
    },
  };
}
