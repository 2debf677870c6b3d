import { type CallStatus, FramingError, MAX_MESSAGE_BYTES, STATUS, WireError } from "@windfire/protocol";

/** The peer half-closed in the middle of a message. */
export class RequestCutShort extends Error {
  override readonly name = "RequestCutShort";
}

/** All requests together hold too many bytes. */
export class TooManyBytes extends Error {
  override readonly name = "TooManyBytes";
}

/** How the reference begins what it says of a message that cannot be read. */
const UNREADABLE = { unary: "grpc: error unmarshalling request: ", stream: "grpc: failed to unmarshal the received message: " } as const;

/** Status of a call whose request breaks the rules (spec 20 section 1); undefined for any other error. */
export function statusOfFault(error: unknown, kind: keyof typeof UNREADABLE): CallStatus | undefined {
  if (error instanceof WireError) return { code: STATUS.internal, message: UNREADABLE[kind] + error.message };
  if (error instanceof RequestCutShort) return { code: STATUS.unknown, message: "unexpected EOF" };
  if (error instanceof TooManyBytes) return { code: STATUS.resourceExhausted, message: "too many bytes at once" };
  if (!(error instanceof FramingError)) return undefined;
  if (error.fault === "compressed") return { code: STATUS.internal, message: "grpc: compressed flag set with identity or empty encoding" };
  return { code: STATUS.resourceExhausted, message: `grpc: received message larger than max (${error.length} vs. ${MAX_MESSAGE_BYTES})` };
}

/** A unary request ended without a message. */
export const NO_MESSAGE: CallStatus = { code: STATUS.unknown, message: "EOF" };
export const BAD_TIMEOUT: CallStatus = { code: STATUS.internal, message: "malformed grpc-timeout" };
export const DEADLINE_EXCEEDED: CallStatus = { code: STATUS.deadlineExceeded, message: "context deadline exceeded" };
/** Says nothing about what went wrong inside; the log does. */
export const SURPRISE: CallStatus = { code: STATUS.unknown, message: "internal error" };
