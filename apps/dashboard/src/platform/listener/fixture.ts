import { connect, type Socket } from "node:net";
import { createFakeClock } from "@windfire/testkit";
import { DEFAULT_LIMITS, type ListenerLimits } from "./limits.ts";
import { createListener, type ListenerDeps } from "./listener.ts";
import type { WebRequest, WebResponse } from "./ports.ts";

/** For tests: a listener on a port of its own. Web requests are echoed as `<method> <url> <body>`, calls are answered with 204. */
export async function serve(overrides: Partial<Omit<ListenerDeps, "limits">> & { limits?: Partial<ListenerLimits> } = {}) {
  const clock = createFakeClock();
  const errors: unknown[] = [];
  const listener = createListener({
    clock,
    host: "127.0.0.1",
    port: 0,
    web: { request: echo, upgrade: (_request, socket) => void socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\nupgraded") },
    calls: {
      accepts: (headers) => headers["content-type"] === "application/grpc",
      handle(stream, _headers, _raw, connection) {
        connection.trust();
        stream.respond({ ":status": 204, "x-peer": connection.peer }, { endStream: true });
      },
    },
    onError: (error) => void errors.push(error),
    ...overrides,
    limits: { ...DEFAULT_LIMITS, ...overrides.limits },
  });
  const address = await listener.listen();
  return { ...address, clock, errors, listener, [Symbol.asyncDispose]: () => stopped(listener, clock) };
}

async function stopped(listener: { stop(deadlineMs: number): Promise<void> }, clock: { advance(ms: number): void }): Promise<void> {
  const done = listener.stop(0);
  clock.advance(0);
  await done;
}

export function echo(request: WebRequest, response: WebResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => void chunks.push(chunk));
  request.on("error", () => undefined);
  request.on("end", () => response.end(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`));
}

export interface RawClient {
  readonly socket: Socket;
  write(text: string): void;
  /** Everything received so far, once it contains `part`. Rejects when the connection closes before. */
  received(part: string): Promise<string>;
  /** Everything received, once the connection is closed. */
  readonly closed: Promise<string>;
}

/** For tests: a TCP client that says what it is told. */
export async function connectRaw(port: number): Promise<RawClient> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  const waiting = new Set<() => void>();
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    for (const look of waiting) look();
  });
  const closed = new Promise<string>((resolve) => void socket.once("close", () => resolve(text)));
  await new Promise<void>((resolve, reject) => void socket.once("connect", resolve).once("error", reject));
  return {
    socket,
    closed,
    write: (part) => void socket.write(part, "latin1"),
    received(part) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          if (!text.includes(part)) return;
          waiting.delete(look);
          resolve(text);
        };
        waiting.add(look);
        void closed.then(() => reject(new Error(`closed after ${JSON.stringify(text)}`)));
        look();
      });
    },
  };
}
