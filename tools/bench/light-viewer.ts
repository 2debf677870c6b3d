import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import type { Socket } from "node:net";

/** A browser that watches the live stream, as far as the dashboard can tell: what comes is taken off the connection and counted, not read. */
export interface LightViewer {
  /** Bytes that came over the connection, the handshake included. */
  readonly bytes: number;
  close(): void;
}

/** `path` of a WebSocket of the dashboard; `target` is `host:port`. Rejects when it is refused. */
export async function connectLightViewer(target: string, path: string): Promise<LightViewer> {
  const [host = "", port = ""] = target.split(":");
  const socket = connect(Number(port), host);
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => undefined);
  socket.on("error", ended.reject);
  socket.on("close", () => ended.reject(new Error("the connection ended")));
  socket.write(
    [
      `GET ${path} HTTP/1.1`,
      `Host: ${target}`,
      `Origin: http://${target}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
      "\r\n",
    ].join("\r\n"),
  );
  await Promise.race([accepted(socket), ended.promise]);
  socket.resume();
  return {
    get bytes() {
      return socket.bytesRead;
    },
    close: () => void socket.destroy(),
  };
}

async function accepted(socket: Socket): Promise<void> {
  const [status] = await new Promise<string[]>((resolve) => {
    socket.once("data", (chunk: Buffer) => resolve(chunk.toString("latin1").split("\r\n", 1)));
  });
  if (status?.startsWith("HTTP/1.1 101") !== true) throw new Error(`the handshake was answered with ${status}`);
}
