import { request as requestPlain } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { request as requestTls } from "node:https";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { WebSocket } from "ws";
import { NAME } from "./configurations.ts";

/** Whoever asks through a proxy: from an address of its own, believing every certificate. */
export interface Asker {
  readonly port: number;
  readonly tls: boolean;
  /** Of this machine; loopback has many. */
  readonly from: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Question {
  readonly method?: string;
  /** Name asked for, without port. */
  readonly name?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export function ask({ port, tls, from }: Asker, path: string, { method = "GET", name = NAME, headers = {}, body }: Question = {}) {
  const options = {
    host: "127.0.0.1",
    port,
    path,
    method,
    localAddress: from,
    rejectUnauthorized: false,
    servername: name,
    headers: { host: `${name}:${port}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
  };
  return new Promise<Answer>((resolve, reject) => {
    const call = (tls ? requestTls : requestPlain)(options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.once("error", reject);
    });
    call.once("error", reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Resolves once it is open. As browsers do, it says which page it belongs to. */
export function openSocket({ port, tls, from }: Asker, path: string, token = "", name = NAME): Promise<WebSocket> {
  const origin = `${tls ? "https" : "http"}://${name}:${port}`;
  const headers = { host: `${name}:${port}`, ...(token === "" ? {} : { authorization: `Bearer ${token}` }) };
  const secured = tls ? { rejectUnauthorized: false, servername: name } : {};
  const options = { localAddress: from, origin, headers, ...secured };
  const socket = new WebSocket(`${tls ? "wss" : "ws"}://127.0.0.1:${port}${path}`, options);
  return new Promise((resolve, reject) => void socket.once("open", () => resolve(socket)).once("error", reject));
}

/** The gRPC status that a call without a message is answered with. */
export function callStatus({ port, tls, from }: Asker, method: string, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = { host: "127.0.0.1", port, localAddress: from };
    const session = connectHttp2(`${tls ? "https" : "http"}://localhost:${port}`, {
      createConnection: () =>
        tls
          ? connectTls({ ...connection, servername: "localhost", ALPNProtocols: ["h2"], rejectUnauthorized: false })
          : connectTcp(connection),
    });
    session.once("error", reject);
    const call = session.request({
      ":method": "POST",
      ":path": `/proto.NezhaService/${method}`,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    let status = "";
    const note = (fields: Readonly<Record<string, unknown>>): void => {
      const code = fields["grpc-status"];
      if (typeof code === "string" || typeof code === "number") status = String(code);
    };
    call.once("response", note).once("trailers", note).once("error", reject);
    call.once("close", () => {
      session.close();
      resolve(status);
    });
    call.resume();
    call.end(Buffer.alloc(5));
  });
}
