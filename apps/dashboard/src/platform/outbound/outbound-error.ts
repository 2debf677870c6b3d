/**
 * Why there is no answer: `refused` (the target is not allowed), `invalid` (not a request), `unreachable` (name, connection, TLS),
 * `timeout`, `too-large` (more than may be read), `stopped` (the caller gave up).
 */
export type OutboundFailure = "refused" | "invalid" | "unreachable" | "timeout" | "too-large" | "stopped";

/** A request that got no whole answer. The message can be shown: it holds no address, header or body. */
export class OutboundError extends Error {
  override readonly name = "OutboundError";
  readonly failure: OutboundFailure;
  /** Whether something of the request was written: it may have been taken all the same. */
  readonly written: boolean;

  constructor(failure: OutboundFailure, message: string, options: ErrorOptions & { written?: boolean } = {}) {
    super(message, options);
    this.failure = failure;
    this.written = options.written ?? false;
  }
}
