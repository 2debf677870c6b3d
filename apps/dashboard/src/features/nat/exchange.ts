import { ServerResponse } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";
import type { WebRequest, WebResponse } from "#platform/listener";
import { answerFields, upgradeHead } from "./answer-fields.ts";
import type { AnswerHead } from "./answer-head.ts";
import { readAnswer } from "./backend-answer.ts";
import type { AnswerTaker } from "./backend-answer.ts";
import type { RequestHead } from "./credentials.ts";
import { formatRequestHead, isHttp2, requestFraming } from "./request-head.ts";
import { sendBody } from "./request-body.ts";
import { NobodyAttached } from "./tunnel-socket.ts";

/** A plain answer of the dashboard itself in place of the backend's. */
export interface Refused {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export const NO_ANSWER: Refused = { status: 502, type: "text/plain; charset=utf-8", text: "the tunnelled host did not answer" };
/** How long somebody may go on sending a request that has been answered: cut off at once, many would not read the answer. */
const LINGER_MS = 30_000;
/** More than watch one event of a connection that has changed protocols. */
const CLIENT_LISTENERS = 20;

export interface ExchangeDeps {
  readonly after: (ms: number, run: () => void) => { cancel(): void };
}

/** Says a request again over the tunnel and gives the backend's answer; bodies are streamed both ways. */
export function exchange(request: WebRequest, either: WebResponse, head: RequestHead, socket: Duplex, deps: ExchangeDeps): void {
  // Both versions' answers have the methods used here; only their overloads differ.
  const response = either as ServerResponse;
  if (socket.destroyed) return refuse(request, response, NO_ANSWER);
  response.on("close", () => socket.destroy());
  socket.write(formatRequestHead(request, head, { upgrades: false }), "latin1");
  const stopSending = sendBody(request, requestFraming(request), socket);
  const { method = "GET" } = request;
  const answered = (): void => {
    stopSending();
    linger(request, deps);
  };
  readAnswer(
    socket,
    { method, upgrades: false },
    {
      ...giveTo(response, request, socket, answered),
      upgraded: () => refuse(request, response, NO_ANSWER),
    },
  );
}

/** The same for a request to switch protocols: once the backend has agreed, bytes go through as they are. */
export function exchangeUpgrade(request: IncomingMessage, client: Duplex, early: Buffer, head: RequestHead, socket: Duplex): void {
  const close = (): void => {
    socket.destroy();
    client.destroy();
  };
  if (socket.destroyed) return refuseUpgrade(request, client, NO_ANSWER);
  // The listener, the answer and two pipelines each watch its end.
  client.setMaxListeners(CLIENT_LISTENERS);
  client.on("error", close).on("close", close);
  const response = plainResponse(request, client);
  socket.write(formatRequestHead(request, head, { upgrades: true }), "latin1");
  const { method = "GET" } = request;
  readAnswer(
    socket,
    { method, upgrades: true },
    {
      ...giveTo(response, request, socket, () => undefined),
      upgraded(answer, first) {
        response.detachSocket(client as Parameters<ServerResponse["detachSocket"]>[0]);
        client.write(upgradeHead(answer), "latin1");
        if (first.length > 0) client.write(first);
        if (early.length > 0) socket.write(early);
        pipeline(client, socket, close);
        pipeline(socket, client, close);
      },
    },
  );
}

/** Ends a request with an answer of our own. */
export function refuse(request: WebRequest, either: WebResponse, refused: Refused): void {
  const response = either as ServerResponse;
  request.resume();
  if (response.writableEnded || response.destroyed) return;
  if (response.headersSent) return void response.destroy();
  response.writeHead(refused.status, { "content-type": refused.type, "x-content-type-options": "nosniff" });
  response.end(refused.text);
}

export function refuseUpgrade(request: IncomingMessage, client: Duplex, refused: Refused): void {
  client.on("error", () => client.destroy());
  refuse(request, plainResponse(request, client), refused);
}

/** An ordinary answer on a socket that asked for another protocol; it is the last one. */
function plainResponse(request: IncomingMessage, client: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.assignSocket(client as Parameters<ServerResponse["assignSocket"]>[0]);
  response.shouldKeepAlive = false;
  response.once("finish", () => client.end());
  return response;
}

/** Gives an answer to who asked, framed anew. Whatever a backend says ends at most its own request. */
function giveTo(response: ServerResponse, request: WebRequest, socket: Duplex, answered: () => void): Omit<AnswerTaker, "upgraded"> {
  response.on("drain", () => socket.resume());
  return {
    head(answer: AnswerHead) {
      keepOpen(request, response);
      try {
        const fields = answerFields(answer);
        // HTTP/2 has no reason phrases.
        if (request.httpVersionMajor === 2 || answer.reason === "") response.writeHead(answer.status, fields);
        else response.writeHead(answer.status, answer.reason, fields);
        return true;
      } catch {
        response.destroy();
        return false;
      }
    },
    data: (bytes) => response.write(bytes),
    end() {
      answered();
      response.end();
      socket.destroy();
    },
    failed() {
      // The reference ends such a request without an answer (spec 30 section 6.3).
      if (socket.errored instanceof NobodyAttached) return void response.destroy();
      if (!response.headersSent) keepOpen(request, response);
      answered();
      refuse(request, response, NO_ANSWER);
      socket.destroy();
    },
  };
}

/** Closing right after an answer to an unfinished request would reset the connection under a sender who has not read it yet. */
function keepOpen(request: WebRequest, response: ServerResponse): void {
  if (request.complete || request.httpVersionMajor === 2 || response.shouldKeepAlive) return;
  response.shouldKeepAlive = true;
  response.once("finish", () => {
    if (request.complete) request.socket.destroySoon();
    else request.once("end", () => request.socket.destroySoon());
  });
}

/** Takes what is still sent of a request that has its answer already, for a while. */
function linger(request: WebRequest, deps: ExchangeDeps): void {
  if (request.complete || request.destroyed) return;
  const timer = deps.after(LINGER_MS, () => {
    if (isHttp2(request)) request.stream.close();
    else request.destroy();
  });
  request.once("end", timer.cancel).once("close", timer.cancel);
}
