import { createServer } from "node:http2";
import type { Http2Server, Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import {
  createMessageSplitter, decodeGeoIP, decodeHost, decodeIOStreamData, decodeState, decodeTaskResult, encodeGeoIP, encodeReceipt, encodeTask,
  encodeUint64Receipt, frameMessage,
} from "@windfire/protocol";
import type { GeoIP, Host, IOStreamData, State, Task, TaskResult } from "@windfire/protocol";

/** What an agent did, in the order in which it reached the dashboard. */
export type Heard =
  | { readonly kind: "open"; readonly method: string; readonly headers: IncomingHttpHeaders; readonly connection: number }
  | { readonly kind: "Host"; readonly message: Host }
  | { readonly kind: "State"; readonly message: State }
  | { readonly kind: "GeoIP"; readonly message: GeoIP }
  | { readonly kind: "TaskResult"; readonly message: TaskResult }
  | { readonly kind: "IOStreamData"; readonly message: IOStreamData }
  | { readonly kind: "half-close"; readonly method: string }
  | { readonly kind: "cut-off"; readonly method: string }
  | { readonly kind: "disconnect"; readonly connection: number };

type HeardOf<K extends Heard["kind"]> = Extract<Heard, { kind: K }>;

/** A dashboard as agents see it, on a real socket. */
export interface FakeDashboard {
  readonly address: string;
  readonly heard: readonly Heard[];
  /** Waits for the next thing of a kind that was not waited for before. */
  next<K extends Heard["kind"]>(kind: K, matches?: (heard: HeardOf<K>) => boolean): Promise<HeardOf<K>>;
  /** Sends a task on the latest task stream. */
  send(task: Partial<Task>): void;
  /** Sends bytes on the latest relayed stream. */
  relay(frame: Uint8Array): void;
  endRelay(): void;
  /** Samples are receipted. */
  receipts: boolean;
  bootTime: number;
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
  const heard: Heard[] = [];
  const seen = new Set<Heard>();
  const waiting = new Set<() => void>();
  const sessions = new Map<Http2Session, number>();
  let connections = 0;
  let taskStream: ServerHttp2Stream | undefined;
  let relayStream: ServerHttp2Stream | undefined;

  const hear = (what: Heard): void => {
    heard.push(what);
    for (const check of waiting) check();
  };
  server.on("session", (session) => {
    const connection = connections++;
    sessions.set(session, connection);
    session.on("error", () => undefined);
    session.on("close", () => {
      sessions.delete(session);
      hear({ kind: "disconnect", connection });
    });
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const method = String(headers[":path"]).split("/").at(-1) ?? "";
    hear({ kind: "open", method, headers, connection: stream.session === undefined ? -1 : (sessions.get(stream.session) ?? -1) });
    stream.on("error", () => undefined);
    stream.on("aborted", () => hear({ kind: "cut-off", method }));
    if (dashboard.refusal !== undefined) return finish(stream, dashboard.refusal);
    if (method === "RequestTask") taskStream = stream;
    if (method === "IOStream") relayStream = stream;
    const splitter = createMessageSplitter();
    stream.on("data", (chunk: Uint8Array) => {
      splitter.push(chunk);
      for (let message = splitter.next(); message !== undefined; message = splitter.next()) take(stream, method, message);
    });
    stream.on("end", () => {
      hear({ kind: "half-close", method });
      if (method === "ReportSystemState" || method === "IOStream") finish(stream, { code: method === "IOStream" ? 0 : 2, message: "EOF" });
    });
  });

  const take = (stream: ServerHttp2Stream, method: string, message: Uint8Array): void => {
    switch (method) {
      case "ReportSystemInfo2":
        hear({ kind: "Host", message: decodeHost(message) });
        answer(stream, frameMessage(encodeUint64Receipt, { data: dashboard.bootTime }));
        return finish(stream, { code: 0, message: "" });
      case "ReportSystemState":
        hear({ kind: "State", message: decodeState(message) });
        if (dashboard.receipts) answer(stream, frameMessage(encodeReceipt, { proced: true }));
        return;
      case "ReportGeoIP":
        hear({ kind: "GeoIP", message: decodeGeoIP(message) });
        answer(stream, frameMessage(encodeGeoIP, { countryCode: "de", dashboardBootTime: dashboard.bootTime }));
        return finish(stream, { code: 0, message: "" });
      case "RequestTask":
        return hear({ kind: "TaskResult", message: decodeTaskResult(message) });
      case "IOStream":
        return hear({ kind: "IOStreamData", message: { data: decodeIOStreamData(message).data.slice() } });
    }
  };

  const dashboard: FakeDashboard = {
    address: await listen(server, port),
    heard,
    receipts: true,
    bootTime: 1_795_425_431,
    refusal: undefined,
    next: <K extends Heard["kind"]>(kind: K, matches: (one: HeardOf<K>) => boolean = () => true) =>
      new Promise<HeardOf<K>>((resolve) => {
        const check = (): void => {
          const found = heard.find((one): one is HeardOf<K> => isOfKind(one, kind) && !seen.has(one) && matches(one));
          if (found === undefined) return;
          seen.add(found);
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    send: (task) => {
      if (taskStream !== undefined) answer(taskStream, frameMessage(encodeTask, task));
    },
    relay: (frame) => {
      if (relayStream !== undefined) answer(relayStream, frame);
    },
    endRelay: () => {
      if (relayStream !== undefined) finish(relayStream, { code: 0, message: "" });
    },
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

function isOfKind<K extends Heard["kind"]>(heard: Heard, kind: K): heard is HeardOf<K> {
  return heard.kind === kind;
}

function answer(stream: ServerHttp2Stream, frame: Uint8Array): void {
  if (stream.destroyed) return;
  if (!stream.headersSent) stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
  stream.write(frame);
}

function finish(stream: ServerHttp2Stream, { code, message }: { readonly code: number; readonly message: string }): void {
  if (stream.destroyed) return;
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
