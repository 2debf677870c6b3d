import { createServer } from "node:http2";
import type { Http2Server, Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import {
  createMessageSplitter,
  decodeGeoIP,
  decodeHost,
  decodeIOStreamData,
  decodeLateStates,
  decodeState,
  decodeTaskResult,
  encodeGeoIP,
  encodeIOStreamData,
  encodeReceipt,
  encodeTask,
  encodeUint64Receipt,
  FEATURES_HEADER,
  frameMessage,
} from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import { createHeardLog } from "./heard.ts";
import type { Heard, HeardLog } from "./heard.ts";

/** A dashboard as agents see it, on a real socket. */
export interface FakeDashboard {
  readonly address: string;
  readonly heard: readonly Heard[];
  readonly next: HeardLog["next"];
  /** Sends a task on the latest task stream. */
  send(task: Partial<Task>): void;
  /** Sends bytes on the latest relayed stream. */
  relay(data: Uint8Array): void;
  endRelay(): void;
  /** Samples are receipted. */
  receipts: boolean;
  /** What is handed over late is taken. */
  takesLate: boolean;
  bootTime: number;
  /** What it says it understands beyond the reference. */
  features: string | undefined;
  /** Refuses every call with this status and text. */
  refusal: { readonly code: number; readonly message: string } | undefined;
  /** Cuts all connections. */
  cut(): void;
  /** Says good-bye on all connections, and leaves their streams alone. */
  goAway(): void;
  close(): Promise<void>;
}

const RESPONSE_HEADERS = { ":status": 200, "content-type": "application/grpc" };

export async function startFakeDashboard(port = 0): Promise<FakeDashboard> {
  const server = createServer();
  const log = createHeardLog();
  const sessions = new Map<Http2Session, number>();
  const latest = new Map<string, ServerHttp2Stream>();
  let connections = 0;
  server.on("session", (session) => {
    const connection = connections++;
    sessions.set(session, connection);
    session.on("error", () => undefined);
    session.on("close", () => {
      sessions.delete(session);
      log.add({ kind: "disconnect", connection });
    });
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const method = String(headers[":path"]).split("/").at(-1) ?? "";
    const connection = stream.session === undefined ? undefined : sessions.get(stream.session);
    log.add({ kind: "open", method, headers, connection: connection ?? -1 });
    latest.set(method, stream);
    serve(stream, method, dashboard, log);
  });
  const dashboard: FakeDashboard = {
    address: await listen(server, port),
    heard: log.all,
    next: log.next,
    receipts: true,
    takesLate: true,
    bootTime: 1_795_425_431,
    features: undefined,
    refusal: undefined,
    send: (task) => answer(latest.get("RequestTask"), frameMessage(encodeTask, task)),
    relay: (data) => answer(latest.get("IOStream"), frameMessage(encodeIOStreamData, { data })),
    endRelay: () => finish(latest.get("IOStream"), { code: 0, message: "" }),
    cut: () => {
      for (const session of sessions.keys()) session.destroy();
    },
    goAway: () => {
      for (const session of sessions.keys()) session.goaway(0);
    },
    close: async () => {
      for (const session of sessions.keys()) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return dashboard;
}

function serve(stream: ServerHttp2Stream, method: string, dashboard: FakeDashboard, log: HeardLog): void {
  stream.on("error", () => undefined);
  stream.on("aborted", () => log.add({ kind: "cut-off", method }));
  if (dashboard.refusal !== undefined) return finish(stream, dashboard.refusal);
  const splitter = createMessageSplitter();
  stream.on("data", (chunk: Uint8Array) => {
    splitter.push(chunk);
    for (let message = splitter.next(); message !== undefined; message = splitter.next()) take(stream, method, message, dashboard, log);
  });
  stream.on("end", () => {
    log.add({ kind: "half-close", method });
    if (method === "ReportSystemState") finish(stream, { code: 2, message: "EOF" });
    if (method === "IOStream") finish(stream, { code: 0, message: "" });
  });
}

function take(stream: ServerHttp2Stream, method: string, message: Uint8Array, dashboard: FakeDashboard, log: HeardLog): void {
  switch (method) {
    case "ReportSystemInfo2":
      log.add({ kind: "Host", message: decodeHost(message) });
      answer(stream, frameMessage(encodeUint64Receipt, { data: dashboard.bootTime }), dashboard.features);
      return finish(stream, { code: 0, message: "" });
    case "ReportSystemState":
      log.add({ kind: "State", message: decodeState(message) });
      if (dashboard.receipts) answer(stream, frameMessage(encodeReceipt, { proced: true }));
      return;
    case "ReportGeoIP":
      log.add({ kind: "GeoIP", message: decodeGeoIP(message) });
      answer(stream, frameMessage(encodeGeoIP, { countryCode: "de", dashboardBootTime: dashboard.bootTime }));
      return finish(stream, { code: 0, message: "" });
    case "ReportLateStates": {
      const late = decodeLateStates(message);
      log.add({ kind: "LateStates", message: { ...late, states: late.states.map(({ at, state }) => ({ at, state: state.slice() })) } });
      answer(stream, frameMessage(encodeReceipt, { proced: dashboard.takesLate }));
      return finish(stream, { code: 0, message: "" });
    }
    case "RequestTask":
      return log.add({ kind: "TaskResult", message: decodeTaskResult(message) });
    case "IOStream":
      return log.add({ kind: "IOStreamData", message: { data: decodeIOStreamData(message).data.slice() } });
  }
}

function answer(stream: ServerHttp2Stream | undefined, frame: Uint8Array, features?: string): void {
  if (stream === undefined || stream.destroyed) return;
  const headers = features === undefined ? RESPONSE_HEADERS : { ...RESPONSE_HEADERS, [FEATURES_HEADER]: features };
  if (!stream.headersSent) stream.respond(headers, { waitForTrailers: true });
  stream.write(frame);
}

function finish(stream: ServerHttp2Stream | undefined, { code, message }: { readonly code: number; readonly message: string }): void {
  if (stream === undefined || stream.destroyed) return;
  if (!stream.headersSent) stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(code), "grpc-message": encodeURIComponent(message) }));
  stream.end();
}

function listen(server: Http2Server, port: number): Promise<string> {
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(`127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`);
    });
  });
}
