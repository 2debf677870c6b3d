import type { Clock } from "@windfire/kit";
import type { ServerDirectory } from "#features/servers";
import { createStreamRegistry } from "./streams.ts";
import type { StreamDeps, StreamLimits, StreamRegistry } from "./streams.ts";

export { relaySocket } from "./relay-socket.ts";
export { sessionSocket } from "./session-socket.ts";
export type { SessionRoomDeps } from "./session-socket.ts";
export { attachableSession, openSession } from "./sessions.ts";
export type { SessionKind } from "./sessions.ts";
export type { StreamLimits, StreamRegistry } from "./streams.ts";

/** What the room needs of others. */
export interface RelayRoomDeps {
  readonly clock: Clock;
  readonly limits: StreamLimits;
  readonly newId: () => string;
  readonly elsewhere?: StreamDeps["elsewhere"];
  readonly servers: Pick<ServerDirectory, "subscribe">;
}

export interface Relay {
  /** For whoever takes the agents' ends; the other ends come through the port to agents. */
  readonly streams: StreamRegistry;
  stop(): void;
}

/** Bytes between people and agents: terminals, file managers, tunnels, transfers (spec 20 section 8). */
export function createRelay({ clock, servers, ...deps }: RelayRoomDeps): Relay {
  const streams = createStreamRegistry({ ...deps, after: (ms, run) => clock.setTimeout(run, ms) });
  // Whoever owned a server sees no more of it.
  servers.subscribe(({ id, before, after }) => {
    if (!after || before?.ownerId !== after.ownerId) streams.closeWhere((stream) => stream.serverId === id, "revoked");
  });
  return { streams, stop: () => streams.closeWhere(() => true, "shutdown") };
}
