import type { Clock } from "@windfire/kit";
import type { Message, Outcome, Topic } from "./model.ts";

/** Tries to send, each within its time. What fails without an outcome may have arrived. */
export function createAttempts(clock: Clock) {
  const aborts = new Set<AbortController>();
  return {
    /** One outcome for each message, in their order. */
    async run(topic: Topic, messages: readonly Message[]): Promise<readonly Outcome[]> {
      const abort = new AbortController();
      aborts.add(abort);
      const limit = clock.setTimeout(() => abort.abort(new Error("no answer in time")), topic.attemptMs);
      try {
        return await Promise.race([send(topic, messages, abort.signal), rejected(abort.signal)]);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return messages.map(() => ({ kind: "retry", reason, unsure: true }));
      } finally {
        limit.cancel();
        aborts.delete(abort);
      }
    },
    /** Cuts off what is under way: the program stops. */
    abort(): void {
      for (const abort of aborts) abort.abort(new Error("the program stops"));
    },
  };
}

async function send(topic: Topic, messages: readonly Message[], signal: AbortSignal): Promise<readonly Outcome[]> {
  const [first] = messages;
  if (first !== undefined && messages.length === 1) return [await topic.send(first, signal)];
  return topic.join?.send(messages, signal) ?? [];
}

async function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason instanceof Error ? signal.reason : new Error("aborted")), { once: true });
  });
}
