import type { Socket } from "node:net";
import type { Clock } from "@windfire/kit";
import { createArrivingRequests } from "./arriving-requests.ts";
import { type Connections, createConnections } from "./connections.ts";
import { createHttp1 } from "./http1.ts";
import { createHttp2 } from "./http2.ts";
import { createIdleSessions } from "./idle-sessions.ts";
import type { ListenerCounters, ListenerLimits } from "./limits.ts";
import type { CallHandler, TunnelHandler, WebHandler } from "./ports.ts";
import type { Protocol } from "./preface.ts";
import { createSignsOfLife } from "./signs-of-life.ts";
import { createUnknownConnections } from "./unknown-connections.ts";

export interface ProtocolDeps {
  readonly clock: Clock;
  readonly limits: ListenerLimits;
  readonly web: WebHandler;
  readonly calls: CallHandler;
  readonly tunnel?: TunnelHandler | undefined;
  /** Trouble that ends at most one connection: a handler that threw, a certificate that cannot be read again, an accept that failed. */
  readonly onError: (error: unknown) => void;
}

/** Both HTTP versions with the limits that hold for them, on connections accepted by whoever asks `connections` to. */
export interface Protocols {
  readonly connections: Connections;
  speak(socket: Socket, peer: string, protocol: Protocol): void;
  /** Enforces limits of time. */
  sweep(): void;
  /** Ends what is idle and tells peers to go. */
  drain(): void;
  /** Ends everything. */
  close(): void;
}

export function createProtocols(deps: ProtocolDeps, counters: ListenerCounters): Protocols {
  const { clock, limits, web, calls, tunnel, onError } = deps;
  const unknown = createUnknownConnections(limits, counters);
  const arriving = createArrivingRequests(limits, counters);
  const life = createSignsOfLife(limits, counters);
  const idle = createIdleSessions(limits, counters);
  const connections = createConnections({ clock, unknown, openTotal: limits.openTotal, counters, onError });
  const shared = { clock, limits, web, calls, tunnel, onError, arriving, idle, life, connectionOf: connections.of, wrap: connections.wrap };
  const http1 = createHttp1(shared);
  const http2 = createHttp2(shared);
  let draining = false;
  let lifeCheckedAt = 0;
  return {
    connections,
    speak(socket, peer, protocol) {
      if (protocol === "http2") http2.take(socket, peer);
      else http1.take(socket, peer);
    },
    sweep() {
      const now = clock.monotonic();
      unknown.sweep(now);
      arriving.sweep(now);
      if (now - lifeCheckedAt >= limits.lifeCheckMs) {
        lifeCheckedAt = now;
        life.sweep(now);
        idle.sweep(now);
      }
      if (draining) http1.drain();
    },
    drain() {
      draining = true;
      http1.drain();
      http2.drain();
    },
    close() {
      http2.close();
      http1.close();
      connections.destroyAll();
    },
  };
}
