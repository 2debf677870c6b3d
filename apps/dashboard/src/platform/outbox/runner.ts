import type { Clock, Timer } from "@windfire/kit";
import type { Changes, Database, Queries } from "#platform/database";
import { createAttempts } from "./attempts.ts";
import { SENDING, SENDING_PER_OWNER } from "./model.ts";
import type { Message, Outcome, Topic } from "./model.ts";
import { outboxStore } from "./store.ts";

/** Messages of one target that are looked up at once. */
const PER_TARGET = 50;
/** Targets that are looked at to find some whose owners may send. */
const LOOKED_AT = 5_000;
/** Time for booking what came of an attempt, beyond the attempt itself. */
const LEASE_SPARE_MS = 30_000;
/** After the database failed. */
const PAUSE_MS = 1_000;
/** What is kept of a target is cut each time that many attempts ended. */
const PRUNE_EVERY = 100;

export interface RunnerDeps {
  readonly clock: Clock;
  readonly database: Pick<Database, "kysely" | "change">;
  readonly topics: ReadonlyMap<string, Topic>;
  /** Messages of each target that came to an end and are kept. */
  readonly keptPerTarget: number;
  readonly onError: (error: unknown) => void;
}

/** Sends what waits: targets side by side, the messages of one target one after the other. */
export function createRunner({ clock, database, topics, keptPerTarget, onError }: RunnerDeps) {
  const { change } = database;
  const busy = new Map<string, { readonly owner: string; readonly done: Promise<void> }>();
  const attempts = createAttempts(clock);
  let timer: Timer | undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  let running = false;
  let booked = 0;

  const book = async (tx: Queries, changes: Changes, topic: Topic, message: Message, tried: Outcome): Promise<void> => {
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
  const serve = async (topic: Topic, target: string): Promise<void> => {
    const most = topic.join?.most(target) ?? 1;
    const ids = await outboxStore.dueOf(database.kysely, clock.now(), { topic: topic.name, target }, Math.max(PER_TARGET, most));
    for (let from = 0; from < ids.length; from += most) {
      if (!running || !(await isOpen(topic, target))) return;
      const messages = await claim(topic, ids.slice(from, from + most));
      if (messages.length === 0) continue;
      const outcomes = await attempts.run(topic, messages);
      // Cut off by the stop: nobody knows whether it arrived. It is sent again after the start.
      if (!running && outcomes.some(({ kind }) => kind !== "delivered")) return;
      await change(async (tx, changes) => {
        for (const [index, message] of messages.entries())
          await book(tx, changes, topic, message, outcomes[index] ?? { kind: "retry", reason: "no outcome", unsure: true });
      });
    }
  };
  /** Targets that may be sent to now: nobody's targets take the places of everybody else's. */
  const choose = async (): Promise<{ topic: Topic; target: string; owner: string }[]> => {
    const bounds = { topics: [...topics.keys()], busy: [...busy.keys()], limit: LOOKED_AT };
    const due = await outboxStore.dueTargets(database.kysely, clock.now(), bounds);
    const sending = Map.groupBy(busy.values(), ({ owner }) => owner);
    const places = new Map([...sending].map(([owner, targets]) => [owner, targets.length]));
    return due
      .flatMap(({ topic: name, target }) => {
        const topic = topics.get(name);
        return topic === undefined ? [] : [{ topic, target, owner: `${name} ${topic.ownerOf(target)}` }];
      })
      .filter(({ owner }) => {
        const taken = places.get(owner) ?? 0;
        places.set(owner, taken + 1);
        return taken < SENDING_PER_OWNER;
      })
      .slice(0, SENDING - busy.size);
  };
  const take = async (): Promise<void> => {
    for (const { topic, target, owner } of await choose()) {
      const name = `${topic.name} ${target}`;
      const done = serve(topic, target)
        .catch(onError)
        .finally(() => {
          busy.delete(name);
          wake();
        });
      busy.set(name, { owner, done });
    }
  };
  const look = async (): Promise<void> => {
    while (again && running) {
      again = false;
      await take();
    }
    if (!running || busy.size >= SENDING) return;
    const next = await outboxStore.nextDue(database.kysely, [...busy.keys()]);
    timer?.cancel();
    if (next !== undefined) timer = clock.setTimeout(wake, Math.max(1, next - clock.now()));
  };
  const wake = (): void => {
    again = true;
    if (!running || looking !== undefined) return;
    looking = look()
      .catch((error: unknown) => {
        onError(error);
        timer?.cancel();
        timer = clock.setTimeout(wake, PAUSE_MS);
        again = false;
      })
      .finally(() => {
        looking = undefined;
        if (again) wake();
      });
  };

  return {
    wake,
    /** Takes up what an earlier process left: nobody sends it any more. */
    async start(): Promise<void> {
      await change((tx) => outboxStore.takeBack(tx, clock.now()));
      running = true;
      wake();
    },
    /** Attempts under way are cut off; what they left is sent after the next start. */
    async stop(): Promise<void> {
      running = false;
      timer?.cancel();
      attempts.abort();
      await looking;
      await Promise.all([...busy.values()].map(({ done }) => done));
    },
    get sending() {
      return busy.size;
    },
  };
}

const STATE_AFTER = { delivered: "sent", retry: "waiting", dead: "dead", cancelled: "cancelled" } as const;
