import type { Duplex } from "node:stream";
import type { Clock } from "@windfire/kit";
import type { RawData, WebSocket } from "ws";
import type { LiveConnections } from "#access/protection";
import type { Agents, Caller, Stream, StreamClose, StreamConnection, StreamEnd } from "#kernel";

/** A ping goes out so often beside the data (spec 10 section 18). */
const PING_MS = 10_000;
/** From so few unread bytes on the agent is read again. */
const DRAINED_BYTES = 64 * 1024;
/** Text messages are keyboard input; agents want them marked with this byte (spec 20 section 10.2). */
const INPUT = 0;

/** A lost browser may come back to what it left for so long. */
export const HOLD_MS = 60_000;
/** Of a connection that ended without a word (RFC 6455 section 7.1.5). */
const LOST = 1006;

const CLOSE_CODES: Record<StreamClose, number> = { "peer-ended": 1000, revoked: 1008, timeout: 1011, overflow: 1009, shutdown: 1001 };

export interface RelayDeps {
  readonly clock: Clock;
  readonly agents: Pick<Agents, "joinStream">;
  readonly connections: Pick<LiveConnections, "register">;
  /** Most bytes a browser may leave unread before its stream is closed. */
  readonly unreadBytes: number;
  /** The last line that a terminal shows when the dashboard stops. */
  readonly goodbye?: (() => string) | undefined;
  readonly onError: (error: unknown) => void;
}

/** A stream, and who comes for it. */
export interface RelayedSession {
  readonly stream: Stream;
  readonly caller: Caller;
  readonly ip: string;
  /** The stream outlives a connection that is lost without a word, for a minute. */
  readonly keep?: boolean;
  /** Takes the place of an end that is there, or was lost. */
  readonly again?: boolean;
}

/**
 * Joins an open browser socket to its stream until either side ends (spec 11 section 13.5). Nothing of the browser reaches the stream, and
 * nothing that ends the browser ends the stream, before the stream is the browser's: a second browser, or one whose session or token has
 * ended meanwhile, gets 1008 and is not heard.
 */
export function relaySocket(deps: RelayDeps, session: RelayedSession, socket: WebSocket, connection: Duplex): void {
  const { stream, caller, ip, keep = false, again = false } = session;
  let joined: StreamConnection | undefined;
  const refuse = (): void => socket.close(1008, "permission denied");
  const release = deps.connections.register({ caller, ip, close: () => (joined ? joined.close("revoked") : refuse()) });
  // While another is waited for in its place, whatever ends its session or token ends the stream; that lets go of it.
  socket.once("close", (code) => (keep && code === LOST && joined ? undefined : release()));
  if (socket.readyState !== socket.OPEN) return;
  // What the browser says at once waits until it is known whether it is heard.
  socket.pause();
  const lastLine = stream.purpose === "terminal" ? deps.goodbye : undefined;
  const end = browserEnd(socket, connection, deps.unreadBytes, { onDrained: () => joined?.drained(), onClose: release, lastLine });
  deps.agents
    .joinStream(stream.id, end, again ? "instead" : undefined)
    .then((outcome) => {
      if (typeof outcome === "string") {
        release();
        refuse();
      } else {
        joined = outcome;
        carry(deps.clock, socket, outcome, keep);
      }
    })
    .catch((error: unknown) => {
      deps.onError(error);
      refuse();
    })
    .finally(() => socket.resume());
}

/** From the browser to the agent, once the stream is the browser's; it may have gone or lost its right while it was asked for. */
function carry(clock: Clock, socket: WebSocket, stream: StreamConnection, keep: boolean): void {
  if (socket.readyState !== socket.OPEN) return stream.close(socket.readyState === socket.CLOSED ? "peer-ended" : "revoked");
  const ping = clock.setInterval(keep ? heartbeat(socket) : () => socket.ping(), PING_MS);
  socket.on("message", (data, isBinary) => stream.send(messageBytes(data, isBinary)));
  socket.once("close", (code) => {
    ping.cancel();
    if (keep && code === LOST) stream.hold(HOLD_MS);
    else stream.close("peer-ended");
  });
  return undefined;
}

/** Asks whether the browser is there still, and gives a connection up that did not answer the last time: it may be dead without a word. */
function heartbeat(socket: WebSocket): () => void {
  let answered = true;
  socket.on("pong", () => (answered = true));
  return () => {
    if (!answered) return socket.terminate();
    answered = false;
    return socket.ping();
  };
}

function messageBytes(data: RawData, isBinary: boolean): Uint8Array {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data;
  return isBinary ? bytes : Buffer.concat([Buffer.from([INPUT]), bytes]);
}

interface EndEvents {
  readonly onDrained: () => void;
  readonly onClose: () => void;
  readonly lastLine: (() => string) | undefined;
}

function browserEnd(socket: WebSocket, connection: Duplex, unreadBytes: number, { onDrained, onClose, lastLine }: EndEvents): StreamEnd {
  const unread = (): number => connection.writableLength;
  return {
    send(bytes) {
      if (socket.readyState !== socket.OPEN) return "closed";
      if (unread() > unreadBytes) return "full";
      socket.send(bytes, { binary: true }, () => {
        if (unread() <= DRAINED_BYTES) onDrained();
      });
      return "sent";
    },
    unread,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close(reason) {
      onClose();
      // Below whatever a program has drawn, in the colours of the terminal itself.
      if (reason === "shutdown" && lastLine) socket.send(Buffer.from(`\x1b[0m\r\n${lastLine()}\r\n`), { binary: true });
      socket.close(CLOSE_CODES[reason]);
    },
  };
}
