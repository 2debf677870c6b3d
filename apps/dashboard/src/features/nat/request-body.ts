import type { Duplex } from "node:stream";
import type { WebRequest } from "#platform/listener";
import type { RequestFraming } from "./request-head.ts";

/**
 * Streams a request's body to the backend, as fast as that takes it. The returned function stops: the backend has answered, and what is
 * still to come of the body is nobody's.
 */
export function sendBody(request: WebRequest, framing: RequestFraming, socket: Duplex): () => void {
  if (framing === "none") {
    request.resume();
    return () => undefined;
  }
  const isChunked = framing === "chunked";
  const onData = (bytes: Buffer): void => {
    if (isChunked) socket.write(`${bytes.length.toString(16)}\r\n`, "latin1");
    const goesOn = socket.write(bytes);
    if (isChunked) socket.write("\r\n", "latin1");
    if (!goesOn) request.pause();
  };
  const onEnd = (): void => {
    if (isChunked) socket.write("0\r\n\r\n", "latin1");
  };
  const onDrain = (): void => {
    request.resume();
  };
  const stop = (): void => {
    request.off("data", onData).off("end", onEnd);
    socket.off("drain", onDrain);
    request.resume();
  };
  request.on("data", onData).on("end", onEnd);
  socket.on("drain", onDrain).once("close", stop);
  return stop;
}
