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

const CLOSE_CODES: Record<StreamClose, number> = { "peer-ended": 1000, revoked: 1008, timeout: 1011, overflow: 1009, shutdown: 1001 };

export interface RelayDeps {
  readonly clock: Clock;
  readonly agents: Pick<Agents, "joinStream">;
  readonly connections: Pick<LiveConnections, "register">;
  /** Most bytes a browser may leave unread before its stream is closed. */
  readonly unreadBytes: number;
  readonly onError: (error: unknown) => void;
}

/**
 * Joins an open browser socket to its stream until either side ends (spec 11 section 13.5). Nothing of the browser reaches the stream, and
 * nothing that ends the browser ends the stream, before the stream is the browser's: a second browser, or one whose session or token has
 * ended meanwhile, gets 1008 and is not heard.
 */
export function relaySocket(deps: RelayDeps, stream: Stream, caller: Caller, ip: string, socket: WebSocket, connection: Duplex): void {
  let joined: StreamConnection | undefined;
  const refuse = (): void => socket.close(1008, "permission denied");
  const release = deps.connections.register({ caller, ip, close: () => (joined ? joined.close("revoked") : refuse()) });
  socket.once("close", release);
  if (socket.readyState !== socket.OPEN) return;
  // What the browser says at once waits until it is known whether it is heard.
  socket.pause();
  const end = browserEnd(socket, connection, deps.unreadBytes, () => joined?.drained());
  deps.agents
    .joinStream(stream.id, end)
    .then((outcome) => {
      if (typeof outcome === "string") {
        release();
        refuse();
      } else {
        joined = outcome;
        carry(deps.clock, socket, outcome);
      }
    })
    .catch((error: unknown) => {
      deps.onError(error);
      refuse();
    })
    .finally(() => socket.resume());
}

/** From the browser to the agent, once the stream is the browser's; it may have gone or lost its right while it was asked for. */
function carry(clock: Clock, socket: WebSocket, stream: StreamConnection): void {
  if (socket.readyState !== socket.OPEN) return stream.close(socket.readyState === socket.CLOSED ? "peer-ended" : "revoked");
  const ping = clock.setInterval(() => socket.ping(), PING_MS);
  socket.on("message", (data, isBinary) => stream.send(messageBytes(data, isBinary)));
  socket.once("close", () => {
    ping.cancel();
    stream.close("peer-ended");
  });
  return undefined;
}

function messageBytes(data: RawData, isBinary: boolean): Uint8Array {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data;
  return isBinary ? bytes : Buffer.concat([Buffer.from([INPUT]), bytes]);
}

function browserEnd(socket: WebSocket, connection: Duplex, unreadBytes: number, onDrained: () => void): StreamEnd {
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
    close: (reason) => socket.close(CLOSE_CODES[reason]),
  };
}
