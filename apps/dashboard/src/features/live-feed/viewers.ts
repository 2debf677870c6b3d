import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { SharedFrame } from "./frame.ts";

/** Longest time a viewer's connection may stand still with unread bytes before it is cut (spec 11 section 3.3). */
const STALL_MS = 10_000;
/** A ping follows every fourth frame (spec 10 section 18). */
const FRAMES_PER_PING = 4;

/** One browser on the stream. Slow ones skip to the newest frame; nobody waits for them. */
export interface Viewer {
  /** Sends a frame, or skips it while an older one is still unread. `now` is monotonic, ms. */
  send(frame: SharedFrame, now: number): "sent" | "skipped" | "cut";
}

export function createViewer(
  socket: Pick<WebSocket, "extensions" | "readyState" | "OPEN" | "ping" | "terminate">,
  connection: Duplex,
): Viewer {
  const deflate = socket.extensions.includes("permessage-deflate");
  let frames = 0;
  let stalledSince: number | undefined;
  let unread = 0;
  return {
    send(frame, now) {
      // Nothing may follow a close frame (RFC 6455 section 5.5.1), and these bytes go past what would see to it.
      if (socket.readyState !== socket.OPEN) return "skipped";
      if (connection.writableLength > 0) {
        if (stalledSince === undefined || connection.writableLength !== unread) stalledSince = now;
        unread = connection.writableLength;
        if (now - stalledSince < STALL_MS) return "skipped";
        socket.terminate();
        return "cut";
      }
      stalledSince = undefined;
      connection.write(deflate ? frame.deflated : frame.plain);
      frames++;
      if (frames % FRAMES_PER_PING === 0) socket.ping();
      return "sent";
    },
  };
}
