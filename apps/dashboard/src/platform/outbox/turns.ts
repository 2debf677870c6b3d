import { SENDING, SENDING_PER_OWNER } from "./model.ts";
import type { Topic } from "./model.ts";

/** A target whose messages may be sent now. */
export interface Turn {
  readonly topic: Topic;
  readonly target: string;
  /** On whose account it is. */
  readonly owner: string;
}

/**
 * Who of those that are due is sent to next: nobody's targets take the places of everybody else's. `sending` names the owner of each
 * target that is being sent to, as often as it has one.
 */
export function turnsOf(
  due: readonly { readonly topic: string; readonly target: string }[],
  { topics, sending }: { readonly topics: ReadonlyMap<string, Topic>; readonly sending: readonly string[] },
): Turn[] {
  const places = new Map<string, number>();
  for (const owner of sending) places.set(owner, (places.get(owner) ?? 0) + 1);
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
    .slice(0, SENDING - sending.length);
}
