import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "@windfire/kit";

/** What is still read of a request after its last answer, and thrown away. */
const MOST_BYTES = 8 * 1024 * 1024;
const LONGEST_MS = 2_000;

/** The newest request of a connection: those before it are read to their end. They must not be held, a connection may live for weeks. */
const newest = new WeakMap<Socket, IncomingMessage>();

/**
 * Closes the connection of a request in two steps when it has been answered before it was read to its end (RFC 9112 section 9.6): a socket
 * that closes on unread bytes resets the connection, and whoever was still sending loses the answer that says what was wrong.
 */
export function closeLingering(request: IncomingMessage, clock: Pick<Clock, "setTimeout">): void {
  const { socket } = request;
  const closeSoon = socket.destroySoon as Socket["destroySoon"] | undefined;
  if (closeSoon === undefined) return;
  const isFirst = !newest.has(socket);
  newest.set(socket, request);
  if (isFirst) lingerOnClose(socket, closeSoon, clock);
}

function lingerOnClose(socket: Socket, closeSoon: Socket["destroySoon"], clock: Pick<Clock, "setTimeout">): void {
  socket.destroySoon = () => {
    socket.destroySoon = closeSoon;
    const request = newest.get(socket);
    if (request === undefined || request.complete || socket.destroyed) return closeSoon.call(socket);
    let read = 0;
    request.on("data", (chunk: Buffer) => {
      read += chunk.length;
      if (read > MOST_BYTES) socket.destroy();
    });
    const timer = clock.setTimeout(() => socket.destroy(), LONGEST_MS).unref();
    socket.once("close", () => timer.cancel());
    request.once("end", () => closeSoon.call(socket)).resume();
    socket.end();
    return undefined;
  };
}
