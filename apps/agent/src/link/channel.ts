import type { Duplex } from "node:stream";
import { FEATURES_HEADER, methodPath, parseFeatures, STATUS } from "@windfire/protocol";
import type { CallStatus, Feature, MethodName } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import { createCallReader } from "./call.ts";
import { createHttp2Client } from "./http2/index.ts";
import type { HeaderField, Http2Client, Http2Request } from "./http2/index.ts";
import type { StreamEvents } from "./stream-events.ts";

/** A call that did not end well. Status 14, unavailable: there was no usable answer. */
export class CallError extends Error {
  readonly code: CallStatus["code"];

  constructor({ code, message }: CallStatus) {
    super(message);
    this.name = "CallError";
    this.code = code;
  }
}

/** Ends a session; only the first reason counts. */
export type Finish = (reason: string, code?: CallStatus["code"]) => void;

/** One call with messages in both directions. */
export interface CallStream {
  /** Sends a framed message. `"full"`: too much waits already, the message was not taken. */
  send(frame: Uint8Array): "sent" | "full" | "ended";
  /** Resolves when what was sent is on its way, or the call is over. */
  drained(): Promise<void>;
  /** Ends our side; the other side may go on. */
  end(): void;
  /** Ends both sides at once. */
  cancel(): void;
}

/** One connection to the dashboard, with the agent's credentials on every call. */
export interface Channel {
  /** The bytes of the answer to a framed message. @throws CallError */
  call(method: MethodName, frame: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  /** @param timeoutMs told to the other side; it is for the caller to keep to it */
  open(method: MethodName, events: StreamEvents, timeoutMs?: number): CallStream;
  /** Whether the other side has said that it understands this. */
  understands(feature: Feature): boolean;
  /** Resolves when the other side answered; never, when it does not. */
  ping(): Promise<void>;
  /** Says good-bye and closes. */
  close(): void;
  /** Cuts the connection and ends what is open with this reason. */
  destroy(reason: string): void;
  /** Why the connection ended; pending until it does. */
  readonly closed: Promise<string>;
}

/** Whom the calls come from (spec 20 section 3.1). */
export interface Identity {
  readonly secret: string;
  readonly uuid: string;
}

export interface ChannelOptions {
  readonly clock: Clock;
  /** `host:port` as configured. */
  readonly authority: string;
  readonly scheme: "http" | "https";
  readonly identity: Identity;
  readonly userAgent: string;
}

const WINDOW_BYTES = 1024 * 1024;
/** Room for one message of every stream that a dashboard opens at once, and a few results of the largest size. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const SECRET_HEADERS = new Set(["client-secret", "client_secret"]);

/** gRPC calls over a connected socket. */
export function createChannel(socket: Duplex, options: ChannelOptions): Channel {
  const client = createHttp2Client(socket, {
    isSecret: (name) => SECRET_HEADERS.has(name),
    windowBytes: WINDOW_BYTES,
    maxWaitingBytes: MAX_WAITING_BYTES,
    monotonic: options.clock.monotonic,
  });
  const features = new Set<Feature>();
  const noteFeatures = (fields: readonly HeaderField[]): void => {
    const header = fields.find(([name]) => name === FEATURES_HEADER);
    if (header !== undefined) for (const feature of parseFeatures(header[1])) features.add(feature);
  };
  const open = (method: MethodName, events: StreamEvents, timeoutMs?: number): CallStream =>
    startCall(client, requestHeaders(options, method, timeoutMs), events, noteFeatures);

  return {
    open,
    call: (method, frame, timeoutMs) => callOnce((events) => open(method, events, timeoutMs), frame, timeoutMs, options.clock),
    understands: (feature) => features.has(feature),
    ping: client.ping,
    close: client.close,
    destroy: client.destroy,
    closed: client.closed,
  };
}

function requestHeaders(
  { authority, scheme, identity, userAgent }: ChannelOptions,
  method: MethodName,
  timeoutMs: number | undefined,
): HeaderField[] {
  return [
    [":method", "POST"],
    [":scheme", scheme],
    [":path", methodPath(method)],
    [":authority", authority],
    ["te", "trailers"],
    ["content-type", "application/grpc"],
    ["user-agent", userAgent],
    ...(timeoutMs === undefined ? [] : [["grpc-timeout", `${timeoutMs}m`] as const]),
    ["client-secret", identity.secret],
    ["client-uuid", identity.uuid],
    // Older dashboards only know these spellings.
    ["client_secret", identity.secret],
    ["client_uuid", identity.uuid],
  ];
}

function startCall(
  client: Http2Client,
  headers: readonly HeaderField[],
  events: StreamEvents,
  onHeaders: (fields: readonly HeaderField[]) => void,
): CallStream {
  const reader = createCallReader(events.onMessage, () => request?.cancel());
  const request: Http2Request | undefined = client.request(headers, {
    onHeaders: (fields) => {
      onHeaders(fields);
      reader.headers(fields);
    },
    onData: reader.data,
    onClose: (reset) => events.onEnd(reader.status(reset)),
  });
  if (request === undefined)
    queueMicrotask(() => events.onEnd({ code: STATUS.unavailable, message: "the connection takes no more calls" }));
  return {
    send: (frame) => request?.write(frame) ?? "ended",
    drained: async () => request?.drained(),
    end: () => request?.end(),
    cancel: () => request?.cancel(),
  };
}

function callOnce(open: (events: StreamEvents) => CallStream, frame: Uint8Array, timeoutMs: number, clock: Clock): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let answer: Uint8Array | undefined;
    const timer = clock.setTimeout(() => {
      reject(new CallError({ code: STATUS.deadlineExceeded, message: "context deadline exceeded" }));
      stream.cancel();
    }, timeoutMs);
    const stream = open({
      onMessage: (message) => {
        answer ??= message.slice();
      },
      onEnd: (status) => {
        timer.cancel();
        if (status.code !== STATUS.ok) reject(new CallError(status));
        else if (answer === undefined) reject(new CallError({ code: STATUS.internal, message: "an answer without a message" }));
        else resolve(answer);
      },
    });
    stream.send(frame);
    stream.end();
  });
}
