import {
  constants,
  createServer,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import type { IdleSessions } from "./idle-sessions.ts";
import type { ListenerLimits } from "./limits.ts";
import type { CallHandler } from "./ports.ts";
import { encodeBytes } from "./raw-target.ts";
import type { SignsOfLife } from "./signs-of-life.ts";
import type { UnknownConnection } from "./unknown-connections.ts";
import { authorityOf } from "./target.ts";
import { admitRequest, type WebRequestDeps } from "./web-requests.ts";

/** Receive window of a connection and of each of its streams, and largest frame, as the reference has them. In bytes. */
const WINDOW = 1024 * 1024;
const MAX_STREAMS = 250;
/** Memory of one connection, in MB, past which the runtime refuses new streams. */
const SESSION_MEMORY = 32;
const MAX_HEADERS = 128;
/** Streams a peer may reset at once, and per second, before its connection is closed. */
const RESET_BURST = 200;
const RESET_RATE = 20;

export interface Http2Deps extends WebRequestDeps {
  readonly limits: ListenerLimits;
  readonly calls: CallHandler;
  readonly idle: IdleSessions;
  readonly life: SignsOfLife;
  readonly connectionOf: (socket: Socket) => UnknownConnection | undefined;
}

export interface Http2 {
  take(socket: Socket, peer: string): void;
  /** GOAWAY NO_ERROR: running streams go on, new ones are refused. */
  drain(): void;
  close(): void;
}

/** HTTP/2 on sockets that somebody else accepts: agents' calls go to the call handler, everything else is a web request. */
export function createHttp2(deps: Http2Deps): Http2 {
  const sessions = new Set<ServerHttp2Session>();
  const connections = new WeakMap<object, UnknownConnection>();
  const compat = createServer();
  compat.on("request", (request: Http2ServerRequest, response: Http2ServerResponse) => serveWeb(request, response, deps, connections));

  function take(socket: Socket, peer: string): void {
    const session = performServerHandshake(socket, {
      maxSessionMemory: SESSION_MEMORY,
      maxHeaderListPairs: MAX_HEADERS,
      streamResetBurst: RESET_BURST,
      streamResetRate: RESET_RATE,
      settings: {
        initialWindowSize: WINDOW,
        maxFrameSize: WINDOW,
        maxConcurrentStreams: MAX_STREAMS,
        maxHeaderListSize: deps.limits.headerBytes,
      },
    });
    const connection = deps.connectionOf(socket);
    if (connection !== undefined) connections.set(session, connection);
    sessions.add(session);
    const forget = deps.life.watch(livingConnection(session, socket), deps.clock.monotonic());
    const watched = deps.idle.watch(session, deps.clock.monotonic());
    const caller = { peer, trust: () => connection?.known() };
    session.on("stream", (stream, headers, flags, rawHeaders) => {
      // The runtime reports resets as errors too, and one that nobody listens to ends the process; `close` and `aborted` say all we need.
      stream.on("error", ignore);
      // Reset in the packet that opened it.
      if (stream.destroyed) return;
      const ended = watched.opened();
      stream.on("close", () => ended(deps.clock.monotonic()));
      try {
        if (!isTunnelled(headers, deps) && deps.calls.accepts(headers)) deps.calls.handle(stream, headers, rawHeaders, caller);
        else compat.emit("stream", stream, headers, flags, rawHeaders);
      } catch (error) {
        deps.onError(error);
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      }
    });
    // Broken frames and lost connections: the runtime closes the session itself.
    session.on("error", ignore);
    session.on("close", () => {
      sessions.delete(session);
      forget();
      watched.gone();
      socket.destroy();
    });
    session.setLocalWindowSize(WINDOW);
  }

  return {
    take,
    drain() {
      for (const session of sessions) session.close();
    },
    close() {
      for (const session of sessions) session.destroy();
    },
  };
}

function ignore(): void {}

function serveWeb(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  deps: Http2Deps,
  connections: WeakMap<object, UnknownConnection>,
): void {
  const { stream } = request;
  const { session } = stream;
  if (session === undefined) return;
  request.url = encodeBytes(request.url);
  const visit = {
    request,
    response,
    authority: authorityOf(request),
    connection: connections.get(session),
    received: () => session.socket.bytesRead,
    close: () => closeStream(stream),
  };
  response.once("finish", () => setImmediate(() => leaveUnread(stream)));
  if (admitRequest(visit, deps)) deps.tunnel?.request(request, response);
  else deps.web.request(request, response);
}

/** An answer that did not wait for the whole request is the end of its stream: nobody takes the rest. */
function leaveUnread(stream: ServerHttp2Stream): void {
  if (stream.destroyed || stream.closed || stream.readableEnded) return;
  if (stream.state.localClose === 1) closeStream(stream);
  else stream.resume();
}

function closeStream(stream: ServerHttp2Stream): void {
  stream.close(constants.NGHTTP2_NO_ERROR);
}

function isTunnelled(headers: IncomingHttpHeaders, deps: Http2Deps): boolean {
  return deps.tunnel?.matches(authorityOf({ headers, httpVersionMajor: 2 })) === true;
}

function livingConnection(session: ServerHttp2Session, socket: Socket) {
  return {
    received: () => socket.bytesRead,
    ping(answered: () => void) {
      if (session.destroyed || session.closed) return;
      session.ping((error) => {
        if (error === null) answered();
      });
    },
    destroy() {
      session.destroy();
      socket.destroy();
    },
  };
}
