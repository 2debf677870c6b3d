import type { Queries } from "#platform/database";
import type { NewMessage, OutboxLimits, Topic } from "./model.ts";
import type { Pruning } from "./pruning.ts";
import { outboxStore } from "./store.ts";

const DEAD_WHEN_FULL = "the queue of this target is full";

/**
 * Adds messages in the transaction of the change they follow from. A target that is full gives up its own oldest message, which stays as
 * a dead letter: no target can push out another's. When the whole outbox is full, the new message becomes a dead letter of its target.
 */
export function createIntake(deps: { now: () => number; limits: OutboxLimits; topics: ReadonlyMap<string, Topic>; prune: Pruning }) {
  const { limits, now } = deps;
  let full = 0;
  /** Bytes that wait, at least; counted anew when it says that there is no room. */
  let total = Number.POSITIVE_INFINITY;

  const hasRoom = async (tx: Queries, bytes: number): Promise<boolean> => {
    if (total + bytes > limits.totalBytes) total = (await outboxStore.pending(tx)).bytes;
    return total + bytes <= limits.totalBytes;
  };
  const makeRoom = async (tx: Queries, { topic, target }: NewMessage, bytes: number): Promise<void> => {
    let { bytes: used, messages } = await outboxStore.pending(tx, { topic, target });
    const isFull = (): boolean => used + bytes > limits.targetBytes || messages >= limits.targetMessages;
    if (!isFull()) return;
    const unwanted = deps.topics.get(topic)?.leastWanted;
    const oldest = (await outboxStore.find(tx, { topic, target, states: ["waiting"] }, Number.MAX_SAFE_INTEGER)).toReversed();
    const order = [...oldest.filter(({ kind }) => kind === unwanted), ...oldest.filter(({ kind }) => kind !== unwanted)];
    for (const { id, attempts, unsure, bytes: size } of order) {
      if (!isFull()) return;
      full++;
      used -= size;
      messages--;
      await outboxStore.settle(tx, id, { state: "dead", attempts, unsure, nextTryAt: 0, at: now(), lastError: DEAD_WHEN_FULL });
    }
  };

  return {
    /**
     * The new message's id.
     *
     * @throws {RangeError} when the payload is larger than one message may be: who renders it cuts it
     */
    async add(tx: Queries, message: NewMessage): Promise<number> {
      const payload = JSON.stringify(message.payload);
      const bytes = Buffer.byteLength(payload);
      if (bytes > limits.messageBytes) throw new RangeError(`a message of ${bytes} bytes is larger than ${limits.messageBytes}`);
      await deps.prune(tx, message);
      if (!(await hasRoom(tx, bytes))) {
        full++;
        return outboxStore.insert(tx, message, { payload, state: "dead", at: now(), lastError: "the outbox is full" });
      }
      await makeRoom(tx, message, bytes);
      total += bytes;
      return outboxStore.insert(tx, message, { payload, state: "waiting", at: now(), lastError: "" });
    },
    get full() {
      return full;
    },
  };
}
