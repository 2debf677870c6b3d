import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "@windfire/kit";
import { bindHost, peerOf } from "./address.ts";
import type { ListenerCounters } from "./limits.ts";
import type { UnknownConnection, UnknownConnections } from "./unknown-connections.ts";

const TCP_KEEP_ALIVE_MS = 30_000;
/** Connections that may wait to be accepted: a fleet comes back all at once, and who finds no room tries again after seconds. */
const BACKLOG = 4_096;

export interface ConnectionDeps {
  readonly clock: Clock;
  readonly unknown: UnknownConnections;
  readonly openTotal: number;
  readonly counters: ListenerCounters;
  /** An accept that failed, for want of file descriptors for example. */
  readonly onError: (error: unknown) => void;
}

/** Every open TCP connection of the listener, from accept to close. */
export interface Connections {
  /** Listens and hands every accepted socket on. @throws the system's error when the port cannot be bound */
  bind(host: string, port: number, take: (socket: Socket, peer: string) => void): Promise<number>;
  /** What limits a socket that is not known yet; undefined for sockets that are not ours. */
  of(socket: Socket): UnknownConnection | undefined;
  /** Lets a socket wrapped in another stand for the inner one. */
  wrap(inner: Socket, outer: Duplex): void;
  stopAccepting(): void;
  /** Resolves when no connection is left. */
  emptied(): Promise<void>;
  destroyAll(): void;
  readonly size: number;
}

export function createConnections(deps: ConnectionDeps): Connections {
  const open = new Set<Socket>();
  const unknown = new WeakMap<Duplex, UnknownConnection>();
  const servers: Server[] = [];
  const waiters: (() => void)[] = [];

  function closed(socket: Socket, connection: UnknownConnection): void {
    open.delete(socket);
    connection.gone();
    if (open.size > 0) return;
    for (const resolve of waiters.splice(0)) resolve();
  }

  function accept(socket: Socket, take: (socket: Socket, peer: string) => void): void {
    // Resets and broken pipes end in `close`, which is all that matters.
    socket.on("error", () => undefined);
    const peer = peerOf(socket);
    const isFull = open.size >= deps.openTotal;
    const connection = peer === undefined || isFull ? undefined : deps.unknown.admit(socket, peer, deps.clock.monotonic());
    if (peer === undefined || connection === undefined) {
      deps.counters.refused += 1;
      socket.destroy();
      return;
    }
    deps.counters.accepted += 1;
    open.add(socket);
    unknown.set(socket, connection);
    socket.once("close", () => closed(socket, connection));
    take(socket, peer);
  }

  return {
    async bind(host, port, take) {
      const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS }, (socket) =>
        accept(socket, take),
      );
      await listening(server, host, port);
      servers.push(server);
      server.on("error", deps.onError);
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : port;
    },
    of: (socket) => unknown.get(socket),
    wrap(inner, outer) {
      const connection = unknown.get(inner);
      if (connection !== undefined) unknown.set(outer, connection);
    },
    stopAccepting() {
      for (const server of servers) server.close();
    },
    emptied: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => void waiters.push(resolve))),
    destroyAll() {
      for (const socket of open) socket.destroy();
    },
    get size() {
      return open.size;
    },
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    const ready = (): void => {
      server.off("error", reject);
      resolve();
    };
    const name = bindHost(host);
    server.listen({ port, backlog: BACKLOG, ...(name === undefined ? {} : { host: name }) }, ready);
  });
}
