import type { OnlineList, OnlineUsers } from "#access/protection";
import type { Bus } from "#platform/bus";
import { ANSWER_MS } from "./limits.ts";
import { viewersMessage, viewingMessage } from "./messages.ts";
import type { Peers } from "./peers.ts";

export interface ViewerDeps {
  readonly bus: Pick<Bus, "answer" | "request">;
  readonly peers: Pick<Peers, "ids" | "logs">;
  readonly viewers: Pick<OnlineUsers, "count" | "list">;
}

/** Who looks at all servers through the other replicas. */
export function viewersElsewhere({ bus, peers, viewers }: ViewerDeps) {
  bus.answer("viewers", (_from, question) => {
    const asked = viewersMessage.decode(question);
    const users = viewers.list({ offset: 0, limit: asked?.most ?? 0 });
    return viewingMessage.encode({ total: viewers.count, users: users.map(({ userId, ip, connectedAt }) => [userId, ip, connectedAt]) });
  });
  const ask = async (replica: string, most: number): Promise<OnlineList[]> => {
    const answer = await bus.request(replica, "viewers", viewersMessage.encode({ most }), ANSWER_MS);
    const said = answer === "no-answer" ? undefined : viewingMessage.decode(answer);
    if (said === undefined) return [];
    return [{ total: said.total, users: said.users.map(([userId, ip, connectedAt]) => ({ userId, ip, connectedAt })) }];
  };
  return {
    /** As they told last. */
    count(): number {
      let all = 0;
      for (const [, { log }] of peers.logs()) all += log.streams.viewers;
      return all;
    },
    /** The `most` who came first of each replica that answers. */
    list: async (most: number): Promise<OnlineList[]> => (await Promise.all(peers.ids().map((replica) => ask(replica, most)))).flat(),
  };
}
