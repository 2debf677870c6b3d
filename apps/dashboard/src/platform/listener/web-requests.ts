import type { Http2ServerRequest } from "node:http2";
import type { Clock } from "@windfire/kit";
import type { ArrivingRequests } from "./arriving-requests.ts";
import type { TunnelHandler, WebHandler, WebRequest, WebResponse } from "./ports.ts";
import type { UnknownConnection } from "./unknown-connections.ts";

export interface WebRequestDeps {
  readonly clock: Clock;
  readonly arriving: ArrivingRequests;
  readonly web: WebHandler;
  readonly tunnel: TunnelHandler | undefined;
  /** A handler threw. */
  readonly onError: (error: unknown) => void;
}

/** A request of either HTTP version with what the listener knows of its connection. */
export interface WebVisit {
  readonly request: WebRequest;
  readonly response: WebResponse;
  readonly authority: string;
  /** Undefined once the connection is known. */
  readonly connection: UnknownConnection | undefined;
  readonly received: () => number;
  /** Closes what carries the request, after the answer has left if there is one. */
  readonly close: () => void;
}

/** Limits the time that a request has to arrive; its connection is known when it is there. True when it is tunnelled. */
export function admitRequest(visit: WebVisit, deps: WebRequestDeps): boolean {
  const { request, response, connection } = visit;
  const isTunnelled = deps.tunnel?.matches(visit.authority) === true;
  if (!hasBody(request)) {
    connection?.known();
    return isTunnelled;
  }
  connection?.requesting();
  deps.arriving.add(
    {
      isPatient: isTunnelled || deps.web.isPatient?.(request) === true,
      isOver: () => hasArrived(request) || request.destroyed || response.writableFinished,
      received: visit.received,
      settled: () => connection?.known(),
      expire() {
        if (!response.headersSent) response.statusCode = 408;
        response.end();
        visit.close();
      },
    },
    deps.clock.monotonic(),
  );
  return isTunnelled;
}

function hasBody(request: WebRequest): boolean {
  if (isHttp2(request)) return !request.stream.endAfterHeaders;
  return request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0;
}

/** Whether everything has been received, taken by the handler or not. */
function hasArrived(request: WebRequest): boolean {
  return isHttp2(request) ? request.stream.destroyed || request.stream.state.remoteClose === 1 : request.complete;
}

function isHttp2(request: WebRequest): request is Http2ServerRequest {
  return request.httpVersionMajor === 2;
}
