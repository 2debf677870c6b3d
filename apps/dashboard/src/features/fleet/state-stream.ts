import { decodeState } from "@windfire/protocol";
import type { LiveServer } from "#features/servers";
import type { AgentStream } from "./call.ts";
import type { Cleaner } from "./clean.ts";
import { metricValues } from "./metrics.ts";

/** gRPC status of errors without one of their own (spec 20 section 1). */
const UNKNOWN = 2;

export interface StateStreamDeps {
  readonly now: () => number;
  readonly cleaner: Cleaner;
  readonly isKnown: (serverId: number) => boolean;
  readonly record: (serverId: number, at: number, values: Float64Array) => void;
  /** `Receipt{proced:true}`, encoded once. */
  readonly receipt: Uint8Array;
}

/**
 * Takes the states of one agent (spec 20 section 5.2): clean, apply, record, receipt, in the order they come. Browsers are served on
 * another beat; nothing here waits for them.
 */
export function createStateStreams(deps: StateStreamDeps): (server: LiveServer, stream: AgentStream) => void {
  const values = new Float64Array(17);
  return (server, stream) => {
    // Deleted while its agent signed in: what it says would be recorded for nobody.
    if (!deps.isKnown(server.id)) return stream.end(UNKNOWN, "server not found");
    const generation = server.openStream();
    stream.onMessage((message) => {
      const state = deps.cleaner.state(decodeState(message));
      const now = deps.now();
      if (!server.applyState(generation, state, now)) return stream.end(UNKNOWN, "state stream superseded");
      deps.record(server.id, now, metricValues(state, values));
      stream.send(deps.receipt);
      return undefined;
    });
    stream.onEnd(() => {
      server.closeStream(generation);
      stream.end(0);
    });
    return undefined;
  };
}
