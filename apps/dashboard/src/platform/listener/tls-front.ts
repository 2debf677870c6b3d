import type { Socket } from "node:net";
import { createSecureContext, createServer, type TLSSocket } from "node:tls";
import type { Clock } from "@windfire/kit";

export interface Certificate {
  /** PEM, the chain first. */
  readonly cert: string | Buffer;
  /** PEM. */
  readonly key: string | Buffer;
}

export interface TlsFrontDeps {
  readonly clock: Clock;
  /** Reads certificate and key from where they are kept. */
  readonly load: () => Promise<Certificate>;
  /** The handshake is done. */
  readonly onSecure: (secure: TLSSocket, socket: Socket, peer: string) => void;
  readonly onFailure: () => void;
  /** The certificate cannot be read again or not be used; the one in use stays. */
  readonly onReloadError: (error: unknown) => void;
}

export interface TlsFront {
  take(socket: Socket, peer: string): void;
  stop(): void;
}

/** How often the files are looked at; two small reads, which also see what a watch would miss (links swapped, network folders). */
const RELOAD_MS = 5_000;

/**
 * Puts TLS on accepted sockets and follows the certificate on disk.
 *
 * @throws what reading or parsing the certificate throws
 */
export async function createTlsFront(deps: TlsFrontDeps): Promise<TlsFront> {
  /** Sockets in their handshake, by the remote address and port that a secure socket shares with the one below it. */
  const shaking = new Map<string, { readonly socket: Socket; readonly peer: string }>();
  let current = await deps.load();
  const server = createServer({ ...current, ALPNProtocols: ["h2", "http/1.1"], minVersion: "TLSv1.2" });

  server.on("secureConnection", (secure) => {
    secure.on("error", () => undefined);
    const below = shaking.get(remoteOf(secure));
    if (below === undefined) secure.destroy();
    else deps.onSecure(secure, below.socket, below.peer);
  });
  server.on("tlsClientError", (_error, socket) => {
    deps.onFailure();
    socket.destroy();
  });

  async function reload(): Promise<void> {
    const next = await deps.load();
    if (isSame(next, current)) return;
    // Throws for a key that does not fit; the server itself would be left without a certificate.
    createSecureContext({ ...next });
    server.setSecureContext({ ...next });
    current = next;
  }

  /** A file that stays broken is told once. */
  let told = "";
  async function look(): Promise<void> {
    try {
      await reload();
      told = "";
    } catch (error) {
      const text = String(error);
      if (text !== told) deps.onReloadError(error);
      told = text;
    }
  }

  const timer = deps.clock.setInterval(() => void look(), RELOAD_MS).unref();
  return {
    take(socket, peer) {
      const remote = remoteOf(socket);
      shaking.set(remote, { socket, peer });
      socket.once("close", () => shaking.delete(remote));
      server.emit("connection", socket);
    },
    stop: () => timer.cancel(),
  };
}

function remoteOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ""} ${socket.remotePort ?? 0}`;
}

function isSame(first: Certificate, second: Certificate): boolean {
  return first.cert.toString() === second.cert.toString() && first.key.toString() === second.key.toString();
}
