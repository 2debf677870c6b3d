import type { Buffer } from "node:buffer";
import type { CallStatus } from "@windfire/protocol";

/** What a call knows of the connection that it came on. */
export interface CallConnection {
  /** TCP peer without port, IPv4 dotted. */
  readonly peer: string;
  /** The peer has signed in: limits for unknown peers no longer hold for its connection. */
  trust(): void;
}

/** Which call it is. */
export interface CallHead {
  /** Bare method name, such as `RequestTask`. */
  readonly method: string;
  readonly peer: string;
}

/** A call with its headers. */
export interface CallInfo extends CallHead {
  /** First value of a header, untrimmed; undefined when it was not sent. `name` in lower case. */
  metadata(name: string): string | undefined;
}

/** `full`: the peer does not read and its queue is at the limit, the call has been reset; `closed`: the call is over. */
export type SendOutcome = "sent" | "full" | "closed";

/** `half-close`: the peer has said all; `cancelled`: it has reset the call, its connection is gone, or we have ended the call. */
export type CallEnd = "half-close" | "cancelled";

/** A stream in both directions, which may last for months: its headers are gone once its caller is admitted. Messages are protobuf bytes without the gRPC prefix, in order, one at a time. */
export interface StreamCall {
  /** May be set once. What it throws ends the call: `WireError` as a bad message, anything else as an internal error. */
  onMessage(handle: (message: Buffer) => void): void;
  /** What was sent has left after the queue was long. */
  onDrain(handle: () => void): void;
  /** Called once, whoever ended the call: after the last message that is delivered. */
  onEnd(handle: (how: CallEnd) => void): void;
  send(message: Uint8Array): SendOutcome;
  /** Bytes sent that the peer has not taken yet. */
  unread(): number;
  /** Stops `onMessage`; the peer's flow-control window fills up. */
  pause(): void;
  resume(): void;
  /** Ends the call with a status once what was sent has left; a second call does nothing. */
  end(code: number, text?: string): void;
  /** Asks the peer to make its next calls over another connection (GOAWAY; others on this one go on), and ends this one as `UNAVAILABLE`. */
  sendAway(text: string): void;
}

export interface UnaryMethod<Caller> {
  readonly kind: "unary";
  /** Bytes of the answer, or the status of a refusal. What it throws ends the call as in `StreamCall.onMessage`. */
  handle(message: Buffer, caller: Caller, call: CallInfo): Promise<Uint8Array | CallStatus> | Uint8Array | CallStatus;
}

export interface StreamMethod<Caller> {
  readonly kind: "stream";
  /** Sets the handlers of the call before it returns. */
  open(call: StreamCall, caller: Caller): void;
}

export type Method<Caller> = UnaryMethod<Caller> | StreamMethod<Caller>;

export type Admission<Caller> = { readonly caller: Caller } | { readonly refused: CallStatus };
