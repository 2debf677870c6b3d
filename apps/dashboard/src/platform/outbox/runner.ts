import type { Clock, Timer } from "@windfire/kit";
import type { Database } from "#platform/database";
import type { Message, Outcome, Topic } from "./model.ts";
import { outboxStore } from "./store.ts";

/** Targets sent to side by side. */
const TARGETS = 64;
/** Messages of one target that are taken at once. */
const PER_TARGET = 50;
const TAKEN = 500;
/** Time for booking what came of an attempt, beyond the attempt itself. */
const LEASE_SPARE_MS = 30_000;
/** After the database failed. */
const PAUSE_MS = 1_000;

export interface RunnerDeps {
  readonly clock: Clock;
  readonly database: Pick<Database, "kysely" | "change">;
  readonly topics: ReadonlyMap<string, Topic>;
  readonly onError: (error: unknown) => void;
}

/** Sends what waits: targets side by side, the messages of one target one after the other. */
export function createRunner({ clock, database, topics, onError }: RunnerDeps) {
  const { change } = database;
  const busy = new Map<string, Promise<void>>();
  const aborts = new Set<AbortController>();
  let timer: Timer | undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  let running = false;

  const attempt = async (topic: Topic, message: Message): Promise<Outcome> => {
    const abort = new AbortController();
    aborts.add(abort);
    const limit = clock.setTimeout(() => abort.abort(new Error("no answer in time")), topic.attemptMs);
    try {
      return await Promise.race([topic.send(message, abort.signal), rejected(abort.signal)]);
    } catch (error) {
      return { kind: "retry", reason: error instanceof Error ? error.message : String(error) };
    } finally {
      limit.cancel();
      aborts.delete(abort);
    }
  };
  const book = async (topic: Topic, message: Message, tried: Outcome): Promise<void> => {
    const now = clock.now();
    const attempts = message.attempts + 1;
    const wait = tried.kind === "retry" ? (topic.retryAfter(attempts, now - message.createdAt) ?? undefined) : undefined;
    const outcome: Outcome = tried.kind === "retry" && wait === undefined ? { kind: "dead", reason: tried.reason } : tried;
    await change(async (tx, changes) => {
      if (outcome.kind === "delivered") await outboxStore.delete(tx, [message.id]);
      else {
        const nextTryAt = outcome.kind === "retry" ? now + Math.max(wait ?? 0, outcome.afterMs ?? 0) : 0;
        const state = outcome.kind === "retry" ? "waiting" : "dead";
        await outboxStore.failed(tx, message.id, { state, attempts, nextTryAt, lastError: outcome.reason });
      }
      await topic.settled?.(tx, changes, message, outcome);
    });
  };
  const serve = async (messages: readonly Message[]): Promise<void> => {
    for (const message of messages) {
      const topic = topics.get(message.topic);
      if (!running || topic === undefined) return;
      const outcome = await attempt(topic, message);
      // Cut off by the stop: nobody knows whether it arrived. It is sent again after the start.
      if (!running && outcome.kind !== "delivered") return;
      await book(topic, message, outcome);
    }
  };
  const take = async (): Promise<void> => {
    const now = clock.now();
    const room = { perTarget: PER_TARGET, limit: TAKEN, topics: [...topics.keys()] };
    const due = await outboxStore.due(database.kysely, now, { ...room, busy: [...busy.keys()] });
    const queues = [...Map.groupBy(due, targetOf)].slice(0, TARGETS - busy.size);
    if (queues.length > 0) {
      await change(async (tx) => {
        for (const [, messages] of queues) {
          const longest = topics.get(messages[0]?.topic ?? "")?.attemptMs ?? 0;
          const ids = messages.map((message) => message.id);
          await outboxStore.lease(tx, ids, now + longest * ids.length + LEASE_SPARE_MS);
        }
      });
    }
    for (const [target, messages] of queues) {
      const done = serve(messages)
        .catch(onError)
        .finally(() => {
          busy.delete(target);
          wake();
        });
      busy.set(target, done);
    }
  };
  const look = async (): Promise<void> => {
    while (again && running) {
      again = false;
      await take();
    }
    if (!running || busy.size >= TARGETS) return;
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
      await change(async (tx) => outboxStore.releaseAll(tx));
      running = true;
      wake();
    },
    /** Attempts under way are cut off; what they left is sent after the next start. */
    async stop(): Promise<void> {
      running = false;
      timer?.cancel();
      for (const abort of aborts) abort.abort(new Error("the program stops"));
      await looking;
      await Promise.all(busy.values());
    },
    get sending() {
      return busy.size;
    },
  };
}

function targetOf(message: Message): string {
  return `${message.topic} ${message.target}`;
}

async function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason instanceof Error ? signal.reason : new Error("aborted")), { once: true });
  });
}
