import { connect } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import {
  createMessageSplitter,
  decodeTask,
  encodeGeoIP,
  encodeHost,
  encodeState,
  encodeTaskResult,
  frameMessage,
  methodPath,
  TASK,
} from "@windfire/protocol";
import type { MethodName, State } from "@windfire/protocol";
import { sampleHost, sampleState } from "@windfire/testkit";

/** An agent that costs the measuring process as little as possible: one connection, frames written as they are. */
export interface LightAgent {
  /** Sends one sample, the next of a made-up host or what differs from that, and waits for its receipt. */
  report(change?: Partial<State>): Promise<void>;
  /** Resolves with the reason when the connection or one of its streams ends. */
  readonly ended: Promise<Error>;
  /** Port of its end of the connection. */
  readonly localPort: number;
  close(): void;
}

export interface LightAgentOptions {
  /** `host:port` */
  readonly target: string;
  readonly secret: string;
  readonly uuid: string;
  /** A probe was asked for; it is answered at once. */
  readonly onProbe?: () => void;
  /** A command was ordered; it is answered at once. */
  readonly onCommand?: (id: number) => void;
}

/** Connects, reports host and address, opens both streams and sends a first sample. */
export async function connectLightAgent(options: LightAgentOptions): Promise<LightAgent> {
  const session = connect(`http://${options.target}`, { settings: { enablePush: false } });
  const broken = Promise.withResolvers<never>();
  session.on("error", broken.reject);
  session.on("close", () => broken.reject(new Error("the connection ended")));
  broken.promise.catch(() => undefined);
  const open = (method: MethodName): ClientHttp2Stream => openCall(session, method, options, broken.reject);

  await Promise.race([callOnce(open("ReportSystemInfo2"), frameMessage(encodeHost, sampleHost())), broken.promise]);
  const tasks = open("RequestTask");
  tasks.write(frameMessage(encodeTaskResult, {}));
  const orders = createMessageSplitter();
  tasks.on("data", (chunk: Buffer) => {
    orders.push(chunk);
    for (let message = orders.next(); message !== undefined; message = orders.next()) {
      const { id, type } = decodeTask(message);
      if (type > TASK.command) continue;
      if (type === TASK.command) options.onCommand?.(id);
      else options.onProbe?.();
      tasks.write(frameMessage(encodeTaskResult, { id, type, delay: 10 + (id % 7), successful: true }));
    }
  });
  const states = open("ReportSystemState");
  const splitter = createMessageSplitter();
  let receipt: (() => void) | undefined;
  let samples = 0;
  states.on("data", (chunk: Buffer) => {
    splitter.push(chunk);
    while (splitter.next() !== undefined) receipt?.();
  });
  const report = (change: Partial<State> = {}): Promise<void> => {
    const answered = new Promise<void>((resolve) => {
      receipt = resolve;
    });
    states.write(frameMessage(encodeState, { ...sampleState(samples++), ...change }));
    return Promise.race([answered, broken.promise]);
  };
  await Promise.race([
    callOnce(open("ReportGeoIP"), frameMessage(encodeGeoIP, { ip: { ipv4: "203.0.113.10", ipv6: "" } })),
    broken.promise,
  ]);
  await report();
  const ended = broken.promise.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  return { report, ended, localPort: session.socket.localPort ?? 0, close: () => session.destroy() };
}

function openCall(
  session: ClientHttp2Session,
  method: MethodName,
  { secret, uuid }: LightAgentOptions,
  fail: (error: Error) => void,
): ClientHttp2Stream {
  const stream = session.request({
    ":method": "POST",
    ":path": methodPath(method),
    te: "trailers",
    "content-type": "application/grpc",
    "user-agent": "grpc-go/1.80.0",
    "client-secret": secret,
    client_secret: secret,
    "client-uuid": uuid,
    client_uuid: uuid,
  });
  stream.on("error", fail);
  const refuse = (headers: IncomingHttpHeaders): void => {
    const status = headers["grpc-status"]?.toString();
    if (status !== undefined && status !== "0")
      fail(new Error(`${method} ended with status ${status}: ${headers["grpc-message"]?.toString()}`));
  };
  stream.on("response", refuse);
  stream.on("trailers", refuse);
  return stream;
}

function callOnce(stream: ClientHttp2Stream, frame: Uint8Array): Promise<void> {
  stream.end(frame);
  stream.resume();
  return new Promise((resolve) => void stream.once("end", resolve));
}
