import type { Socket } from "node:net";
import { createSecureContext, createServer, type TLSSocket } from "node:tls";
import type { Clock, Timer } from "@windfire/kit";
import { watchFiles } from "./file-watch.ts";

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
  /** Where it is kept, as far as that can be watched; none: looked at from time to time alone. */
  readonly files?: (() => readonly string[]) | undefined;
  /** The handshake is done. */
  readonly onSecure: (secure: TLSSocket, socket: Socket, peer: string) => void;
  readonly onFailure: () => void;
  /** The certificate cannot be read again or not be used; the one in use stays. */
  readonly onReloadError: (error: unknown) => void;
}

export interface TlsFront {
  take(socket: Socket, peer: string): void;
  /** Looks at once. Resolves to whether another certificate is in use now. @throws what reading or parsing throws; the old one stays */
  reload(): Promise<boolean>;
  stop(): void;
}

/** How often the files are looked at; two small reads, which also see what a watch misses (network folders). */
const RELOAD_MS = 5_000;
/** Certificate and key are written one after the other. */
const SETTLE_MS = 200;

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

  async function reload(): Promise<boolean> {
    const next = await deps.load();
    if (isSame(next, current)) return false;
    // Throws for a key that does not fit; the server itself would be left without a certificate.
    createSecureContext({ ...next });
    server.setSecureContext({ ...next });
    current = next;
    return true;
  }

  /** A file that stays broken is told once. */
  let told = "";
  async function look(): Promise<void> {
    try {
      await watching?.follow();
      await reload();
      told = "";
    } catch (error) {
      const text = String(error);
      if (text !== told) deps.onReloadError(error);
      told = text;
    }
  }

  let settling: Timer | undefined;
  /** Half a renewal is no fault yet: what stays broken is told by the next look. */
  const lookSoon = (): void => {
    if (settling !== undefined) return;
    const soon = async (): Promise<void> => {
      settling = undefined;
      await watching?.follow();
      await reload();
    };
    settling = deps.clock.setTimeout(() => void soon().catch(() => undefined), SETTLE_MS).unref();
  };
  const watching = deps.files === undefined ? undefined : watchFiles(deps.files, lookSoon);
  await watching?.follow();
  const timer = deps.clock.setInterval(() => void look(), RELOAD_MS).unref();
  return {
    reload,
    take(socket, peer) {
      const remote = remoteOf(socket);
      shaking.set(remote, { socket, peer });
      socket.once("close", () => shaking.delete(remote));
      server.emit("connection", socket);
    },
    stop() {
      timer.cancel();
      settling?.cancel();
      watching?.stop();
    },
  };
}

function remoteOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ""} ${socket.remotePort ?? 0}`;
}

function isSame(first: Certificate, second: Certificate): boolean {
  return first.cert.toString() === second.cert.toString() && first.key.toString() === second.key.toString();
}
