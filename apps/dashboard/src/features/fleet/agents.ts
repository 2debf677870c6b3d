import type { StreamRegistry } from "#features/relay";
import type { Task } from "@windfire/protocol";
import type { Agents, Stream, StreamConnection, StreamEnd, StreamOpening, StreamRequest, StreamSelection } from "#kernel";
import type { TaskStreams } from "./task-streams.ts";

export interface AgentsDeps {
  readonly tasks: Pick<TaskStreams, "dispatch" | "isOnline">;
  readonly streams: StreamRegistry;
}

/** Agents whose connections all end in this process: what is asked is done before the promise is given. */
export interface LocalAgents extends Agents {
  /** @param id name of the stream; a new one unless given */
  openStream(request: StreamRequest, order: (streamId: string) => Task, id?: string): Promise<StreamOpening>;
}

/** See {@link LocalAgents}. */
export function createAgents({ tasks, streams }: AgentsDeps): LocalAgents {
  return {
    dispatch: async (serverId, task) => tasks.dispatch(serverId, task),
    where: async (serverId) => (tasks.isOnline(serverId) ? "here" : "offline"),
    async openStream(request, order, id) {
      if (!tasks.isOnline(request.serverId)) return { refused: "offline" };
      const stream = streams.create(request, id);
      if ("refused" in stream) return stream;
      const outcome = tasks.dispatch(request.serverId, order(stream.id));
      if (outcome === "sent") return stream;
      streams.close(stream.id, "peer-ended");
      return { refused: outcome };
    },
    findStream: async (id) => streams.find(id),
    async joinStream(id, end, place) {
      const outcome = streams.attachUser(id, end, place);
      return outcome === "attached" ? connectionOf(streams, id, end) : outcome;
    },
    closeStreams: async (selection, reason) => streams.closeWhere(isSelected(selection), reason),
  };
}

/** What the end of a person does with a stream of this process. */
export function connectionOf(streams: StreamRegistry, id: string, end: StreamEnd): StreamConnection {
  const whileJoined =
    <A extends unknown[]>(run: (...args: A) => void) =>
    (...args: A): void => {
      if (streams.isJoined(id, end)) run(...args);
    };
  return {
    send: whileJoined((bytes) => streams.fromUser(id, bytes)),
    drained: whileJoined(() => streams.drained(id, "user")),
    pressed: whileJoined(() => streams.pressed(id, "user")),
    close: whileJoined((reason) => streams.close(id, reason)),
    giveUp: whileJoined(() => streams.closeUnattached(id)),
    hold: whileJoined((ms) => streams.holdUser(id, ms)),
  };
}

function isSelected({ purpose, serverId }: StreamSelection): (stream: Stream) => boolean {
  return (stream) => (purpose ?? stream.purpose) === stream.purpose && (serverId ?? stream.serverId) === stream.serverId;
}
