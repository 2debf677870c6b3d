import { connect as connectTcp, isIP } from "node:net";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "@windfire/kit";
import { openTunnel, proxyFor } from "./proxy.ts";

/** Where the dashboard is and how to get there. */
export interface DialTarget {
  /** `host:port`, an IPv6 address in brackets. */
  readonly server: string;
  readonly tls: boolean;
  readonly insecureTls: boolean;
  /** Name servers to ask; none: those of the system. */
  readonly dns: readonly string[];
}

/** Opens a connected (and verified) socket. Rejects with the reason. */
export type Dial = (target: DialTarget) => Promise<Duplex>;

/** Certificates of the authorities that a server's certificate may come from. */
export type Authorities = () => Promise<readonly string[]>;

export interface DialDeps {
  readonly clock: Clock;
  /** First address of a host by the name servers given. */
  readonly lookUp: (host: string, servers: readonly string[]) => Promise<string>;
  readonly authorities: Authorities;
  /** Where `HTTPS_PROXY` and `NO_PROXY` stand. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_AFTER_MS = 30_000;

export function createDial({ clock, lookUp, authorities, environment }: DialDeps): Dial {
  return async ({ server, tls, insecureTls, dns }) => {
    const { host, port } = splitServer(server);
    const proxy = proxyFor(host, environment);
    const next = proxy ?? { host, port };
    const address = dns.length > 0 && isIP(next.host) === 0 ? await lookUp(next.host, dns) : next.host;
    const socket = connectTcp({
      host: address,
      port: next.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
    });
    // An error between two owners of the socket must not end the process; the next owner sees the close.
    socket.on("error", () => undefined);
    await withinTime(clock, socket, "connect");
    if (proxy !== undefined) await withinTunnelTime(clock, socket, openTunnel(socket, server, proxy));
    return tls ? secure(clock, socket, host, insecureTls ? undefined : await authorities()) : socket;
  };
}

/** @throws Error when there is no port */
export function splitServer(server: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(server);
  if (match === null) throw new Error(`server "${server}" is not host:port`);
  return { host: match[1] ?? match[2] ?? "", port: Number(match[3]) };
}

/**
 * TLS is loaded when it is first needed: most of what it costs is memory.
 *
 * @param trusted undefined: whoever answers is believed
 */
async function secure(clock: Clock, socket: Socket, host: string, trusted: readonly string[] | undefined): Promise<Duplex> {
  const { connect } = await import("node:tls");
  const secured = connect({
    socket,
    ALPNProtocols: ["h2"],
    minVersion: "TLSv1.2",
    rejectUnauthorized: trusted !== undefined,
    ...(isIP(host) === 0 ? { servername: host } : { host }),
    ...(trusted === undefined ? {} : { ca: [...trusted] }),
  });
  await withinTime(clock, secured, "secureConnect");
  if (secured.alpnProtocol !== "h2") {
    secured.destroy();
    throw new Error("the server does not offer HTTP/2");
  }
  return secured;
}

async function withinTunnelTime(clock: Clock, socket: Socket, opened: Promise<void>): Promise<void> {
  const timer = clock.setTimeout(() => socket.destroy(), CONNECT_TIMEOUT_MS);
  try {
    await opened;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    timer.cancel();
  }
}

function withinTime(clock: Clock, socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => socket.destroy(new Error("connecting took too long")), CONNECT_TIMEOUT_MS);
    const onError = (error: Error): void => {
      timer.cancel();
      reject(error);
    };
    socket.once("error", onError);
    socket.once(event, () => {
      timer.cancel();
      socket.off("error", onError);
      resolve();
    });
  });
}
