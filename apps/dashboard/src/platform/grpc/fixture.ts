import {
  createServer,
  connect,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { createByteBudget } from "@windfire/kit";
import { decodeStatusMessage, frameMessage } from "@windfire/protocol";
import { createFakeClock } from "@windfire/testkit";
import { createGrpcServer, type GrpcDeps } from "./server.ts";

/** `beforeCall`: what happens to a stream before the server hears of it. */
type ServedCalls = Partial<GrpcDeps<string>> &
  Pick<GrpcDeps<string>, "methods"> & { readonly beforeCall?: (stream: ServerHttp2Stream) => void };

/** For tests: a server of these methods on a port of its own. Calls are admitted as "agent" unless told otherwise; what it throws is an error too. */
export async function serveCalls({ beforeCall, ...overrides }: ServedCalls) {
  const clock = createFakeClock();
  const errors: unknown[] = [];
  const trusted: string[] = [];
  const grpc = createGrpcServer<string>({
    clock,
    limits: { messageBytes: 4 * 1024 * 1024, queueBytes: 64 * 1024 },
    budget: createByteBudget(64 * 1024 * 1024),
    admit: () => ({ caller: "agent" }),
    onError: (error) => void errors.push(error),
    ...overrides,
  });
  const server = createServer();
  server.on("sessionError", () => undefined);
  server.on("stream", (stream: ServerHttp2Stream, headers, _flags, rawHeaders) => {
    stream.on("error", () => undefined);
    beforeCall?.(stream);
    try {
      grpc.handle(stream, headers, rawHeaders, { peer: "192.0.2.7", trust: () => void trusted.push("trusted") });
    } catch (error) {
      errors.push(error);
    }
  });
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => void sessions.add(session));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    clock,
    errors,
    trusted,
    grpc,
    port,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

export interface Outcome {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly status: number;
  readonly message: string;
  readonly body: Buffer;
}

/** For tests: one call by a plain HTTP/2 client. */
export function openCall(
  client: ClientHttp2Session,
  path: string,
  headers: Record<string, string | string[]> = {},
): { stream: ClientHttp2Stream; outcome: Promise<Outcome> } {
  const stream = client.request({ ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers", ...headers });
  const chunks: Buffer[] = [];
  let head: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  stream.on("response", (received) => void (head = received));
  stream.on("trailers", (received) => void (trailers = received));
  stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
  stream.on("error", () => undefined);
  const outcome = new Promise<Outcome>((resolve) => {
    stream.on("close", () => {
      resolve({
        headers: head,
        trailers,
        status: Number(trailers["grpc-status"] ?? -1),
        message: decodeStatusMessage(String(trailers["grpc-message"] ?? "")),
        body: Buffer.concat(chunks),
      });
    });
  });
  return { stream, outcome };
}

export function connectClient(port: number): ClientHttp2Session & Disposable {
  const client = connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: constants.DEFAULT_SETTINGS_INITIAL_WINDOW_SIZE } });
  client.on("error", () => undefined);
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() });
}

/** For tests: any bytes as a message with its prefix. */
export function framed(bytes: Uint8Array): Uint8Array {
  return frameMessage((message: Uint8Array, headroom) => Buffer.concat([Buffer.alloc(headroom), message]), bytes);
}
