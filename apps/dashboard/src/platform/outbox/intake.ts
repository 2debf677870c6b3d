import type { Changes, Queries } from "#platform/database";
import type { Message, NewMessage, OutboxLimits, Topic } from "./model.ts";
import type { Pruning } from "./pruning.ts";
import { outboxStore } from "./store.ts";

const DEAD_WHEN_FULL = "the queue of this target is full";
const DEAD_ON_ARRIVAL = "the outbox is full";

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
  const tell = async (tx: Queries, changes: Changes, message: Message | undefined, reason: string): Promise<void> => {
    if (message) await deps.topics.get(message.topic)?.settled?.(tx, changes, message, { kind: "dead", reason });
  };
  const giveUp = async (tx: Queries, changes: Changes, message: Message): Promise<void> => {
    full++;
    const { attempts, unsure } = message;
    const fate = { state: "dead", attempts, unsure, nextTryAt: 0, lastError: DEAD_WHEN_FULL } as const;
    await outboxStore.settle(tx, message.id, { ...fate, at: now() });
    await tell(tx, changes, { ...message, ...fate, settledAt: now() }, DEAD_WHEN_FULL);
  };
  /** For a message that is written already: so its topic finds it when it hears what was given up for it. */
  const makeRoom = async (tx: Queries, changes: Changes, { topic, target }: NewMessage, added: number): Promise<void> => {
    const isFull = async (): Promise<boolean> => {
      const { bytes, messages } = await outboxStore.pendingOf(tx, { topic, target });
      return bytes > limits.targetBytes || messages > limits.targetMessages;
    };
    if (!(await isFull())) return;
    const leastWanted = deps.topics.get(topic)?.leastWanted ?? "";
    for (const id of await outboxStore.expendable(tx, { topic, target, leastWanted })) {
      if (id === added) continue;
      if (!(await isFull())) return;
      const message = await outboxStore.get(tx, id);
      // With one that was given up, its topic may have cancelled others.
      if (message?.state === "waiting") await giveUp(tx, changes, message);
    }
  };

  return {
    /**
     * The new message's id.
     *
     * @throws {RangeError} when the payload is larger than one message may be: who renders it cuts it
     */
    async add(tx: Queries, changes: Changes, message: NewMessage): Promise<number> {
      const payload = JSON.stringify(message.payload);
      const bytes = Buffer.byteLength(payload);
      if (bytes > limits.messageBytes) throw new RangeError(`a message of ${bytes} bytes is larger than ${limits.messageBytes}`);
      await deps.prune(tx, message);
      if (!(await hasRoom(tx, bytes))) {
        full++;
        const id = await outboxStore.insert(tx, message, { payload, state: "dead", at: now(), lastError: DEAD_ON_ARRIVAL });
        await tell(tx, changes, await outboxStore.get(tx, id), DEAD_ON_ARRIVAL);
        return id;
      }
      total += bytes;
      const id = await outboxStore.insert(tx, message, { payload, state: "waiting", at: now(), lastError: "" });
      await makeRoom(tx, changes, message, id);
      return id;
    },
    get full() {
      return full;
    },
  };
}
