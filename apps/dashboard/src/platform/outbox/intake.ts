import type { Queries } from "#platform/database";
import type { Message, NewMessage, OutboxLimits } from "./model.ts";
import { outboxStore } from "./store.ts";

/** What became of a message that was added. */
export type Added = "queued" | "dead";

export interface IntakeCounts {
  /** Messages that a full target or a full outbox gave up; each is kept as a dead letter. */
  readonly full: number;
}

/** How many of a full target's messages make room at once. */
const ROOM = 50;

/**
 * Adds messages in the transaction of the change they follow from. A target that is full gives up its own oldest message, which stays as
 * a dead letter: no target can push out another's. When the whole outbox is full, the new message becomes a dead letter of its target.
 */
export function createIntake(deps: { now: () => number; limits: OutboxLimits }) {
  const { limits } = deps;
  let full = 0;
  /** Bytes that wait, at least; counted anew when it says that there is no room. */
  let total = Number.POSITIVE_INFINITY;

  const hasRoom = async (tx: Queries, bytes: number): Promise<boolean> => {
    if (total + bytes > limits.totalBytes) total = (await outboxStore.waiting(tx)).bytes;
    return total + bytes <= limits.totalBytes;
  };
  const giveUp = async (tx: Queries, message: Message): Promise<void> => {
    full++;
    const lastError = "the queue of this target is full";
    await outboxStore.failed(tx, message.id, { state: "dead", attempts: message.attempts, nextTryAt: 0, lastError });
  };
  const makeRoom = async (tx: Queries, { topic, target }: NewMessage, bytes: number): Promise<void> => {
    let { bytes: used } = await outboxStore.waiting(tx, { topic, target });
    while (used + bytes > limits.targetBytes) {
      const oldest = await outboxStore.oldestWaiting(tx, topic, target, ROOM);
      if (oldest.length === 0) break;
      for (const message of oldest) {
        if (used + bytes <= limits.targetBytes) break;
        await giveUp(tx, message);
        used -= message.bytes;
      }
    }
    await outboxStore.pruneDead(tx, topic, target, limits.deadPerTarget);
  };

  return {
    /** @throws {RangeError} when the payload is larger than one message may be: who renders it cuts it */
    async add(tx: Queries, message: NewMessage): Promise<Added> {
      const payload = JSON.stringify(message.payload);
      const bytes = Buffer.byteLength(payload);
      if (bytes > limits.messageBytes) throw new RangeError(`a message of ${bytes} bytes is larger than ${limits.messageBytes}`);
      if (!(await hasRoom(tx, bytes))) {
        full++;
        await outboxStore.insert(tx, message, payload, "dead", deps.now(), "the outbox is full");
        await outboxStore.pruneDead(tx, message.topic, message.target, limits.deadPerTarget);
        return "dead";
      }
      await makeRoom(tx, message, bytes);
      await outboxStore.insert(tx, message, payload, "waiting", deps.now());
      total += bytes;
      return "queued";
    },
    get full() {
      return full;
    },
  };
}

export type Intake = ReturnType<typeof createIntake>;
