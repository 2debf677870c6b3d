import { Duplex } from "node:stream";
import type { Stream, StreamClose, StreamEnd, StreamRegistry } from "#features/relay";

/** The dashboard's end of a tunnel: a byte stream that HTTP can be spoken over. Attaches to the stream at once. */
export function openTunnelSocket(streams: StreamRegistry, stream: Stream): Duplex {
  /** The agent reads slower than we write: the write that waits for it. */
  let waiting: (() => void) | undefined;
  let held = false;
  const socket = new Duplex({
    write(chunk: Buffer, _encoding, done) {
      streams.fromUser(stream.id, chunk);
      if (held) waiting = done;
      else done();
    },
    read: () => streams.drained(stream.id, "user"),
    destroy(error, done) {
      streams.close(stream.id, "peer-ended");
      done(error);
    },
  });
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
  streams.attachUser(stream.id, end);
  return socket;
}

/** The agent's end of the stream is the end of what the backend says; anything else cuts the connection. */
function finish(socket: Duplex, reason: StreamClose): void {
  if (socket.destroyed) return;
  if (reason === "peer-ended") socket.push(null);
  else socket.destroy(new Error(`tunnel closed: ${reason}`));
}
