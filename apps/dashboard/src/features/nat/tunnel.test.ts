import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect, createServer as createTcpServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { systemClock } from "@windfire/kit";
import { parseNatOrder, TASK } from "@windfire/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createFleetBench, streamIdOf, testServer } from "#features/fleet/testing";
import type { FleetBench, TestAgent } from "#features/fleet/testing";
import { createListener, DEFAULT_LIMITS } from "#platform/listener";
import type { Listener } from "#platform/listener";
import { createTunnel } from "./tunnel.ts";
import type { NatProfile } from "./model.ts";

/** Tunnels over real sockets: a client, the listener, the relay, and an agent that dials a real backend. */
const DOMAIN = "nas.example.com";
const profile: NatProfile = {
  id: 1,
  ownerId: 7,
  enabled: true,
  name: "nas",
  serverId: 1,
  host: "127.0.0.1:5000",
  domain: DOMAIN,
  createdAt: "",
  updatedAt: "",
};

let fleet: FleetBench;
let listener: Listener;
let port: number;
let profiles: NatProfile[];
const errors: unknown[] = [];
const backends: { close(): unknown }[] = [];
const dialled = new Set<Socket>();

beforeEach(async () => {
  fleet = createFleetBench([testServer({ id: 1, ownerId: 7 })]);
  profiles = [profile];
  const tunnel = createTunnel({
    profile: (domain) => profiles.find((row) => row.domain === domain),
    servers: fleet.servers,
    ownsEverything: (id) => id === 1,
    isOnline: fleet.fleet.isOnline,
    dispatch: fleet.fleet.dispatch,
    streams: fleet.fleet.streams,
    translate: (id) => id,
    blockPage: (message) => `<p>${message}</p>`,
  });
  listener = createListener({
    clock: systemClock,
    limits: DEFAULT_LIMITS,
    host: "127.0.0.1",
    port: 0,
    web: { request: (_request, response) => void response.end("the dashboard"), upgrade: (_request, socket) => void socket.destroy() },
    calls: { accepts: () => false, handle: () => undefined },
    tunnel,
    onError: (error) => void errors.push(error),
  });
  ({ port } = await listener.listen());
});

afterEach(async () => {
  fleet.fleet.stop();
  for (const socket of dialled) socket.destroy();
  dialled.clear();
  for (const running of backends.splice(0)) running.close();
  await listener.stop(0);
  if (errors.length > 0) throw new AggregateError(errors.splice(0), "the listener met errors");
});

async function backend(handle: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  backends.push({ close: () => server.close() && server.closeAllConnections() });
  return { server, port: (server.address() as AddressInfo).port };
}

/** A backend that answers every connection with the same bytes. */
async function rawBackend(bytes: string): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(bytes));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  backends.push(server);
  return (server.address() as AddressInfo).port;
}

/** An agent that dials `target` for every tunnel order; `lastWords` is what official agents say when the backend has closed. */
function serveTunnels(target: number, lastWords = ""): TestAgent {
  const agent = fleet.connect(1);
  const serve = async (): Promise<void> => {
    const task = await agent.task();
    void serve();
    expect(task.type).toBe(TASK.nat);
    expect(parseNatOrder(task.data)?.host).toBe("127.0.0.1:5000");
    const socket = connect(target, "127.0.0.1");
    dialled.add(socket);
    const io = fleet.openIo(1, streamIdOf(task));
    const pump = async (): Promise<void> => {
      socket.write(await io.next());
      await pump();
    };
    void pump();
    socket.on("data", (chunk: Buffer) => io.write(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (lastWords !== "") io.write(lastWords);
      io.call.leave();
    });
    void io.call.ended.then(() => socket.destroy());
  };
  void serve();
  return agent;
}

/** Everything the connection says until it is closed. */
async function say(text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
  socket.on("error", () => undefined);
  socket.write(text, "latin1");
  await once(socket, "close");
  return answer;
}

const get = (host: string, headers = ""): string => `GET /path?x=1 HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`;

test("a request goes to the backend as it came, without the dashboard's credentials, and the answer comes back", async () => {
  const { port: target } = await backend((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () =>
      response
        .setHeader("set-cookie", ["a=1", "b=2"])
        .end(JSON.stringify({ url: request.url, method: request.method, headers: request.headers, body })),
    );
  });
  serveTunnels(target);
  const answer = await say(
    `POST /api/v1/setting?x=1 HTTP/1.1\r\nHost: ${DOMAIN}\r\nAuthorization: Bearer secret\r\nX-Own: kept\r\nCookie: a=b\r\nContent-Length: 4\r\nConnection: close\r\n\r\nping`,
  );
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toContain("set-cookie: a=1\r\nset-cookie: b=2");
  expect(body).toContain('"url":"/api/v1/setting?x=1"');
  expect(body).toContain('"body":"ping"');
  expect(body).toContain(`"host":"${DOMAIN}"`);
  expect(body).toContain('"x-own":"kept"');
  expect(body).not.toContain("secret");
});

test("every request of a kept connection is judged anew: host, credentials, stream", async () => {
  const { port: target } = await backend((request, response) => void response.end(`backend ${request.headers.authorization ?? "without"}`));
  serveTunnels(target);
  const answer = await say(
    `GET / HTTP/1.1\r\nHost: ${DOMAIN}\r\n\r\nGET / HTTP/1.1\r\nHost: ${DOMAIN}\r\nAuthorization: Bearer secret\r\n\r\n${get("elsewhere")}`,
  );
  expect(answer.match(/backend without/g)).toHaveLength(2);
  expect(answer).toContain("the dashboard");
  expect(answer).not.toContain("secret");
  expect(fleet.fleet.streams.size).toBe(0);
});

test("large bodies are streamed both ways, byte for byte", async () => {
  const size = 3_000_000;
  const { port: target } = await backend((request, response) => void request.pipe(response));
  serveTunnels(target);
  const body = Buffer.alloc(size, "0123456789");
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.write(`POST / HTTP/1.1\r\nHost: ${DOMAIN}\r\nContent-Length: ${size}\r\nConnection: close\r\n\r\n`);
  socket.write(body);
  await once(socket, "close");
  const answer = Buffer.concat(chunks);
  expect(answer.subarray(0, 12).toString()).toBe("HTTP/1.1 200");
  expect(answer.includes(body.subarray(0, 1000))).toBe(true);
  expect(answer.length).toBeGreaterThan(size);
});

test("the last words of an official agent do not spoil an answer that is whole", async () => {
  const { port: target } = await backend((_request, response) => void response.setHeader("content-length", 5).end("whole"));
  serveTunnels(target, "EOF");
  const answer = await say(get(DOMAIN));
  expect(answer.endsWith("\r\n\r\nwhole")).toBe(true);
});

test.each([
  ["nobody's", "elsewhere.example.com", {}, 200, "the dashboard"],
  ["another spelling", "NAS.example.com", {}, 200, "the dashboard"],
  ["disabled", DOMAIN, { enabled: false }, 403, `nat host ${DOMAIN} is disabled`],
  ["a server that is gone", DOMAIN, { serverId: 9 }, 503, "server not found or not connected"],
  ["a former owner's", DOMAIN, { ownerId: 8 }, 503, "server not found or not connected"],
])("a host name that is %s", async (_what, host, change, status, text) => {
  const { port: target } = await backend((_request, response) => void response.end("backend"));
  serveTunnels(target);
  profiles = [{ ...profile, ...change }];
  const answer = await say(get(host));
  expect(answer).toContain(`HTTP/1.1 ${status} `);
  expect(answer).toContain(text);
});

test("an administrator's tunnel may lead to anybody's server; without an agent it is 503", async () => {
  profiles = [{ ...profile, ownerId: 1 }];
  expect(await say(get(DOMAIN))).toContain("HTTP/1.1 503 ");
  const { port: target } = await backend((_request, response) => void response.end("backend"));
  serveTunnels(target);
  expect(await say(get(DOMAIN))).toContain("backend");
});

test("GHSA-jg62-j5h6-8mpq: tunnelled requests count against the server's streams", async () => {
  fleet.connect(1);
  for (let count = 0; count < 40; count++) fleet.fleet.streams.create({ purpose: "nat", creatorId: 0, serverId: 1 });
  expect(await say(get(DOMAIN))).toContain("HTTP/1.1 429 ");
});

test("an agent that does not attach in time: 502, and the stream is gone", async () => {
  const agent = fleet.connect(1);
  const answer = say(get(DOMAIN));
  await agent.task();
  fleet.clock.advance(10_000);
  expect(await answer).toContain("HTTP/1.1 502 ");
  expect(fleet.fleet.streams.size).toBe(0);
});

test("GHSA-q6xx-5vr8-p898: only the agent of the tunnel's server attaches", async () => {
  fleet.servers.add(testServer({ id: 2 }));
  const agent = fleet.connect(1);
  const answer = say(get(DOMAIN));
  const task = await agent.task();
  const stranger = fleet.openIo(2, streamIdOf(task));
  expect(await stranger.call.ended).toEqual({ code: 2, text: "stream not authorized for agent" });
  fleet.clock.advance(10_000);
  expect(await answer).toContain("HTTP/1.1 502 ");
});

/** What a backend may say to make the dashboard stumble: each ends its own request and nothing else. */
test.each([
  ["a status that is none", "HTTP/1.1 000 Nothing\r\nContent-Length: 2\r\n\r\nhi"],
  ["no HTTP at all", "SSH-2.0-OpenSSH_10\r\n"],
  ["nothing", ""],
  ["a switch of protocols that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"],
])("a backend that answers %s", async (_what, bytes) => {
  serveTunnels(await rawBackend(bytes));
  expect(await say(get(DOMAIN))).toContain("HTTP/1.1 502 ");
  expect(await say(get("elsewhere"))).toContain("the dashboard");
});

test.each([
  ["single-valued headers twice", "HTTP/1.1 200 OK\r\nDate: a\r\nDate: b\r\nContent-Length: 2\r\n\r\nhi", 200],
  ["TE", "HTTP/1.1 200 OK\r\nTE: gzip\r\nContent-Length: 2\r\n\r\nhi", 200],
  ["connection headers", "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nProxy-Connection: close\r\nContent-Length: 2\r\n\r\nhi", 200],
])("a backend that answers %s, asked over HTTP/2", async (_what, bytes, status) => {
  serveTunnels(await rawBackend(bytes));
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const stream = session.request({ ":path": "/", ":authority": DOMAIN, te: "trailers" });
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  expect(headers[":status"]).toBe(status);
  session.destroy();
});

test("HTTP/2: bodies of unknown length arrive", async () => {
  const { port: target } = await backend((request, response) => void request.pipe(response));
  serveTunnels(target);
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const echo = session.request({ ":method": "POST", ":path": "/", ":authority": DOMAIN });
  echo.end("body");
  let text = "";
  for await (const chunk of echo) text += String(chunk);
  expect(text).toBe("body");
  session.destroy();
});

test("HTTP/2: cookies that came in pieces arrive as one header", async () => {
  const { port: target } = await backend((request, response) => {
    const names = request.rawHeaders.filter((_text, at) => at % 2 === 0 && request.rawHeaders[at]?.toLowerCase() === "cookie");
    response.end(`${names.length} ${request.headers.cookie}`);
  });
  serveTunnels(target);
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const stream = session.request([
    ":method",
    "GET",
    ":path",
    "/",
    ":scheme",
    "http",
    ":authority",
    DOMAIN,
    "cookie",
    "a=1",
    "cookie",
    "b=2",
  ]);
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  expect(text).toBe("1 a=1; b=2");
  session.destroy();
});

test("WebSockets go through; the Authorization header does not", async () => {
  const { server, port: target } = await backend((_request, response) => void response.end());
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.send(`hello ${request.headers.authorization ?? "stranger"}`);
      opened.on("message", (data) => opened.send(`echo ${String(data)}`));
    }),
  );
  serveTunnels(target);
  const client = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { host: DOMAIN, authorization: "Bearer secret" } });
  const [greeting] = (await once(client, "message")) as [Buffer];
  expect(greeting.toString()).toBe("hello stranger");
  client.send("ping");
  expect(String(((await once(client, "message")) as [Buffer])[0])).toBe("echo ping");
  client.close();
  await once(client, "close");
});

test("a backend that refuses the other protocol answers once; what follows on the connection is not its", async () => {
  const seen: string[] = [];
  const { server, port: target } = await backend((_request, response) => void response.end());
  server.on("upgrade", (request, socket) => {
    seen.push(request.url ?? "");
    socket.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno");
  });
  serveTunnels(target);
  const upgrade = `GET /ws HTTP/1.1\r\nHost: ${DOMAIN}\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n`;
  const answer = await say(`${upgrade}GET /second HTTP/1.1\r\nHost: ${DOMAIN}\r\nAuthorization: Bearer secret\r\n\r\n`);
  expect(answer).toContain("HTTP/1.1 400 ");
  expect(answer.endsWith("no")).toBe(true);
  expect(seen).toEqual(["/ws"]);
});

test("an offer of another protocol with a body is an ordinary request", async () => {
  const { port: target } = await backend((request, response) => void request.pipe(response));
  serveTunnels(target);
  const answer = await say(
    `POST / HTTP/1.1\r\nHost: ${DOMAIN}\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\nContent-Length: 4\r\n\r\nping`,
  );
  expect(answer).toContain("HTTP/1.1 200 ");
  expect(answer).toContain("ping");
});

test("a server that is deleted or moved cuts what goes through its tunnels", async () => {
  const { port: target } = await backend((_request, response) => void response.write("first"));
  serveTunnels(target);
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(get(DOMAIN));
  await once(socket, "data");
  fleet.fleet.streams.closeWhere((stream) => stream.serverId === 1, "revoked");
  await once(socket, "close");
  expect(fleet.fleet.streams.size).toBe(0);
});

test("a client that goes away ends its stream, and the backend's connection with it", async () => {
  const { port: target } = await backend((_request, response) => void response.write("first"));
  serveTunnels(target);
  const socket = connect(port, "127.0.0.1");
  socket.write(get(DOMAIN));
  await once(socket, "data");
  expect(fleet.fleet.streams.size).toBe(1);
  const closed = [...dialled].map((dial) => once(dial, "close"));
  socket.destroy();
  await Promise.all(closed);
  expect(fleet.fleet.streams.size).toBe(0);
});
