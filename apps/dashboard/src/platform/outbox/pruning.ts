import type { Queries } from "#platform/database";
import { endedMessages } from "./ended.ts";
import type { OutboxLimits, Topic } from "./model.ts";

/** What is kept of a target is cut with its first message since the start, and each time that many more were added or came to an end. */
const PRUNE_EVERY = 100;
/** Targets whose messages are counted; more begin anew. */
const MOST_TARGETS = 10_000;
/** What a lane's target was told last is known so long. */
const KNOWN_MS = 90 * 86_400_000;

export interface PruningDeps {
  readonly now: () => number;
  readonly limits: Pick<OutboxLimits, "keptPerTarget" | "keptBytes">;
  readonly topics: ReadonlyMap<string, Topic>;
}

/**
 * Keeps what is left of messages that came to an end within bounds, whichever way they ended: also those of a target that takes nothing
 * for hours, whose queue gives up one message for each new one.
 */
export function createPruning({ now, limits, topics }: PruningDeps) {
  const counted = new Map<string, number>();
  /** One more message of a target was added, or came to an end. */
  return async (tx: Queries, { topic, target }: { readonly topic: string; readonly target: string }): Promise<void> => {
    const name = `${topic} ${target}`;
    const left = counted.get(name) ?? 0;
    if (left === 0 && counted.size >= MOST_TARGETS) counted.clear();
    counted.set(name, left === 0 ? PRUNE_EVERY - 1 : left - 1);
    if (left > 0) return;
    const kept = { messages: limits.keptPerTarget, bytes: limits.keptBytes, since: now() - KNOWN_MS };
    await endedMessages.prune(tx, { topic, target }, { ...kept, closes: topics.get(topic)?.closes });
  };
}

export type Pruning = ReturnType<typeof createPruning>;
