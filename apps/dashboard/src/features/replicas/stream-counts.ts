import type { StreamRegistry } from "#features/relay";
import type { StreamCounts } from "./model.ts";
import type { Peers } from "./peers.ts";

/** The streams that this replica keeps. */
export function countStreams(streams: Pick<StreamRegistry, "list">, viewers: number): StreamCounts {
  const users = new Map<number, number>();
  const all = streams.list();
  for (const { creatorId } of all) if (creatorId !== 0) users.set(creatorId, (users.get(creatorId) ?? 0) + 1);
  return { total: all.length, users, viewers };
}

/** The streams that the others keep, as they told last. */
export function streamsElsewhere(peers: Pick<Peers, "logs">) {
  const sum = (count: (streams: StreamCounts) => number): number => {
    let all = 0;
    for (const [, { log }] of peers.logs()) all += count(log.streams);
    return all;
  };
  return {
    total: (): number => sum(({ total }) => total),
    ofUser: (userId: number): number => sum(({ users }) => users.get(userId) ?? 0),
  };
}
