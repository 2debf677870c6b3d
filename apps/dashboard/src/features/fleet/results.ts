import { decodeTaskResult } from "@windfire/protocol";
import type { LiveServer } from "#features/servers";
import type { AgentStream } from "./call.ts";
import { createMessageLimit } from "./message-limit.ts";
import type { OtherReplicas } from "./other-replicas.ts";
import type { ResultHandler, TaskStreams } from "./task-streams.ts";

const UNKNOWN = 2;
const RESOURCE_EXHAUSTED = 8;
const SUPERSEDED = "request task stream superseded";
/** In a tenth of a second: thousands of services may be due at once, and nobody has more results. */
const MOST_RESULTS = 5_000;

export interface TaskStreamDeps {
  readonly streams: TaskStreams;
  /** Who takes the results of a task type; types without a handler are ignored (spec 20 section 6.2). */
  readonly handlers: ReadonlyMap<number, ResultHandler>;
  readonly others?: Pick<OtherReplicas, "opened" | "closed" | "takeResult"> | undefined;
  readonly isKnown: (serverId: number) => boolean;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
  /** Hears of a result whose handler failed: it costs the agent neither its stream nor its other results (spec 30 section 1.5). */
  readonly onError: (error: unknown) => void;
  /** A stream ended because another took its place. */
  readonly onSuperseded: () => void;
  /** Something may wait for this server to come online. */
  readonly onOnline: (serverId: number) => void;
  /** The stream that carried the server's tasks has ended. */
  readonly onOffline: (serverId: number) => void;
}

/** Publishes agents' task streams and takes their results (spec 20 section 5.3). */
export interface TaskReceiver {
  take(server: LiveServer, stream: AgentStream): void;
  /** The stream that carried the server's tasks is no more. */
  offline(serverId: number): void;
  /** The task stream of a server is at another replica now. */
  supersede(serverId: number): void;
}

export function createTaskReceiver(deps: TaskStreamDeps): TaskReceiver {
  const offline = (serverId: number): void => {
    deps.others?.closed("tasks", serverId);
    deps.onOffline(serverId);
  };
  const take = (server: LiveServer, stream: AgentStream): void => {
    // Deleted while its agent signed in.
    if (!deps.isKnown(server.id)) return stream.end(0);
    const previous = deps.streams.publish(server.id, stream);
    if (previous) deps.onSuperseded();
    previous?.end(UNKNOWN, SUPERSEDED);
    const isTooMany = createMessageLimit(deps.monotonic, MOST_RESULTS);
    stream.onMessage((message) => {
      if (isTooMany()) return stream.end(RESOURCE_EXHAUSTED, "too many results");
      if (!deps.isKnown(server.id) || !deps.streams.isCurrent(server.id, stream)) return stream.end(UNKNOWN, SUPERSEDED);
      const result = decodeTaskResult(message);
      try {
        if (!deps.others?.takeResult(server.id, result)) deps.handlers.get(result.type)?.(server.id, result);
      } catch (error) {
        deps.onError(error);
      }
      return undefined;
    });
    stream.onEnd(() => {
      const wasCurrent = deps.streams.isCurrent(server.id, stream);
      deps.streams.withdraw(server.id, stream);
      stream.end(0);
      if (wasCurrent) offline(server.id);
    });
    deps.others?.opened("tasks", server.id);
    deps.onOnline(server.id);
    return undefined;
  };
  return {
    take,
    offline,
    supersede(serverId) {
      if (!deps.streams.isOnline(serverId)) return;
      deps.onSuperseded();
      deps.streams.drop(serverId, UNKNOWN, SUPERSEDED);
    },
  };
}
