import type { Agents, Stream, StreamEnd, StreamOpening, StreamRequest, StreamSelection } from "#kernel";
import type { Task } from "@windfire/protocol";
import type { Bus } from "#platform/bus";
import { ANSWER_MS } from "./limits.ts";
import {
  closedMessage,
  closeMessage,
  dispatchMessage,
  findMessage,
  foundMessage,
  openedMessage,
  openMessage,
  outcomeMessage,
} from "./messages.ts";
import type { NearEnds } from "./near-ends.ts";
import type { Peers } from "./peers.ts";
import type { Places } from "./places.ts";
import type { ResultRoutes } from "./result-routes.ts";
import { newStreamId, replicaOf } from "./stream-names.ts";

export interface SharedAgentsDeps {
  readonly bus: Pick<Bus, "replica" | "request">;
  readonly places: Pick<Places, "holder">;
  readonly peers: Pick<Peers, "ids" | "has">;
  /** Those whose connections end in this process. */
  readonly local: Agents;
  readonly near: Pick<NearEnds, "join">;
  readonly routes: Pick<ResultRoutes, "own">;
}

/** All agents, wherever their connections end. */
export function createSharedAgents(deps: SharedAgentsDeps): Agents {
  const { bus, places, peers, local, near, routes } = deps;
  /** Nothing where there is no answer, or one that is not understood. */
  const ask = async <Answer>(
    replica: string,
    topic: string,
    question: Uint8Array,
    read: (answer: Uint8Array) => Answer | undefined,
  ): Promise<Answer | undefined> => {
    const answer = await bus.request(replica, topic, question, ANSWER_MS);
    return answer === "no-answer" ? undefined : read(answer);
  };
  const openElsewhere = async (replica: string, request: StreamRequest, order: (streamId: string) => Task): Promise<StreamOpening> => {
    const stream: Stream = { ...request, id: newStreamId(replica) };
    const said = await ask(replica, "open", openMessage.encode({ stream, task: order(stream.id) }), openedMessage.decode);
    if (said === undefined) return { refused: "offline" };
    return said.refused === undefined ? stream : { refused: said.refused };
  };
  const isHere = (id: string): boolean => !peers.has(replicaOf(id));
  return {
    async dispatch(serverId, task) {
      const holder = places.holder(serverId);
      if (holder === undefined) return "offline";
      if (holder === bus.replica) {
        routes.own(serverId, task);
        return local.dispatch(serverId, task);
      }
      return (await ask(holder, "dispatch", dispatchMessage.encode({ serverId, task }), outcomeMessage.decode))?.outcome ?? "offline";
    },
    async where(serverId) {
      const holder = places.holder(serverId);
      if (holder === undefined) return "offline";
      return holder === bus.replica ? "here" : "elsewhere";
    },
    async openStream(request, order) {
      const holder = places.holder(request.serverId);
      if (holder === undefined) return { refused: "offline" };
      return holder === bus.replica ? local.openStream(request, order) : openElsewhere(holder, request, order);
    },
    async findStream(id) {
      if (isHere(id)) return local.findStream(id);
      return (await ask(replicaOf(id), "find", findMessage.encode({ id }), foundMessage.decode))?.stream;
    },
    async joinStream(id: string, end: StreamEnd, place?: "instead") {
      return isHere(id) ? local.joinStream(id, end, place) : near.join(replicaOf(id), id, end, { instead: place === "instead" });
    },
    async closeStreams(selection: StreamSelection, reason) {
      const question = closeMessage.encode({ ...selection, reason });
      const here = local.closeStreams(selection, reason);
      const others = peers.ids().map((replica) => ask(replica, "close", question, closedMessage.decode));
      const closed = await Promise.all(others);
      return closed.reduce((sum, each) => sum + (each?.count ?? 0), await here);
    },
  };
}
