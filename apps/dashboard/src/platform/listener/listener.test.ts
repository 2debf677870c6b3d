import { request as httpRequest } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connectHttp2Peer, dataFrame, frameOf, headersFrame, HTTP2_PREFACE, resetFrame } from "@windfire/testkit";
import { describe, expect, test } from "vitest";
import { connectRaw, echo, serve } from "./fixture.ts";
import type { CallHandler, TunnelHandler, WebRequest, WebResponse } from "./ports.ts";

const GET = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
const CALL = {
  ":method": "POST",
  ":scheme": "http",
  ":path": "/proto.NezhaService/X",
  ":authority": "a",
  "content-type": "application/grpc",
};

async function over2(port: number, headers: Record<string, string>, body = "") {
  const client = connectHttp2(`http://127.0.0.1:${port}`);
  const stream = client.request({ ":method": "POST", ...headers });
  const head = new Promise<Record<string, unknown>>((resolve, reject) => {
    stream.on("response", (received) => resolve(received));
    stream.on("error", reject);
    client.on("error", reject);
  });
  stream.end(body);
  const { ":status": status, "x-peer": peer } = await head;
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += String(chunk);
  client.destroy();
  return { status, peer, text };
}

/** RFC 9112 section 3.2.2: a server takes whole addresses, and their host counts. */
describe("a whole address", () => {
  const withHost = (request: WebRequest, response: WebResponse): void =>
    void response.end(`${request.method} ${request.url} at ${request.headers.host}`);

  test.each([
    ["GET http://own.test/a?x=1", "GET /a?x=1 at own.test"],
    ["GET HTTP://own.test:8008/a", "GET /a at own.test:8008"],
    ["GET http://name:word@own.test/a", "GET /a at own.test"],
    ["GET http://own.test", "GET / at own.test"],
    ["GET http://own.test?x=1", "GET /?x=1 at own.test"],
    ["GET http://own.test//a/../b", "GET //a/../b at own.test"],
    ["OPTIONS http://own.test", "OPTIONS * at own.test"],
    ["GET /a?to=http://other.test/", "GET /a?to=http://other.test/ at host.test"],
  ])("%s", async (line, said) => {
    await using server = await serve({ web: { request: withHost, upgrade: (_request, socket) => void socket.destroy() } });
    const client = await connectRaw(server.port);
    client.write(`${line} HTTP/1.1\r\nHost: host.test\r\nConnection: close\r\n\r\n`);
    expect((await client.closed).split("\r\n\r\n").slice(1).join("")).toContain(said);
  });

  test("also where another protocol is asked for", async () => {
    await using server = await serve({
      web: { request: withHost, upgrade: (request, socket) => void socket.end(`upgrade ${request.url} at ${request.headers.host}`) },
    });
    const client = await connectRaw(server.port);
    client.write("GET http://own.test/ws HTTP/1.1\r\nHost: host.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    expect(await client.closed).toBe("upgrade /ws at own.test");
  });

  test("an upload by one is as patient as any other", async () => {
    const asked: (string | undefined)[] = [];
    await using server = await serve({
      web: {
        request: echo,
        upgrade: (_request, socket) => void socket.destroy(),
        isPatient: ({ url }) => {
          asked.push(url);
          return true;
        },
      },
    });
    const client = await connectRaw(server.port);
    client.write("POST http://own.test/up HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
    await client.closed;
    expect(asked).toEqual(["/up"]);
  });
});

/** Spec 10 section 3: parameters are percent-decoded; raw bytes mean what their encoded form means. */
/** RFC 9112 section 3.2: what names no host, or two, is no request. */
describe("a request that does not say plainly for whom it is gets 400", () => {
  test.each([
    ["no host in a whole address", "http:///a", "Host: x"],
    ["a port alone", "http://:80/a", "Host: x"],
    ["a user alone", "http://user@/a", "Host: x"],
    ["two users", "http://a@b@c/a", "Host: x"],
    ["a back slash in the host", "http://own.test\\@other.test/a", "Host: x"],
    ["two hosts", "/a", "Host: x\r\nhost: y"],
    ["one host twice", "/a", "Host: x\r\nHost: x"],
    ["two words", "/a", "Host: x y"],
    ["a path behind the host", "/a", "Host: x/y"],
    ["a user before the host", "/a", "Host: x@y"],
    ["a bad host beside a whole address", "http://own.test/a", "Host: x y"],
  ])("%s", async (_name, target, host) => {
    await using server = await serve();
    for (const more of ["", "Connection: Upgrade\r\nUpgrade: websocket\r\n"]) {
      const client = await connectRaw(server.port);
      client.write(`GET ${target} HTTP/1.1\r\n${host}\r\n${more}\r\n`);
      const answer = await client.closed;
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(answer.toLowerCase()).toContain("x-content-type-options: nosniff");
    }
  });

  test.each(["Host:", "Host: x:8008", "Host: [::1]:8008", "Host: bücher.test", "Host: x,y"])("but not for %s", async (host) => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write(`GET /a HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`);
    expect(await client.closed).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  test("behind the answer to the request before it", async () => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write(`${GET}GET http:///b HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect((await client.closed).match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 400"]);
  });

  test.each([{ ":authority": "x y" }, { ":authority": "a@b" }, { ":path": "a" }, { ":path": "http://other.test/a" }])(
    "or the end of its stream over HTTP/2: %o",
    async (headers) => {
      await using server = await serve();
      const answer = over2(server.port, { ":path": "/a", ":authority": "a", ...headers });
      await expect(answer).rejects.toThrow("NGHTTP2_PROTOCOL_ERROR");
    },
  );
});

describe("a target with raw bytes beyond ASCII", () => {
  const latin1 = (text: string): string => Buffer.from(text).toString("latin1");
  const ask = async (port: number, ...parts: string[]): Promise<string> => {
    const client = await connectRaw(port);
    for (const part of parts) client.write(latin1(part));
    return client.closed;
  };

  test.each([
    ["path and query", "GET /ä?q=ü HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%C3%A4?q=%C3%BC "],
    ["a whole address", "GET http://x/ä HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%C3%A4 "],
    ["a body", "POST /ä HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nüber", "POST /%C3%A4 "],
    ["encoded parts", "GET /%20ä%C3%A4 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%20%C3%A4%C3%A4 "],
  ])("is understood as its percent-encoded form: %s", async (_name, text, echoed) => {
    await using server = await serve();
    const answer = await ask(server.port, text);
    expect(answer).toContain("200 OK");
    expect(answer).toContain(echoed);
    expect(server.listener.connections).toBe(0);
  });

  test("also when header and body come later, and after another request", async () => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write(GET);
    await client.received("GET /a");
    client.write(latin1("POST /ä HTTP/1.1\r\nHo"));
    await served(server.port);
    client.write("st: x\r\nContent-Length: 4\r\n\r\nbo");
    await served(server.port);
    client.write("dy");
    expect(await client.closed).toContain("POST /%C3%A4 body");
  });

  test.each([
    ["no UTF-8, as the bytes it has", "GET /\u00ff HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%FF "],
    ["control characters are no target", "GET /\u0001 HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"],
    ["nor do they become one behind other bytes", "GET /\u00e4\u0001 HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"],
    ["raw bytes elsewhere stay refused", "G\u00c4T / HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"],
  ])("%s", async (_name, text, answer) => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write(text);
    expect(await client.closed).toContain(answer);
  });

  test("over HTTP/2 too", async () => {
    await using server = await serve();
    const client = connectHttp2(`http://127.0.0.1:${server.port}`);
    const chunks: Buffer[] = [];
    for await (const chunk of client.request({ ":path": latin1("/ä?q=ü") })) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe("GET /%C3%A4?q=%C3%BC ");
    client.destroy();
  });

  test("a second request does not overtake the answer to the first", async () => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write(latin1(`POST /first HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1GET /ä HTTP/1.1\r\nHost: x\r\n\r\n`));
    expect(await client.closed).not.toContain("%C3%A4");
  });
});

describe("one port", () => {
  test("serves HTTP/1.1, HTTP/2 and calls", async () => {
    await using server = await serve();
    const one = await connectRaw(server.port);
    one.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
    expect(await one.received("POST /a hi")).toContain("HTTP/1.1 200 OK");
    expect(await over2(server.port, { ":path": "/b" }, "ho")).toMatchObject({ status: 200, text: "POST /b ho" });
    expect(await over2(server.port, { ":path": "/c", "content-type": "application/grpc" })).toEqual({
      status: 204,
      peer: "127.0.0.1",
      text: "",
    });
    expect(server.listener.counters.accepted).toBe(3);
  });

  test("understands a request that comes byte by byte", async () => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.socket.setNoDelay(true);
    for (const byte of GET) client.write(byte);
    expect(await client.received("GET /a")).toContain("200 OK");
  });

  test("understands a preface that comes byte by byte", async () => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.socket.setNoDelay(true);
    for (const byte of HTTP2_PREFACE) client.write(byte);
    client.write(
      Buffer.concat([frameOf("settings", 0, 0), headersFrame(1, { ...CALL, "content-type": "text/plain" }, true)]).toString("latin1"),
    );
    expect(await client.received("POST /proto.NezhaService/X")).toContain("X");
    client.socket.destroy();
  });

  test("keeps an HTTP/1.1 connection for the next request", async () => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write(GET);
    await client.received("GET /a");
    client.write(GET.replace("/a", "/second"));
    expect(await client.received("GET /second")).toContain("GET /a");
    client.socket.destroy();
  });

  test("upgrades WebSockets and nothing else", async () => {
    await using server = await serve();
    const socket = await connectRaw(server.port);
    socket.write("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    expect(await socket.closed).toContain("upgraded");
    const h2c = await connectRaw(server.port);
    h2c.write("GET /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");
    expect(await h2c.received("GET /a")).toContain("200 OK");
    h2c.socket.destroy();
  });

  test("answers garbage with 400 and closes", async () => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n");
    expect(await client.closed).toContain("400 Bad Request");
  });

  test("closes an HTTP/2 connection that talks nonsense after its preface", async () => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write(`${HTTP2_PREFACE}GET / HTTP/1.1\r\n\r\n`.repeat(20));
    await client.closed;
    expect(server.listener.connections).toBe(0);
  });

  test("a port in use is refused with the system's error", async () => {
    await using server = await serve();
    await expect(serve({ port: server.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});

describe("tunnelled hosts come first", () => {
  const tunnel: TunnelHandler = {
    matches: (authority) => authority === "nat.example:8008",
    request: (_request, response) => void response.end("tunnelled"),
    upgrade: (_request, socket) => void socket.end("tunnelled upgrade"),
  };

  test("over HTTP/1.1, with any upgrade, over HTTP/2 and for calls", async () => {
    await using server = await serve({ tunnel });
    const one = await connectRaw(server.port);
    one.write("GET / HTTP/1.1\r\nHost: nat.example:8008\r\nConnection: close\r\n\r\n");
    expect(await one.closed).toContain("tunnelled");
    const upgrade = await connectRaw(server.port);
    upgrade.write("GET / HTTP/1.1\r\nHost: nat.example:8008\r\nConnection: Upgrade\r\nUpgrade: own\r\n\r\n");
    expect(await upgrade.closed).toBe("tunnelled upgrade");
    for (const type of ["text/plain", "application/grpc"]) {
      expect(await over2(server.port, { ":path": "/", ":authority": "nat.example:8008", "content-type": type })).toMatchObject({
        text: "tunnelled",
      });
    }
  });

  test("only when the host is exactly theirs", async () => {
    await using server = await serve({ tunnel });
    for (const host of ["nat.example", "NAT.example:8008", "nat.example:80"]) {
      const client = await connectRaw(server.port);
      client.write(`GET /web HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect(await client.closed).toContain("GET /web");
    }
  });
});

describe("strangers", () => {
  test.each([
    ["say nothing", ""],
    ["stop inside the preface", "PRI * HTTP/2.0\r\n"],
    ["stop inside a header", "GET / HTTP/1.1\r\nHost: x\r\n"],
    ["stop after the preface", HTTP2_PREFACE],
    [
      "stop inside an HTTP/2 header",
      `${HTTP2_PREFACE}${frameOf("settings", 0, 0).toString("latin1")}${frameOf("headers", 0, 1, Buffer.of(0x83)).toString("latin1")}`,
    ],
  ])("that %s are closed after ten seconds", async (_, bytes) => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write(bytes);
    await expect.poll(() => server.listener.connections).toBe(1);
    server.clock.advance(9_500);
    expect(server.listener.connections).toBe(1);
    server.clock.advance(1_000);
    await client.closed;
    expect(server.listener.counters.late).toBe(1);
  });

  test("whose calls are not accepted are closed after ten seconds, others stay", async () => {
    const admitted = new Set<string>();
    const calls: CallHandler = {
      accepts: () => true,
      handle(stream, headers, _raw, connection) {
        if (headers["client-secret"] === "right") connection.trust();
        admitted.add(String(headers["client-secret"]));
        stream.respond({ ":status": 204 }, { endStream: true });
      },
    };
    await using server = await serve({ calls });
    const [right, wrong] = [await connectHttp2Peer(server.port), await connectHttp2Peer(server.port)];
    right.write(headersFrame(1, { ...CALL, "client-secret": "right" }, true));
    wrong.write(headersFrame(1, { ...CALL, "client-secret": "wrong" }, true));
    await right.frame((frame) => frame.type === "headers");
    await wrong.frame((frame) => frame.type === "headers");
    expect(admitted.size).toBe(2);
    server.clock.advance(10_500);
    await wrong.closed;
    expect(server.listener.connections).toBe(1);
    right.destroy();
  });

  test("beyond the total are refused", async () => {
    await using server = await serve({ limits: { unknownTotal: 2 } });
    const clients = [await connectRaw(server.port), await connectRaw(server.port)];
    const third = await connectRaw(server.port);
    expect(await third.closed).toBe("");
    expect(server.listener.counters.refused).toBe(1);
    clients[0]?.write(GET);
    await clients[0]?.received("GET /a");
    const fourth = await connectRaw(server.port);
    fourth.write(GET);
    await fourth.received("GET /a");
    for (const client of [...clients, fourth]) client.socket.destroy();
  });

  test("of one peer are thinned out when they are silent", async () => {
    await using server = await serve({ limits: { unknownPerPeer: 1 } });
    const silent = await connectRaw(server.port);
    const second = await connectRaw(server.port);
    await expect.poll(() => server.listener.connections).toBe(2);
    server.clock.advance(1_500);
    await silent.closed;
    expect(server.listener.counters.silent).toBe(1);
    second.write(GET);
    await second.received("GET /a");
    second.socket.destroy();
  });
});

describe("known connections", () => {
  test("are bounded in all, those of agents too", async () => {
    await using server = await serve({ limits: { openTotal: 2 } });
    const agent = await connectHttp2Peer(server.port);
    agent.write(headersFrame(1, CALL, true));
    await agent.frame((frame) => frame.type === "headers");
    const browser = await connectRaw(server.port);
    browser.write(GET);
    await browser.received("GET /a");
    expect(await (await connectRaw(server.port)).closed).toBe("");
    expect(server.listener.counters.refused).toBe(1);
    browser.socket.destroy();
    await expect.poll(() => server.listener.connections).toBe(1);
    const next = await connectRaw(server.port);
    next.write(GET);
    await next.received("GET /a");
    for (const socket of [next.socket, agent]) socket.destroy();
  });

  test("of one peer: past what it may keep, an answer is the last on its connection; upgraded ones do not count", async () => {
    await using server = await serve({ limits: { keptPerPeer: 1 } });
    const upgraded = await connectRaw(server.port);
    upgraded.write("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
    await upgraded.received("101");
    const kept = await connectRaw(server.port);
    kept.write(GET);
    expect(await kept.received("GET /a")).toContain("Connection: keep-alive");
    const second = await connectRaw(server.port);
    second.write(GET);
    expect(await second.closed).toContain("Connection: close");
    kept.write(GET.replace("/a", "/again"));
    expect(await kept.received("GET /again")).not.toContain("Connection: close");
    kept.socket.destroy();
  });

  test("over HTTP/2 end when they carry nothing for a while, and not while a stream is open", async () => {
    await using server = await serve({ limits: { keepAliveMs: 60_000, quietMs: 1_000_000 } });
    const [idle, busy] = [await connectHttp2Peer(server.port), await connectHttp2Peer(server.port)];
    idle.write(headersFrame(1, CALL, true));
    await idle.frame((frame) => frame.type === "headers");
    busy.write(headersFrame(1, { ...CALL, "content-type": "text/plain", ":path": "/upload" }));
    await served(server.port);
    server.clock.advance(59_000);
    expect(server.listener.counters.idle).toBe(0);
    server.clock.advance(5_500);
    await idle.frame((frame) => frame.type === "goaway");
    await idle.closed;
    expect(server.listener.counters.idle).toBe(1);
    await expect.poll(() => server.listener.connections).toBe(1);
    busy.destroy();
  });
});

describe("requests that take too long", () => {
  test("are answered with 408 after a minute", async () => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab");
    await expect.poll(() => server.listener.connections).toBe(1);
    await served(server.port);
    server.clock.advance(61_000);
    expect(await client.closed).toContain("408 Request Timeout");
    expect(server.listener.counters.slowRequests).toBe(1);
  });

  test("may move on slowly where that is allowed", async () => {
    await using server = await serve({
      web: { request: echo, upgrade: () => undefined, isPatient: (request) => request.url === "/upload" },
    });
    const client = await connectRaw(server.port);
    client.write("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na");
    await served(server.port);
    server.clock.advance(40_000);
    client.write("b");
    await served(server.port);
    server.clock.advance(40_000);
    client.write("c");
    expect(await client.received("POST /upload abc")).toContain("200 OK");
    client.socket.destroy();
  });

  test("end over HTTP/2 too, the connection stays", async () => {
    await using server = await serve({ limits: { quietMs: 600_000 } });
    const peer = await connectHttp2Peer(server.port);
    peer.write(headersFrame(1, { ...CALL, "content-type": "text/plain", "content-length": "5" }), dataFrame(1, Buffer.from("a")));
    await served(server.port);
    server.clock.advance(61_000);
    await peer.frame((frame) => frame.stream === 1 && frame.type === "headers");
    await peer.frame((frame) => frame.stream === 1 && frame.type === "reset");
    expect(server.listener.connections).toBeGreaterThan(0);
    peer.destroy();
  });
});

test("an answer over HTTP/2 may take longer than a request, whether the handler reads or not", async () => {
  const { promise: asked, resolve: ask } = Promise.withResolvers<() => void>();
  const web = {
    request: (_request: WebRequest, response: WebResponse) => ask(() => void response.end("at last")),
    upgrade: () => undefined,
  };
  await using server = await serve({ web, limits: { quietMs: 600_000 } });
  const peer = await connectHttp2Peer(server.port);
  peer.write(headersFrame(1, { ...CALL, "content-type": "text/plain" }), dataFrame(1, Buffer.from("body"), true));
  const finish = await asked;
  server.clock.advance(300_000);
  finish();
  expect((await peer.frame((frame) => frame.type === "data")).payload.toString()).toBe("at last");
  peer.destroy();
});

/** A whole request on a connection of its own: what other connections sent before has been read then. */
async function served(port: number): Promise<void> {
  const client = await connectRaw(port);
  client.write("GET /marker HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  await client.closed;
}

test("over HTTP/2 an answer that does not wait for the whole request ends its stream, and the connection stays", async () => {
  const request = (_request: WebRequest, response: WebResponse): void => void response.end("enough");
  await using server = await serve({ web: { request, upgrade: (_request, socket) => void socket.destroy() } });
  const peer = await connectHttp2Peer(server.port);
  peer.write(headersFrame(1, { ...CALL, "content-type": "text/plain", ":path": "/upload" }), dataFrame(1, Buffer.from("part")));
  const reset = await peer.frame((frame) => frame.type === "reset" && frame.stream === 1);
  expect(reset.payload.readUInt32BE()).toBe(0);
  peer.write(headersFrame(3, CALL, true));
  await peer.frame((frame) => frame.type === "headers" && frame.stream === 3);
  peer.destroy();
});

describe("size and rate", () => {
  test("a request header above 16 KiB gets 431", async () => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(17_000)}\r\n\r\n`);
    expect(await client.closed).toContain("431");
  });

  test.each([
    ["no request at all", "nonsense\r\n\r\n", "400 Bad Request"],
    ["a header without a colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", "400 Bad Request"],
    ["a header that is too large", `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(17_000)}\r\n\r\n`, "431 Request Header"],
  ])("%s is refused by the listener itself, its type not to be guessed", async (_name, text, status) => {
    await using server = await serve();
    const client = await connectRaw(server.port);
    client.write(text);
    const answer = await client.closed;
    expect(answer).toContain(status);
    expect(answer).toContain("X-Content-Type-Options: nosniff");
  });

  test("an HTTP/2 header above 16 KiB ends its stream, not the server", async () => {
    await using server = await serve();
    const peer = await connectHttp2Peer(server.port);
    peer.write(headersFrame(1, { ...CALL, "x-long": "a".repeat(16_300), "x-more": "b".repeat(60) }));
    await Promise.race([peer.frame((frame) => frame.type === "reset" || frame.type === "goaway"), peer.closed]);
    await served(server.port);
    expect(peer.frames.some((frame) => frame.type === "headers")).toBe(false);
    peer.destroy();
  });

  test("a peer that resets streams rapidly is cut off", async () => {
    await using server = await serve();
    const peer = await connectHttp2Peer(server.port);
    for (let id = 1; id < 2_000; id += 2) peer.write(headersFrame(id, CALL, false), resetFrame(id, 8));
    await peer.frame((frame) => frame.type === "goaway");
    await peer.closed;
    await served(server.port);
    expect(server.listener.connections).toBeLessThan(2);
  });

  test.each([
    ["of a call", CALL],
    ["of a web request", { ":method": "POST", ":scheme": "http", ":path": "/a", ":authority": "a" }],
  ])("a reset with any code, in the packet that opened the stream, harms nobody: %s", async (_name, headers) => {
    await using server = await serve();
    const peer = await connectHttp2Peer(server.port);
    for (let code = 0; code < 16; code += 1) {
      const ids = Array.from({ length: 10 }, (_, index) => 2 * (10 * code + index) + 1);
      peer.write(Buffer.concat(ids.flatMap((id) => [headersFrame(id, headers, true), resetFrame(id, code)])));
      await served(server.port);
    }
    await served(server.port);
    expect(await over2(server.port, { ":path": "/b" }, "ho")).toMatchObject({ status: 200, text: "POST /b ho" });
    peer.destroy();
  });

  test("PINGs are answered, many too", async () => {
    await using server = await serve();
    const peer = await connectHttp2Peer(server.port);
    peer.write(...Array.from({ length: 50 }, (_, index) => frameOf("ping", 0, 0, Buffer.alloc(8, index))));
    await peer.frame((frame) => frame.type === "ping" && frame.flags === 1 && frame.payload[0] === 49);
    expect(peer.frames.some((frame) => frame.type === "goaway")).toBe(false);
    peer.destroy();
  });
});

test("a half-open HTTP/2 connection is found within a minute", async () => {
  await using server = await serve();
  const peer = await connectHttp2Peer(server.port);
  peer.write(headersFrame(1, CALL, true));
  await peer.frame((frame) => frame.type === "headers");
  server.clock.advance(1_000);
  server.clock.advance(25_500);
  await peer.frame((frame) => frame.type === "ping" && frame.flags === 0);
  server.clock.advance(20_500);
  await peer.closed;
  expect(server.listener.counters.halfOpen).toBe(1);
});

describe("stopping", () => {
  test("lets a running request finish and accepts no more", async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<() => void>();
    const server = await serve({
      web: { request: (_request, response) => ask(() => void response.end("done")), upgrade: () => undefined },
    });
    const client = await connectRaw(server.port);
    client.write(GET);
    const answer = await asked;
    const stopped = server.listener.stop(5_000);
    await expect(served(server.port)).rejects.toThrow("ECONNREFUSED");
    answer();
    await client.received("done");
    server.clock.advance(1_000);
    await client.closed;
    await stopped;
    expect(server.clock.pending).toBe(0);
  });

  test("says GOAWAY at once, lets streams run on, and cuts them at the deadline", async () => {
    const calls: CallHandler = {
      accepts: () => true,
      handle(stream) {
        stream.respond({ ":status": 200 });
        stream.on("data", (chunk: Buffer) => void stream.write(`got ${chunk.toString()}`));
        stream.on("error", () => undefined);
      },
    };
    const server = await serve({ calls });
    const peer = await connectHttp2Peer(server.port);
    peer.write(headersFrame(1, CALL));
    await peer.frame((frame) => frame.type === "headers");
    const stopped = server.listener.stop(5_000);
    const goaway = await peer.frame((frame) => frame.type === "goaway");
    expect(goaway.payload.readUInt32BE(4)).toBe(0);
    expect(goaway.payload.readUInt32BE(0)).toBe(1);
    peer.write(dataFrame(1, Buffer.from("state")));
    const data = await peer.frame((frame) => frame.type === "data");
    expect(data.payload.toString()).toBe("got state");
    server.clock.advance(5_000);
    await stopped;
    await peer.closed;
    expect(server.listener.connections).toBe(0);
  });

  test("closes idle keep-alive connections at once and can be called twice", async () => {
    const server = await serve();
    const client = await connectRaw(server.port);
    client.write(GET);
    await client.received("GET /a");
    await Promise.all([server.listener.stop(60_000), server.listener.stop(1)]);
    expect(await client.closed).toContain("GET /a");
  });
});

test("the runtime's own header time-out works on sockets that it did not accept", async () => {
  await using server = await serve({ limits: { headerMs: 50 } });
  const client = await connectRaw(server.port);
  client.write(`${GET}GET /second HTTP/1.1\r\n`);
  expect(await client.closed).toContain("408 Request Timeout");
});

test("a client library gets its answer", async () => {
  await using server = await serve();
  const status = await new Promise((resolve, reject) => {
    httpRequest({ port: server.port, host: "127.0.0.1", path: "/lib" }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
  expect(status).toBe(200);
});
