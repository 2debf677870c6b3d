import type { IncomingHttpHeaders, Http2ServerRequest, Http2ServerResponse, ServerHttp2Stream } from "node:http2";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** Requests and answers of either HTTP version. */
export type WebRequest = IncomingMessage | Http2ServerRequest;
export type WebResponse = ServerResponse | Http2ServerResponse;

/** The web application. */
export interface WebHandler {
  readonly request: ((request: IncomingMessage, response: ServerResponse) => void) &
    ((request: Http2ServerRequest, response: Http2ServerResponse) => void);
  /** HTTP/1.1 requests with `Upgrade: websocket`. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Requests whose body may take its time as long as it moves (uploads). */
  readonly isPatient?: (request: WebRequest) => boolean;
}

/** Takes HTTP/2 streams that carry agents' calls. */
export interface CallHandler {
  accepts(headers: IncomingHttpHeaders): boolean;
  handle(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    rawHeaders: readonly string[],
    connection: { readonly peer: string; trust(): void },
  ): void;
}

/** Hosts whose requests belong to somebody else. They come before everything (spec 10 section 1.2). */
export interface TunnelHandler {
  /** Whether requests for this `Host` or `:authority`, taken literally, are tunnelled. */
  matches(authority: string): boolean;
  request(request: WebRequest, response: WebResponse): void;
  /** HTTP/1.1 requests with any `Upgrade`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}
