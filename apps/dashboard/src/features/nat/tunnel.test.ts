import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { TASK } from "@windfire/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { streamIdOf, testServer } from "#features/fleet/testing";
import { DOMAIN, get, openTunnelBench, profile } from "./testing/tunnel-bench.ts";
import type { TunnelBench } from "./testing/tunnel-bench.ts";

let bench: TunnelBench;
beforeEach(async () => {
  bench = await openTunnelBench();
});
afterEach(() => bench.close());

test("a request goes to the backend as it came, without the dashboard's credentials, and the answer comes back", async () => {
  const { port: target } = await bench.backend((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () =>
      response
        .setHeader("set-cookie", ["a=1", "b=2"])
        .end(JSON.stringify({ url: request.url, method: request.method, headers: request.headers, body })),
    );
  });
  bench.serve(target);
  const answer = await bench.say(
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
  const { port: target } = await bench.backend(
    (request, response) => void response.end(`backend ${request.headers.authorization ?? "without"}`),
  );
  bench.serve(target);
  const answer = await bench.say(
    `GET / HTTP/1.1\r\nHost: ${DOMAIN}\r\n\r\nGET / HTTP/1.1\r\nHost: ${DOMAIN}\r\nAuthorization: Bearer secret\r\n\r\n${get("elsewhere")}`,
  );
  expect(answer.match(/backend without/g)).toHaveLength(2);
  expect(answer).toContain("the dashboard");
  expect(answer).not.toContain("secret");
  expect(bench.fleet.streams.size).toBe(0);
});

test("large bodies are streamed both ways, byte for byte", async () => {
  const size = 3_000_000;
  const { port: target } = await bench.backend((request, response) => void request.pipe(response));
  bench.serve(target);
  const body = Buffer.alloc(size, "0123456789");
  const socket = connect(bench.port, "127.0.0.1");
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

/** What is open follows its row: nobody goes on through a tunnel that was taken away. */
test.each([
  ["deleted", () => []],
  ["switched off", () => [{ ...profile, enabled: false }]],
  ["led to another address", () => [{ ...profile, host: "127.0.0.1:6000" }]],
  ["given to another server", () => [{ ...profile, serverId: 2 }]],
  ["given another name", () => [{ ...profile, domain: "other.example.com" }]],
  ["given to somebody else", () => [{ ...profile, ownerId: 8 }]],
])("an open request ends when its tunnel is %s, and not when it is only called otherwise", async (_label, rows) => {
  const begun = Promise.withResolvers<void>();
  const { port: target } = await bench.backend((_request, response) => {
    response.write("begun");
    begun.resolve();
  });
  bench.serve(target);
  const ended = bench.say(get(DOMAIN));
  await begun.promise;
  bench.profiles = [{ ...profile, name: "called otherwise" }];
  expect(bench.fleet.streams.size).toBe(1);
  bench.profiles = rows();
  await ended;
  expect(bench.fleet.streams.size).toBe(0);
});

test("the last words of an official agent do not spoil an answer that is whole", async () => {
  const { port: target } = await bench.backend((_request, response) => void response.setHeader("content-length", 5).end("whole"));
  bench.serve(target, "EOF");
  const answer = await bench.say(get(DOMAIN));
  expect(answer.endsWith("\r\n\r\nwhole")).toBe(true);
});

test.each([
  ["nobody's", "elsewhere.example.com", {}, 200, "the dashboard"],
  ["another port's", `${DOMAIN}:8008`, {}, 200, "the dashboard"],
  ["disabled", DOMAIN, { enabled: false }, 403, `nat host ${DOMAIN} is disabled`],
  ["a server that is gone", DOMAIN, { serverId: 9 }, 503, "server not found or not connected"],
  ["a former owner's", DOMAIN, { ownerId: 8 }, 503, "server not found or not connected"],
])("a host name that is %s", async (_what, host, change, status, text) => {
  const { port: target } = await bench.backend((_request, response) => void response.end("backend"));
  bench.serve(target);
  bench.profiles = [{ ...profile, ...change }];
  const answer = await bench.say(get(host));
  expect(answer).toContain(`HTTP/1.1 ${status} `);
  expect(answer).toContain(text);
});

test("an administrator's tunnel may lead to anybody's server; without an agent it is 503", async () => {
  bench.profiles = [{ ...profile, ownerId: 1 }];
  expect(await bench.say(get(DOMAIN))).toContain("HTTP/1.1 503 ");
  const { port: target } = await bench.backend((_request, response) => void response.end("backend"));
  bench.serve(target);
  expect(await bench.say(get(DOMAIN))).toContain("backend");
});

test("GHSA-jg62-j5h6-8mpq: tunnelled requests count against the server's streams", async () => {
  bench.fleet.connect(1);
  for (let count = 0; count < 40; count++) bench.fleet.streams.create({ purpose: "nat", creatorId: 0, serverId: 1 });
  expect(await bench.say(get(DOMAIN))).toContain("HTTP/1.1 429 ");
});

test.each([
  ["a request", get(DOMAIN)],
  ["an upgrade", `GET / HTTP/1.1\r\nHost: ${DOMAIN}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`],
])("%s whose agent does not attach in time is closed without an answer, and the stream is gone", async (_what, request) => {
  const agent = bench.fleet.connect(1);
  const answer = bench.say(request);
  await agent.task();
  await bench.fleet.clock.advanceAsync(9_999);
  expect(bench.fleet.streams.size).toBe(1);
  bench.fleet.clock.advance(1);
  expect(await answer).toBe("");
  expect(bench.fleet.streams.size).toBe(0);
});

test("an agent that answers a keep-alive and does not attach: 502 a second later, not after the whole time", async () => {
  const agent = bench.fleet.connect(1);
  const answer = bench.say(get(DOMAIN));
  await agent.task();
  await bench.fleet.clock.advanceAsync(0);
  agent.answer({ id: 2, type: TASK.keepalive });
  bench.fleet.clock.advance(5_000);
  agent.answer({ id: 1, type: TASK.keepalive });
  bench.fleet.clock.advance(999);
  expect(bench.fleet.streams.size).toBe(1);
  bench.fleet.clock.advance(1);
  expect(await answer).toContain("HTTP/1.1 502 ");
});

test("an agent that attaches within that second has all the time its backend takes", async () => {
  const agent = bench.fleet.connect(1);
  const answer = bench.say(get(DOMAIN));
  const order = await agent.task();
  await bench.fleet.clock.advanceAsync(0);
  agent.answer({ id: 1, type: TASK.keepalive });
  const io = bench.fleet.openIo(1, streamIdOf(order));
  bench.fleet.clock.advance(9_000);
  io.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
  expect(await answer).toContain("late");
});

test("another server's agent does not end a wait by its answers", async () => {
  bench.fleet.servers.put(testServer({ id: 2 }));
  const agent = bench.fleet.connect(1);
  const stranger = bench.fleet.connect(2);
  const answer = bench.say(get(DOMAIN));
  await agent.task();
  await bench.fleet.clock.advanceAsync(0);
  stranger.answer({ id: 1, type: TASK.keepalive });
  bench.fleet.clock.advance(9_999);
  expect(bench.fleet.streams.size).toBe(1);
  bench.fleet.clock.advance(1);
  expect(await answer).toBe("");
});

test("GHSA-q6xx-5vr8-p898: only the agent of the tunnel's server attaches", async () => {
  bench.fleet.servers.put(testServer({ id: 2 }));
  const agent = bench.fleet.connect(1);
  const answer = bench.say(get(DOMAIN));
  const task = await agent.task();
  const stranger = bench.fleet.openIo(2, streamIdOf(task));
  expect(await stranger.call.ended).toEqual({ code: 2, text: "stream not authorized for agent" });
  await bench.fleet.clock.advanceAsync(10_000);
  expect(await answer).toBe("");
});

/** What a backend may say to make the dashboard stumble: each ends its own request and nothing else. */
test.each([
  ["a status that is none", "HTTP/1.1 000 Nothing\r\nContent-Length: 2\r\n\r\nhi"],
  ["no HTTP at all", "SSH-2.0-OpenSSH_10\r\n"],
  ["nothing", ""],
  ["a switch of protocols that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"],
])("a backend that answers %s", async (_what, bytes) => {
  bench.serve(await bench.rawBackend(bytes));
  expect(await bench.say(get(DOMAIN))).toContain("HTTP/1.1 502 ");
  expect(await bench.say(get("elsewhere"))).toContain("the dashboard");
});

test.each([
  ["single-valued headers twice", "HTTP/1.1 200 OK\r\nDate: a\r\nDate: b\r\nContent-Length: 2\r\n\r\nhi", 200],
  ["TE", "HTTP/1.1 200 OK\r\nTE: gzip\r\nContent-Length: 2\r\n\r\nhi", 200],
  ["connection headers", "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nProxy-Connection: close\r\nContent-Length: 2\r\n\r\nhi", 200],
])("a backend that answers %s, asked over HTTP/2", async (_what, bytes, status) => {
  bench.serve(await bench.rawBackend(bytes));
  const session = connectHttp2(`http://127.0.0.1:${bench.port}`);
  const stream = session.request({ ":path": "/", ":authority": DOMAIN, te: "trailers" });
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  expect(headers[":status"]).toBe(status);
  session.destroy();
});

test("HTTP/2: bodies of unknown length arrive", async () => {
  const { port: target } = await bench.backend((request, response) => void request.pipe(response));
  bench.serve(target);
  const session = connectHttp2(`http://127.0.0.1:${bench.port}`);
  const echo = session.request({ ":method": "POST", ":path": "/", ":authority": DOMAIN });
  echo.end("body");
  let text = "";
  for await (const chunk of echo) text += String(chunk);
  expect(text).toBe("body");
  session.destroy();
});

test("HTTP/2: cookies that came in pieces arrive as one header", async () => {
  const { port: target } = await bench.backend((request, response) => {
    const names = request.rawHeaders.filter((_text, at) => at % 2 === 0 && request.rawHeaders[at]?.toLowerCase() === "cookie");
    response.end(`${names.length} ${request.headers.cookie}`);
  });
  bench.serve(target);
  const session = connectHttp2(`http://127.0.0.1:${bench.port}`);
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
  const { server, port: target } = await bench.backend((_request, response) => void response.end());
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.send(`hello ${request.headers.authorization ?? "stranger"}`);
      opened.on("message", (data) => opened.send(`echo ${String(data)}`));
    }),
  );
  bench.serve(target);
  const client = new WebSocket(`ws://127.0.0.1:${bench.port}/`, { headers: { host: DOMAIN, authorization: "Bearer secret" } });
  const [greeting] = (await once(client, "message")) as [Buffer];
  expect(greeting.toString()).toBe("hello stranger");
  client.send("ping");
  expect(String(((await once(client, "message")) as [Buffer])[0])).toBe("echo ping");
  client.close();
  await once(client, "close");
});

test("a backend that refuses the other protocol answers once; what follows on the connection is not its", async () => {
  const seen: string[] = [];
  const { server, port: target } = await bench.backend((_request, response) => void response.end());
  server.on("upgrade", (request, socket) => {
    seen.push(request.url ?? "");
    socket.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno");
  });
  bench.serve(target);
  const upgrade = `GET /ws HTTP/1.1\r\nHost: ${DOMAIN}\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n`;
  const answer = await bench.say(`${upgrade}GET /second HTTP/1.1\r\nHost: ${DOMAIN}\r\nAuthorization: Bearer secret\r\n\r\n`);
  expect(answer).toContain("HTTP/1.1 400 ");
  expect(answer.endsWith("no")).toBe(true);
  expect(seen).toEqual(["/ws"]);
});

test("an offer of another protocol with a body is an ordinary request", async () => {
  const { port: target } = await bench.backend((request, response) => void request.pipe(response));
  bench.serve(target);
  const answer = await bench.say(
    `POST / HTTP/1.1\r\nHost: ${DOMAIN}\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\nContent-Length: 4\r\n\r\nping`,
  );
  expect(answer).toContain("HTTP/1.1 200 ");
  expect(answer).toContain("ping");
});

test("a server that is deleted or moved cuts what goes through its tunnels", async () => {
  const { port: target } = await bench.backend((_request, response) => void response.write("first"));
  bench.serve(target);
  const socket = connect(bench.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(get(DOMAIN));
  await once(socket, "data");
  bench.fleet.streams.closeWhere((stream) => stream.serverId === 1, "revoked");
  await once(socket, "close");
  expect(bench.fleet.streams.size).toBe(0);
});

test("a client that goes away ends its stream, and the backend's connection with it", async () => {
  const { port: target } = await bench.backend((_request, response) => void response.write("first"));
  bench.serve(target);
  const socket = connect(bench.port, "127.0.0.1");
  socket.write(get(DOMAIN));
  await once(socket, "data");
  expect(bench.fleet.streams.size).toBe(1);
  const closed = [...bench.dialled].map((dial) => once(dial, "close"));
  socket.destroy();
  await Promise.all(closed);
  expect(bench.fleet.streams.size).toBe(0);
});
