import { once } from "node:events";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { GUEST, open, scope } from "#kernel";
import type { AccessRule, Caller } from "#kernel";
import { createHttpApp } from "./app.ts";
import { createBodyBudgets } from "./body-bytes.ts";
import { testLimits } from "./testing/index.ts";
import { route, socketRoute } from "./route.ts";

/** Spec 60 section 5: bodies of strangers are small, all bodies together have a budget. */
const alice: Caller = { kind: "session", user: { id: 7, username: "alice", role: 1 }, sessionKey: "k", via: "header" };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const echo = (path: string, access: AccessRule, more: { bodyLimit?: number; body?: false } = {}) =>
  route({
    method: "POST",
    path,
    access,
    summary: "s",
    tag: "t",
    ...(more.body === false ? {} : { body: z.object({ text: z.string().default("") }) }),
    ...(more.bodyLimit === undefined ? {} : { bodyLimit: more.bodyLimit }),
    data: z.null(),
    run: () => null,
  });
const routes = [
  echo("/open", open()),
  echo("/optional", { auth: "fallback" }),
  echo("/public", { auth: "optional", scopes: ["nezha:server:read"] }),
  echo("/known", scope("nezha:server:read")),
  echo("/large", scope("nezha:server:read"), { bodyLimit: 4000 }),
  echo("/none", scope("nezha:server:read"), { body: false }),
];
const sockets = [
  socketRoute({ path: "/ws/echo", access: open(), summary: "s", tag: "t", maxMessage: 400, prepare: () => () => undefined }),
  socketRoute({
    path: "/ws/known",
    access: scope("nezha:server:read"),
    summary: "s",
    tag: "t",
    maxMessage: 400,
    prepare: () => (socket) => socket.on("message", () => socket.send("heard")),
  }),
];

async function serve(version: 1 | 2 = 1) {
  const budgets = createBodyBudgets({ totalBytes: 6000, strangerBytes: 300 });
  const app = await createHttpApp({
    gate: {
      address: () => ({ ip: "198.51.100.1" }),
      admit: (_visit, _ip, rule) => ({ caller: rule.auth === "strict" ? alice : GUEST, cookies: [] }),
    },
    routes,
    sockets,
    translate: (id) => id,
    limits: {
      bodyBytes: 2000,
      openBodyBytes: 200,
      json: { depth: 4, values: 100, valuesWithDecimals: 10 },
      openSockets: { total: 3, perHolder: 2 },
      pageSize: 500,
    },
    compressor: testLimits.compressor,
    budgets,
    version: "0.0.0",
    pages: (_request, reply) => reply.code(404).send("page"),
    foreignOrigin: () => false,
    onError: (error) => expect.unreachable(String(error)),
  });
  const server: Server = version === 1 ? createServer(app.handle).on("upgrade", app.upgrade) : createHttp2Server(app.handle);
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => void connections.add(socket));
  closers.push(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { budgets, base: `http://127.0.0.1:${port}`, port };
}

const post = (base: string, path: string, bytes: number): Promise<Response> =>
  fetch(`${base}/api/v1${path}`, { method: "POST", body: JSON.stringify({ text: "x".repeat(bytes - 11) }) });

test.each([
  ["/open", 200],
  ["/optional", 200],
  ["/public", 200],
  ["/none", 200],
  ["/known", 2000],
  ["/large", 4000],
])("%s takes %i bytes and not one more", async (path, bytes) => {
  const { base, budgets } = await serve();
  expect((await post(base, path, bytes)).status).toBe(200);
  const answer = await post(base, path, bytes + 1);
  expect(answer.status).toBe(413);
  expect(answer.headers.get("connection")).toBe("close");
  expect(await answer.json()).toEqual({ success: false, error: `body is larger than ${bytes} bytes` });
  expect(budgets.known.used).toBe(0);
});

/** A request whose body never ends, with what was answered to it. */
function unfinished(port: number, path: string, bytes: number) {
  const socket = connect(port, "127.0.0.1");
  closers.push(() => socket.destroy());
  socket.write(`POST /api/v1${path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n`);
  socket.write(`${bytes.toString(16)}\r\n${"x".repeat(bytes)}\r\n`);
  return socket;
}

async function until(check: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !check(); turn++) await new Promise((resolve) => void setImmediate(resolve));
  expect(check()).toBe(true);
}

test("past the bytes that all bodies may take, the next one is told to come again, and is heard once there is room", async () => {
  const { base, budgets, port } = await serve();
  const waiting = [1, 2, 3].map(() => unfinished(port, "/known", 1999));
  await until(() => budgets.known.used === 3 * 1999);
  const answer = await post(base, "/known", 100);
  expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([
    503,
    "1",
    { success: false, error: "too many requests at once" },
  ]);
  waiting[0]?.destroy();
  await until(() => budgets.known.used === 2 * 1999);
  expect((await post(base, "/known", 100)).status).toBe(200);
  for (const socket of waiting) socket.destroy();
  await until(() => budgets.known.used === 0);
});

test("bodies of strangers leave room for those who have shown a credential", async () => {
  const { base, budgets, port } = await serve();
  unfinished(port, "/open", 180);
  await until(() => budgets.strangers.used === 180);
  expect((await post(base, "/open", 150)).status).toBe(503);
  expect((await post(base, "/known", 2000)).status).toBe(200);
});

test("HTTP/2 keeps to the same figures, and its streams end with the answer", async () => {
  const { port, budgets } = await serve(2);
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  closers.push(() => session.destroy());
  const statusOf = async (path: string, bytes: number, options: { end: boolean }): Promise<number> => {
    const stream = session.request({ ":method": "POST", ":path": `/api/v1${path}` });
    stream.on("error", () => undefined);
    stream.write("x".repeat(bytes));
    if (options.end) stream.end();
    const [headers] = (await once(stream, "response")) as [{ ":status": number }];
    stream.resume();
    return headers[":status"];
  };
  expect(await statusOf("/open", 201, { end: false })).toBe(413);
  expect(await statusOf("/known", 2001, { end: true })).toBe(413);
  const streams = [1, 2, 3].map(() => {
    const stream = session.request({ ":method": "POST", ":path": "/api/v1/known" });
    stream.write("x".repeat(1999));
    return stream;
  });
  await until(() => budgets.known.used === 3 * 1999);
  expect(await statusOf("/known", 500, { end: true })).toBe(503);
  for (const stream of streams) stream.close();
  await until(() => budgets.known.used === 0);
});

/** A masked text frame that begins a message of two frames. */
function firstFrame(bytes: number): Buffer {
  const header = bytes < 126 ? [0x01, 0x80 | bytes] : [0x01, 0x80 | 126, bytes >> 8, bytes & 0xff];
  return Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), Buffer.alloc(bytes, "x")]);
}

async function openSocket(base: string, path: string) {
  const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1${path}`);
  closers.push(() => socket.terminate());
  const [[{ socket: connection }]] = (await Promise.all([once(socket, "upgrade"), once(socket, "open")])) as [[IncomingMessage], unknown];
  return { socket, connection };
}

test("messages of WebSockets that are not whole count too; whole ones count no more", async () => {
  const { base, budgets } = await serve();
  const known = await openSocket(base, "/ws/known");
  known.socket.send("x".repeat(300));
  await once(known.socket, "message");
  expect(budgets.known.used).toBe(0);
  known.connection.write(firstFrame(300));
  await until(() => budgets.known.used >= 300);
  known.socket.terminate();
  await until(() => budgets.known.used === 0);
  const stranger = await openSocket(base, "/ws/echo");
  stranger.connection.write(firstFrame(200));
  await until(() => budgets.strangers.used >= 200);
  const other = await openSocket(base, "/ws/echo");
  other.connection.write(firstFrame(200));
  const [code] = (await once(other.socket, "close")) as [number];
  expect(code).toBe(1013);
});
