import { Duplex } from "node:stream";
import type { StreamClose, StreamConnection, StreamEnd } from "#kernel";

/** The dashboard's end of a tunnel: a byte stream that HTTP can be spoken over. */
export interface TunnelSocket {
  readonly socket: Duplex;
  /** For the stream to join. */
  readonly end: StreamEnd;
  /** The stream is joined: what is written goes there. Until then nothing is to be written. */
  connect(connection: StreamConnection): void;
}

/** Why a tunnel ended to which nothing came in time, neither its agent nor a word of it. */
export class NobodyAttached extends Error {
  override readonly name = "NobodyAttached";
}

export function createTunnelSocket(): TunnelSocket {
  let connection: StreamConnection | undefined;
  /** The agent reads slower than we write: the write that waits for it. */
  let waiting: (() => void) | undefined;
  let held = false;
  const socket = new Duplex({
    write(chunk: Buffer, _encoding, done) {
      connection?.send(chunk);
      if (held) waiting = done;
      else done();
    },
    read: () => connection?.drained(),
    destroy(error, done) {
      connection?.close("peer-ended");
      done(error);
    },
  });
  // What went wrong is heard as its end.
  socket.on("error", () => undefined);
  const end: StreamEnd = {
    send(bytes) {
      if (socket.destroyed || socket.readableEnded) return "closed";
      socket.push(bytes);
      return "sent";
    },
    unread: () => socket.readableLength,
    pause() {
      held = true;
    },
    resume() {
      held = false;
      waiting?.();
      waiting = undefined;
    },
    close: (reason) => finish(socket, reason),
  };
  return {
    socket,
    end,
    connect(joined) {
      connection = joined;
      if (socket.destroyed) joined.close("peer-ended");
    },
  };
}

/** The agent's end of the stream is the end of what the backend says; anything else cuts the connection. */
function finish(socket: Duplex, reason: StreamClose): void {
  if (socket.destroyed) return;
  if (reason === "peer-ended") socket.push(null);
  else if (reason === "timeout") socket.destroy(new NobodyAttached());
  else socket.destroy(new Error(`tunnel closed: ${reason}`));
}
