import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { connect as netConnect } from "node:net";
import type { AddressInfo } from "node:net";
import { uint8 } from "@windfire/api";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { adminOnly, GUEST, open, refuse } from "#kernel";
import { DatabaseError } from "#platform/database";
import { createHttpApp } from "./app.ts";
import { createBodyBudgets } from "./body-bytes.ts";
import type { HttpDeps } from "./http-deps.ts";
import { JsonParts, JsonText } from "./json-text.ts";
import { idParams } from "./parameters.ts";
import { refusalJson } from "./refusal.ts";
import { testLimits } from "./testing/index.ts";
import { route, socketRoute } from "./route.ts";

const running: Server[] = [];
afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const routes = [
  route({
    method: "GET",
    path: "/thing/:id",
    access: open(),
    summary: "s",
    tag: "t",
    params: idParams,
    data: z.object({ id: z.number() }),
    run: ({ params }) => ({ id: params.id }),
  }),
  route({
    method: "GET",
    path: "/ready",
    access: open(),
    summary: "s",
    tag: "t",
    data: z.array(z.number()),
    run: () => new JsonText("[1,2]"),
  }),
  route({
    method: "POST",
    path: "/thing",
    access: open(),
    summary: "s",
    tag: "t",
    body: z.object({ name: z.string().default(""), level: uint8.default(0) }),
    data: z.number(),
    run: ({ body }) => {
      if (body.name === "bad") throw refuse("server id %d does not exist", 9);
      if (body.name === "busy") throw new DatabaseError("busy", "database is locked");
      if (body.name === "bug") throw new Error("secret detail");
      return body.level;
    },
  }),
  route({ method: "GET", path: "/locked", access: adminOnly(), summary: "s", tag: "t", data: z.null(), run: () => null }),
];
const sockets = [
  socketRoute({
    path: "/ws/echo",
    access: open(),
    summary: "s",
    tag: "t",
    maxMessage: 16,
    prepare: () => (socket) => socket.on("message", (data) => socket.send(`echo ${String(data)}`)),
  }),
  socketRoute({
    path: "/ws/refused",
    access: open(),
    summary: "s",
    tag: "t",
    maxMessage: 16,
    prepare: () => {
      throw refuse("permission denied");
    },
  }),
];

async function serve(change: Partial<HttpDeps> = {}) {
  const errors: unknown[] = [];
  const app = await createHttpApp({
    gate: {
      address: ({ headers }) => (headers["x-blocked"] ? refusalJson(403, "blocked") : { ip: "198.51.100.1" }),
      admit: (_visit, _ip, rule) => (rule.auth === "strict" ? refusalJson(200, "ApiErrorUnauthorized") : { caller: GUEST, cookies: [] }),
    },
    routes,
    sockets,
    translate: (id, ...args) => `translated ${id.replace("%d", String(args[0]))}`,
    limits: {
      bodyBytes: 1000,
      openBodyBytes: 200,
      json: { depth: 4, values: 100, valuesWithDecimals: 10 },
      openSockets: { total: 3, perHolder: 2 },
      pageSize: 500,
    },
    compressor: testLimits.compressor,
    budgets: createBodyBudgets({ totalBytes: 2000, strangerBytes: 300 }),
    version: "0.0.0",
    pages: (request, reply) => reply.code(404).send(`page ${request.visit.path}`),
    foreignOrigin: () => false,
    onError: (error) => errors.push(error),
    ...change,
  });
  const server = createServer(app.handle).on("upgrade", app.upgrade);
  running.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(base + path, { redirect: "manual", ...init });
    return { status: response.status, text: await response.text(), location: response.headers.get("location") };
  };
  return { app, base, call, errors };
}

test("answers come in the envelope, rendered lists as they are", async () => {
  const { call } = await serve();
  expect(await call("/api/v1/thing/7")).toMatchObject({ status: 200, text: '{"success":true,"data":{"id":7}}' });
  expect((await call("/api/v1/ready")).text).toBe('{"success":true,"data":[1,2]}');
});

test("whatever else came meanwhile goes between the long answers that were asked for at once, which know how long they waited", async () => {
  const order: string[] = [];
  const waits: number[] = [];
  const long = route({
    method: "GET",
    path: "/long",
    access: open(),
    summary: "s",
    tag: "t",
    data: z.null(),
    long: true,
    run: ({ waitedMs }) => {
      order.push("long");
      waits.push(waitedMs);
      return null;
    },
  });
  let goesOn = true;
  const others = (): void => {
    order.push("other");
    if (goesOn) setImmediate(others);
  };
  const { base } = await serve({ routes: [long], onAnswer: () => undefined });
  const { hostname, port } = new URL(base);
  const socket = netConnect(Number(port), hostname);
  setImmediate(others);
  // They are read off the connection in one go.
  socket.write(
    "GET /api/v1/long HTTP/1.1\r\nHost: x\r\n\r\n".repeat(4) + "GET /api/v1/long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  );
  socket.resume();
  await once(socket, "end");
  goesOn = false;
  expect(order.filter((what) => what === "long")).toHaveLength(5);
  expect(order.some((what, index) => what === "long" && order[index + 1] === "long")).toBe(false);
  expect(waits.every((ms) => ms > 0)).toBe(true);
});

test.each(["/api/v1/thing", "/form"])("whoever wrote by %s is answered once it is known everywhere", async (path) => {
  const known = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const afterWrite = () => {
    asked.resolve();
    return known.promise;
  };
  const form: NonNullable<HttpDeps["plugins"]>[number] = (app) => {
    app.get("/form", async (_request, reply) => reply.send("empty"));
    app.post("/form", async (_request, reply) => reply.send("taken"));
  };
  const { call } = await serve({ afterWrite, plugins: [form] });
  expect((await call("/form")).text).toBe("empty");
  let answered = false;
  const answer = call(path, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).finally(() => {
    answered = true;
  });
  await asked.promise;
  expect(answered).toBe(false);
  known.resolve();
  expect((await answer).status).toBe(200);
});

test.each([
  ["/api/v1/thing/abc", 'strconv.ParseUint: parsing \\"abc\\": invalid syntax'],
  ["/api/v1/locked", "ApiErrorUnauthorized"],
])("%s is refused with status 200", async (path, error) => {
  const { call } = await serve();
  const { status, text } = await call(path);
  expect(status).toBe(200);
  expect(text).toContain('"success":false');
  expect(text).toContain(error);
});

test.each([
  ['{"NAME":"x","Level":3} rest', 200, '"data":3'],
  ['{"level":300}', 200, "level: must be an integer"],
  ['{"level":1.0}', 200, "level: must be an integer"],
  ["", 200, "EOF"],
  ['{"name":"bad"}', 200, "translated server id 9 does not exist"],
  ["[[[[[[]]]]]]", 200, "nested deeper"],
])("body %s", async (body, status, text) => {
  const { call } = await serve();
  const answer = await call("/api/v1/thing", { method: "POST", body, headers: { "content-type": "text/plain" } });
  expect(answer.status).toBe(status);
  expect(answer.text).toContain(text);
});

test("an answer in pieces is one answer, and whoever makes the pieces hears when the client leaves", async () => {
  const ended = Promise.withResolvers<string>();
  const pieces = async function* (many: number): AsyncGenerator<string> {
    try {
      yield "[0";
      for (let count = 1; count < many; count++) yield `,${count}`;
      yield "]";
    } finally {
      ended.resolve(many > 10 ? "left" : "read to its end");
    }
  };
  const parts = (path: string, many: number) =>
    route({
      method: "GET",
      path,
      access: open(),
      summary: "s",
      tag: "t",
      data: z.array(z.number()),
      run: () => new JsonParts(pieces(many)),
    });
  const { base, call } = await serve({ routes: [parts("/few", 3), parts("/many", 1e12)] });
  const leaving = new AbortController();
  const endless = await fetch(`${base}/api/v1/many`, { signal: leaving.signal });
  await endless.body?.getReader().read();
  leaving.abort();
  expect(await ended.promise).toBe("left");
  expect(await call("/api/v1/few")).toMatchObject({ status: 200, text: '{"success":true,"data":[0,1,2]}' });
});

test("a body that is too large is refused with 413", async () => {
  const { call } = await serve();
  expect((await call("/api/v1/thing", { method: "POST", body: "x".repeat(1001) })).status).toBe(413);
});

test("an unexpected error is reported, and answered without a word about it", async () => {
  const { call, errors } = await serve();
  expect(await call("/api/v1/thing", { method: "POST", body: '{"name":"bug"}' })).toMatchObject({ status: 500, text: "" });
  expect(errors).toHaveLength(1);
});

test("a failure of the database is reported, and answered as the reference does", async () => {
  const { call, errors } = await serve();
  const text = '{"success":false,"error":"translated database error"}';
  expect(await call("/api/v1/thing", { method: "POST", body: '{"name":"busy"}' })).toMatchObject({ status: 200, text });
  expect(errors).toHaveLength(1);
});

test("only a trailing slash too many or too few: a redirect that keeps the query", async () => {
  const { call } = await serve();
  expect(await call("/api/v1/ready/?a=1")).toMatchObject({ status: 301, location: "/api/v1/ready?a=1" });
  expect(await call("/api/v1/ready/?a=%20b+c&d")).toMatchObject({ status: 301, location: "/api/v1/ready?a=%20b+c&d" });
  expect(await call("/api/v1/thing/", { method: "POST" })).toMatchObject({ status: 307, location: "/api/v1/thing" });
});

test("a wrong method and an unknown path are pages, and blocked addresses get none", async () => {
  const { call } = await serve();
  expect((await call("/api/v1/ready", { method: "DELETE" })).text).toBe("page /api/v1/ready");
  expect((await call("/somewhere")).text).toBe("page /somewhere");
  expect((await call("/somewhere", { headers: { "x-blocked": "1" } })).status).toBe(403);
});

test("a WebSocket opens, echoes, and is closed with 1009 when a message is too large", async () => {
  const { base } = await serve();
  const client = new WebSocket(`${base.replace("http", "ws")}/api/v1/ws/echo`);
  await once(client, "open");
  client.send("hello");
  const [message] = (await once(client, "message")) as [Buffer];
  expect(message.toString()).toBe("echo hello");
  client.send("x".repeat(17));
  const [code] = (await once(client, "close")) as [number];
  expect(code).toBe(1009);
});

async function refusedUpgrade(base: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const client = new WebSocket(`${base.replace("http", "ws")}${path}`, { headers });
  client.on("error", () => undefined);
  const [, response] = (await once(client, "unexpected-response")) as [unknown, { statusCode: number }];
  client.terminate();
  return response.statusCode;
}

test("a refused WebSocket gets an ordinary answer", async () => {
  const { base, call } = await serve();
  expect(await refusedUpgrade(base, "/api/v1/ws/refused")).toBe(200);
  expect(await refusedUpgrade(base, "/api/v1/ws/echo", { origin: "https://elsewhere.example" })).toBe(403);
  expect(await refusedUpgrade(base, "/api/v1/nothing")).toBe(404);
  expect(await call("/api/v1/ws/echo")).toMatchObject({ status: 400, text: "Bad Request" });
});

test("a client whose handshake was refused and that does not hang up is cut, whatever it goes on sending", async () => {
  const { base } = await serve();
  const client = netConnect({ port: Number(new URL(base).port), host: "127.0.0.1", allowHalfOpen: true });
  const head = ["GET /api/v1/ws/refused HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  client.write(`${head.join("\r\n")}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  client.write(Buffer.alloc(1_000_000));
  let answer = "";
  client.on("data", (part: Buffer) => (answer += part.toString())).on("error", () => undefined);
  const writing = setInterval(() => client.write("x"), 10);
  await new Promise((resolve) => client.once("close", resolve));
  clearInterval(writing);
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
});

test("one address opens so many WebSockets and no more, until one closes; a refused handshake takes no place", async () => {
  const { base } = await serve();
  const connect = async (): Promise<WebSocket> => {
    const client = new WebSocket(`${base.replace("http", "ws")}/api/v1/ws/echo`);
    await once(client, "open");
    return client;
  };
  for (let attempt = 0; attempt < 5; attempt++)
    expect(await refusedUpgrade(base, "/api/v1/ws/echo", { origin: "https://e.example" })).toBe(403);
  const first = await connect();
  const second = await connect();
  expect(await refusedUpgrade(base, "/api/v1/ws/echo")).toBe(200);
  first.close();
  await once(first, "close");
  (await connect()).terminate();
  second.terminate();
});

test("the same origin is let in", async () => {
  const { base } = await serve();
  const client = new WebSocket(`${base.replace("http", "ws")}/api/v1/ws/echo`, { headers: { origin: base } });
  await once(client, "open");
  expect(client.readyState).toBe(WebSocket.OPEN);
  client.terminate();
});

test("no answer leaves its type to be guessed, whoever gives it", async () => {
  const { base } = await serve();
  const sniffing = async (method: string, path: string, init: RequestInit = {}) => {
    const answer = await fetch(base + path, { method, redirect: "manual", ...init });
    return [answer.status, answer.headers.get("x-content-type-options")];
  };
  expect(await sniffing("GET", "/api/v1/thing/7")).toEqual([200, "nosniff"]);
  expect(await sniffing("GET", "/api/v1/thing/abc")).toEqual([200, "nosniff"]);
  expect(await sniffing("GET", "/api/v1/ready/")).toEqual([301, "nosniff"]);
  expect(await sniffing("POST", "/api/v1/thing", { body: '{"name":"bug"}' })).toEqual([500, "nosniff"]);
  expect(await sniffing("POST", "/api/v1/thing", { body: "x".repeat(5000) })).toEqual([413, "nosniff"]);
  expect(await sniffing("GET", "/somewhere")).toEqual([404, "nosniff"]);
  expect(await sniffing("GET", "/%zz")).toEqual([404, "nosniff"]);
  expect(await sniffing("GET", "/somewhere", { headers: { "x-blocked": "1" } })).toEqual([403, "nosniff"]);
  expect(await sniffing("GET", "/api/v1/ws/echo")).toEqual([400, "nosniff"]);
  expect(await sniffing("HEAD", "/somewhere")).toEqual([404, "nosniff"]);
  const upgrades = async (path: string, headers: Record<string, string> = {}) => {
    const client = new WebSocket(`${base.replace("http", "ws")}${path}`, { headers }).on("error", () => undefined);
    const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
    client.once("upgrade", resolve).once("unexpected-response", (_request, response) => resolve(response));
    const { statusCode, headers: got } = await promise;
    client.terminate();
    return [statusCode, got["x-content-type-options"]];
  };
  expect(await upgrades("/api/v1/ws/echo")).toEqual([101, "nosniff"]);
  expect(await upgrades("/api/v1/ws/refused")).toEqual([200, "nosniff"]);
  expect(await upgrades("/api/v1/ws/echo", { origin: "https://elsewhere.example" })).toEqual([403, "nosniff"]);
});

test("the description holds every route and socket", async () => {
  const { app } = await serve();
  const document = (await app.document()) as { openapi: string; paths: Record<string, object> };
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths).toSorted()).toEqual([
    "/api/v1/locked",
    "/api/v1/ready",
    "/api/v1/thing",
    "/api/v1/thing/{id}",
    "/api/v1/ws/echo",
    "/api/v1/ws/refused",
  ]);
});
