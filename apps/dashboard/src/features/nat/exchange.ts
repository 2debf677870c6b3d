import { request as httpRequest, ServerResponse } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import type { Duplex } from "node:stream";
import type { WebRequest, WebResponse } from "#platform/listener";

/** A plain answer of the dashboard itself in place of the backend's. */
export interface Refused {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Headers that belong to one connection, or to the dashboard alone, and are not passed on as they are (RFC 9110 section 7.6.1). */
const NOT_PASSED = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
  "authorization",
  "cookie",
]);
const NOT_ANSWERED = new Set(["connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade", "http2-settings"]);
const WITHOUT_BODY = new Set(["GET", "HEAD", "OPTIONS", "DELETE"]);
const OK = 200;
const NO_ANSWER: Refused = { status: 502, type: "text/plain; charset=utf-8", text: "the tunnelled host did not answer" };

/** Says a request again over the tunnel and gives the backend's answer; bodies are streamed both ways. */
export function exchange(request: WebRequest, either: WebResponse, socket: Duplex): void {
  // Both versions' answers have the methods used here; only their overloads differ.
  const response = either as ServerResponse;
  response.on("close", () => socket.destroy());
  const backend = send(request, socket, requestHeaders(request));
  takeAnswer(backend, request, response);
  request.pipe(backend);
}

/** The same for a request to switch protocols: once the backend has agreed, bytes go through as they are. */
export function exchangeUpgrade(request: IncomingMessage, client: Duplex, early: Buffer, socket: Duplex): void {
  const close = (): void => {
    socket.destroy();
    client.destroy();
  };
  client.on("error", close).on("close", close);
  const headers = ["Host", authorityOf(request), ...passedHeaders(request, new Set(["authorization"]))];
  const backend = send(request, socket, headers);
  const response = plainResponse(request, client);
  takeAnswer(backend, request, response);
  backend.on("upgrade", (answer, _socket, first) => {
    response.detachSocket(client as Parameters<ServerResponse["detachSocket"]>[0]);
    client.write(answerHead(answer), "latin1");
    if (first.length > 0) client.write(first);
    if (early.length > 0) socket.write(early);
    pipeline(client, socket, close);
    pipeline(socket, client, close);
  });
  backend.end();
}

/** Ends a request with an answer of our own. */
export function refuse(request: WebRequest, response: ServerResponse, refused: Refused): void {
  request.resume();
  if (response.writableEnded) return;
  if (response.headersSent) return void response.destroy();
  response.writeHead(refused.status, { "content-type": refused.type, "x-content-type-options": "nosniff" });
  response.end(refused.text);
}

export function refuseUpgrade(request: IncomingMessage, client: Duplex, refused: Refused): void {
  client.on("error", () => client.destroy());
  refuse(request, plainResponse(request, client), refused);
}

/** The value that tunnels are chosen by. */
export function authorityOf(request: WebRequest): string {
  return String(request.headers[":authority"] ?? request.headers.host ?? "");
}

/** An ordinary answer on a socket that asked for another protocol; it is the last one. */
function plainResponse(request: IncomingMessage, client: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.assignSocket(client as Parameters<ServerResponse["assignSocket"]>[0]);
  response.shouldKeepAlive = false;
  response.once("finish", () => client.end());
  return response;
}

function send(request: WebRequest, socket: Duplex, headers: string[]): ClientRequest {
  return httpRequest({ createConnection: () => socket, method: request.method, path: request.url, headers, setDefaultHeaders: false });
}

function takeAnswer(backend: ClientRequest, request: WebRequest, response: ServerResponse): void {
  let answer: IncomingMessage | undefined;
  backend.on("response", (begun) => {
    answer = begun;
    pass(begun, request, response);
  });
  // Official agents say "EOF" after the last byte of the backend: what follows a whole answer is no fault of it.
  backend.on("error", () => {
    if (answer?.complete !== true) refuse(request, response, NO_ANSWER);
  });
  // A switch of protocols that nobody asked for ends the request without an error.
  backend.on("close", () => {
    if (!answer && response.socket !== null) refuse(request, response, NO_ANSWER);
  });
}

/** Whatever a backend says ends at most its own request. */
function pass(answer: IncomingMessage, request: WebRequest, response: ServerResponse): void {
  const { statusCode = 0 } = answer;
  if (statusCode < OK) {
    answer.destroy();
    return refuse(request, response, NO_ANSWER);
  }
  try {
    response.writeHead(statusCode, answerHeaders(answer));
  } catch {
    return void response.destroy();
  }
  pipeline(answer, response, () => undefined);
}

function requestHeaders(request: WebRequest): string[] {
  const headers = ["Host", authorityOf(request), ...passedHeaders(request, NOT_PASSED), "Connection", "close"];
  // HTTP/2 splits cookies; HTTP/1.1 has them in one header (RFC 9113 section 8.2.3).
  if (request.headers.cookie !== undefined) headers.push("Cookie", request.headers.cookie);
  if (request.headers["transfer-encoding"] !== undefined || (request.httpVersionMajor === 2 && mayHaveBody(request)))
    headers.push("Transfer-Encoding", "chunked");
  return headers;
}

/** HTTP/2 bodies need no length: whatever is not without a body by its method may have one. */
function mayHaveBody(request: WebRequest): boolean {
  return request.headers["content-length"] === undefined && !WITHOUT_BODY.has(request.method ?? "GET");
}

function passedHeaders(message: { rawHeaders: string[] }, left: ReadonlySet<string>): string[] {
  const headers: string[] = [];
  for (let at = 0; at < message.rawHeaders.length; at += 2) {
    const name = message.rawHeaders[at] ?? "";
    if (name.startsWith(":") || name.toLowerCase() === "host" || left.has(name.toLowerCase())) continue;
    headers.push(name, message.rawHeaders[at + 1] ?? "");
  }
  return headers;
}

/** A header that came more than once becomes one line, as HTTP/2 wants it of most; cookies stay apart (RFC 9110 section 5.3). */
function answerHeaders(answer: IncomingMessage): Record<string, string | string[]> {
  const headers = new Map<string, string[]>();
  const raw = passedHeaders(answer, NOT_ANSWERED);
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), raw[at + 1] ?? ""]);
  }
  return Object.fromEntries([...headers].map(([name, values]) => [name, name === "set-cookie" ? values : values.join(", ")]));
}

function answerHead(answer: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let at = 0; at < answer.rawHeaders.length; at += 2) lines.push(`${answer.rawHeaders[at]}: ${answer.rawHeaders[at + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}
