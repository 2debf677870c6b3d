import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Clock, Timer } from "@windfire/kit";
import { createArrivingRequests } from "./arriving-requests.ts";
import { createConnections } from "./connections.ts";
import { createHttp1 } from "./http1.ts";
import { createHttp2 } from "./http2.ts";
import { type ListenerCounters, type ListenerLimits, newCounters } from "./limits.ts";
import type { CallHandler, TunnelHandler, WebHandler } from "./ports.ts";
import { type Protocol, sniff } from "./preface.ts";
import { createSignsOfLife } from "./signs-of-life.ts";
import { type Certificate, createTlsFront, type TlsFront } from "./tls-front.ts";
import { createUnknownConnections } from "./unknown-connections.ts";

export interface ListenerDeps {
  readonly clock: Clock;
  readonly limits: ListenerLimits;
  /** "" listens on all interfaces; an IPv6 literal may come in brackets. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tls?: { readonly port: number; readonly load: () => Promise<Certificate> };
  readonly web: WebHandler;
  readonly calls: CallHandler;
  readonly tunnel?: TunnelHandler;
  /** Trouble that ends at most one connection: a handler that threw, a certificate that cannot be read again, an accept that failed. */
  readonly onError: (error: unknown) => void;
}

export interface ListeningOn {
  readonly port: number;
  readonly tlsPort: number | undefined;
}

/** The one port that agents, browsers and scripts share, and its TLS twin. */
export interface Listener {
  /** @throws the system's error when a port cannot be bound or the certificate cannot be used; nothing listens then */
  listen(): Promise<ListeningOn>;
  /** Accepts no more, tells peers, lets running requests and streams go on until the deadline, then cuts them. */
  stop(deadlineMs: number): Promise<void>;
  readonly counters: Readonly<ListenerCounters>;
  /** Open connections. */
  readonly connections: number;
}

const SWEEP_MS = 500;

export function createListener(deps: ListenerDeps): Listener {
  const { clock, limits } = deps;
  const counters = newCounters();
  const unknown = createUnknownConnections(limits, counters);
  const arriving = createArrivingRequests(limits, counters);
  const life = createSignsOfLife(limits, counters);
  const connections = createConnections({ clock, unknown, counters, onError: deps.onError });
  const shared = {
    clock,
    limits,
    arriving,
    life,
    calls: deps.calls,
    web: deps.web,
    tunnel: deps.tunnel,
    onError: deps.onError,
    connectionOf: connections.of,
  };
  const http1 = createHttp1(shared);
  const http2 = createHttp2(shared);
  let tls: TlsFront | undefined;
  let sweep: Timer | undefined;
  let stopped: Promise<void> | undefined;

  function speak(socket: Socket, peer: string, protocol: Protocol): void {
    if (protocol === "http2") http2.take(socket, peer);
    else http1.take(socket);
  }

  const tlsDeps = {
    clock,
    onSecure(secure: TLSSocket, socket: Socket, peer: string) {
      connections.wrap(socket, secure);
      speak(secure, peer, secure.alpnProtocol === "h2" ? "http2" : "http1");
    },
    onFailure: () => void (counters.tlsFailures += 1),
    onReloadError: deps.onError,
  };

  async function bind(): Promise<ListeningOn> {
    const front = deps.tls === undefined ? undefined : await createTlsFront({ ...tlsDeps, load: deps.tls.load });
    tls = front;
    const port = await connections.bind(deps.host, deps.port, (socket, peer) => sniff(socket, (protocol) => speak(socket, peer, protocol)));
    if (front === undefined || deps.tls === undefined) return { port, tlsPort: undefined };
    return { port, tlsPort: await connections.bind(deps.host, deps.tls.port, (socket, peer) => front.take(socket, peer)) };
  }

  async function drain(deadlineMs: number): Promise<void> {
    connections.stopAccepting();
    tls?.stop();
    http1.drain();
    http2.drain();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = clock.setTimeout(resolve, deadlineMs);
    await Promise.race([connections.emptied(), late]);
    timer.cancel();
    sweep?.cancel();
    http2.close();
    http1.close();
    connections.destroyAll();
    await connections.emptied();
  }

  const stop = (deadlineMs: number): Promise<void> => (stopped ??= drain(deadlineMs));

  function runSweep(): void {
    const now = clock.monotonic();
    for (const part of [unknown, arriving, life]) part.sweep(now);
    if (stopped !== undefined) http1.drain();
  }

  return {
    async listen() {
      sweep = clock.setInterval(runSweep, SWEEP_MS).unref();
      try {
        return await bind();
      } catch (error) {
        await stop(0);
        throw error;
      }
    },
    stop,
    counters,
    get connections() {
      return connections.size;
    },
  };
}
