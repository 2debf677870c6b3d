import { encodeTask } from "@windfire/protocol";
import type { Task, TaskResult } from "@windfire/protocol";
import type { DispatchOutcome } from "#kernel";
import type { AgentStream } from "./call.ts";

/** A task result as its handler gets it. */
export type ResultHandler = (serverId: number, result: TaskResult) => void;

/**
 * The one task stream of each server (spec 20 section 5.3). A new stream takes the place of the old one. The reference leaves that open
 * until its next result; here it ends at once, so that an agent has one stream however often it opens another.
 */
export function createTaskStreams() {
  const streams = new Map<number, AgentStream>();
  return {
    get size() {
      return streams.size;
    },
    isOnline: (serverId: number) => streams.has(serverId),
    onlineIds: (): Iterable<number> => streams.keys(),
    /** Gives the stream whose place is taken. */
    publish(serverId: number, stream: AgentStream): AgentStream | undefined {
      const previous = streams.get(serverId);
      streams.set(serverId, stream);
      return previous;
    },
    isCurrent: (serverId: number, stream: AgentStream) => streams.get(serverId) === stream,
    withdraw(serverId: number, stream: AgentStream): void {
      if (streams.get(serverId) === stream) streams.delete(serverId);
    },
    /** Ends the stream of a server: it is deleted, or its agent is elsewhere. */
    drop(serverId: number, ...why: Parameters<AgentStream["end"]>): void {
      const stream = streams.get(serverId);
      streams.delete(serverId);
      stream?.end(...why);
    },
    /** Asks a server's agent to come again over another connection. */
    sendAway: (serverId: number, text: string): void => streams.get(serverId)?.sendAway(text),
    dispatch(serverId: number, task: Task): DispatchOutcome {
      return send(streams.get(serverId), encodeTask(task));
    },
    /** The same task to every connected agent; one that cannot take it does not delay the others. */
    broadcast(task: Task): void {
      const bytes = encodeTask(task);
      for (const stream of streams.values()) send(stream, bytes);
    },
  };
}

function send(stream: AgentStream | undefined, bytes: Uint8Array): DispatchOutcome {
  if (!stream) return "offline";
  const outcome = stream.send(bytes);
  return outcome === "sent" ? "sent" : outcome === "full" ? "queue-full" : "offline";
}

export type TaskStreams = ReturnType<typeof createTaskStreams>;
