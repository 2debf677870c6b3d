import { decodeState } from "@windfire/protocol";
import type { LiveServer } from "#features/servers";
import type { AgentStream } from "./call.ts";
import type { Arrears } from "./arrears.ts";
import type { Cleaner } from "./clean.ts";
import { createMessageLimit } from "./message-limit.ts";
import { metricValues } from "./metrics.ts";
import type { OtherReplicas } from "./other-replicas.ts";

/** gRPC status of errors without one of their own (spec 20 section 1). */
const UNKNOWN = 2;
const RESOURCE_EXHAUSTED = 8;
const SUPERSEDED = "state stream superseded";
/** In a tenth of a second: far more than an agent that waits for its receipts can send. */
const MOST_STATES = 1_000;

export interface StateStreamDeps {
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
  readonly cleaner: Cleaner;
  readonly isKnown: (serverId: number) => boolean;
  readonly record: (serverId: number, at: number, values: Float64Array) => void;
  readonly onState: (server: LiveServer) => void;
  /** A stream ended because another took its place. */
  readonly onSuperseded: () => void;
  readonly arrears: Pick<Arrears, "connected" | "disconnected">;
  readonly others?: Pick<OtherReplicas, "opened" | "closed"> | undefined;
  /** `Receipt{proced:true}`, encoded once. */
  readonly receipt: Uint8Array;
}

/** The state streams of all agents. */
export interface StateStreams {
  take(server: LiveServer, stream: AgentStream): void;
  /** Ends the stream of a server. */
  drop(serverId: number): void;
  /** The stream of a server is at another replica now. */
  supersede(serverId: number): void;
  /** Servers that have a stream. */
  ids(): Iterable<number>;
  /** Asks a server's agent to come again over another connection. */
  sendAway(serverId: number, text: string): void;
}

/**
 * Takes the states of one agent (spec 20 section 5.2): clean, apply, record, receipt, judge, in the order they come. Browsers are served on
 * another beat; nothing here waits for them. An agent has one stream: the older one ends, whether it says something or not.
 */
export function createStateStreams(deps: StateStreamDeps): StateStreams {
  const values = new Float64Array(17);
  const current = new Map<number, AgentStream>();
  const take = (server: LiveServer, stream: AgentStream): void => {
    // Deleted while its agent signed in: what it says would be recorded for nobody.
    if (!deps.isKnown(server.id)) return stream.end(UNKNOWN, "server not found");
    const generation = server.openStream();
    const previous = current.get(server.id);
    current.set(server.id, stream);
    deps.arrears.connected(server.id);
    deps.others?.opened("states", server.id);
    if (previous) deps.onSuperseded();
    previous?.end(UNKNOWN, SUPERSEDED);
    const isTooMany = createMessageLimit(deps.monotonic, MOST_STATES);
    stream.onMessage((message) => {
      if (isTooMany()) return stream.end(RESOURCE_EXHAUSTED, "too many states");
      const state = deps.cleaner.state(decodeState(message));
      const now = deps.now();
      if (!server.applyState(generation, state, now)) return stream.end(UNKNOWN, SUPERSEDED);
      deps.record(server.id, now, metricValues(state, values));
      stream.send(deps.receipt);
      deps.onState(server);
      return undefined;
    });
    stream.onEnd(() => {
      server.closeStream(generation);
      if (current.get(server.id) === stream) {
        current.delete(server.id);
        deps.others?.closed("states", server.id);
        // A server that was deleted is forgotten.
        if (deps.isKnown(server.id)) deps.arrears.disconnected(server.id);
      }
      stream.end(0);
    });
    return undefined;
  };
  return {
    take,
    drop: (serverId) => current.get(serverId)?.end(0),
    ids: () => current.keys(),
    sendAway: (serverId, text) => current.get(serverId)?.sendAway(text),
    supersede(serverId) {
      const stream = current.get(serverId);
      if (!stream) return;
      current.delete(serverId);
      deps.arrears.disconnected(serverId);
      deps.onSuperseded();
      stream.end(UNKNOWN, SUPERSEDED);
    },
  };
}
