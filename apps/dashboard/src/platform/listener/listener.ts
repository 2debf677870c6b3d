import type { Timer } from "@windfire/kit";
import { type ListenerCounters, newCounters } from "./limits.ts";
import { sniff } from "./preface.ts";
import { createProtocols, type ProtocolDeps, type Protocols } from "./protocols.ts";
import { type Certificate, createTlsFront, type TlsFront } from "./tls-front.ts";

export interface ListenerDeps extends ProtocolDeps {
  /** "" listens on all interfaces; an IPv6 literal may come in brackets. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tls?: TlsDeps | undefined;
}

export interface TlsDeps {
  readonly port: number;
  readonly load: () => Promise<Certificate>;
  /** Where the certificate lies, to be watched. */
  readonly files?: () => readonly string[];
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
  /** Reads the certificate again. `false`: the same one, or there is no TLS. @throws when it cannot be used; the old one stays */
  reloadCertificate(): Promise<boolean>;
  /** Whether it accepts connections. */
  readonly accepting: boolean;
  readonly counters: Readonly<ListenerCounters>;
  /** Open connections. */
  readonly connections: number;
}

const SWEEP_MS = 500;

export function createListener(deps: ListenerDeps): Listener {
  const counters = newCounters();
  const protocols = createProtocols(deps, counters);
  const { connections } = protocols;
  let tls: TlsFront | undefined;
  let sweep: Timer | undefined;
  let stopped: Promise<void> | undefined;
  let accepting = false;

  async function bind(): Promise<ListeningOn> {
    const front = deps.tls === undefined ? undefined : await tlsFront(deps, deps.tls, protocols, counters);
    tls = front;
    const port = await connections.bind(deps.host, deps.port, (socket, peer) =>
      sniff(socket, (protocol) => protocols.speak(socket, peer, protocol)),
    );
    if (front === undefined || deps.tls === undefined) return { port, tlsPort: undefined };
    return { port, tlsPort: await connections.bind(deps.host, deps.tls.port, (socket, peer) => front.take(socket, peer)) };
  }

  async function drain(deadlineMs: number): Promise<void> {
    accepting = false;
    connections.stopAccepting();
    tls?.stop();
    protocols.drain();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = deps.clock.setTimeout(resolve, deadlineMs);
    await Promise.race([connections.emptied(), late]);
    timer.cancel();
    sweep?.cancel();
    protocols.close();
    await connections.emptied();
  }

  const stop = (deadlineMs: number): Promise<void> => (stopped ??= drain(deadlineMs));

  return {
    async listen() {
      sweep = deps.clock.setInterval(() => protocols.sweep(), SWEEP_MS).unref();
      try {
        const bound = await bind();
        accepting = true;
        return bound;
      } catch (error) {
        await stop(0);
        throw error;
      }
    },
    stop,
    reloadCertificate: async () => (await tls?.reload()) ?? false,
    get accepting() {
      return accepting;
    },
    counters,
    get connections() {
      return connections.size;
    },
  };
}

function tlsFront(deps: ListenerDeps, { load, files }: TlsDeps, protocols: Protocols, counters: ListenerCounters): Promise<TlsFront> {
  return createTlsFront({
    clock: deps.clock,
    load,
    files,
    onSecure(secure, socket, peer) {
      protocols.connections.wrap(socket, secure);
      protocols.speak(secure, peer, secure.alpnProtocol === "h2" ? "http2" : "http1");
    },
    onFailure: () => void (counters.tlsFailures += 1),
    onReloadError: deps.onError,
  });
}
