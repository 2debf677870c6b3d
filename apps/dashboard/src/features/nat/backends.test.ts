import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DOMAIN, get, openTunnelBench } from "./testing/tunnel-bench.ts";
import type { TunnelBench } from "./testing/tunnel-bench.ts";

/** What routers, cameras and boxes with disks say, and what their visitors get of it: always one clean answer. */
let bench: TunnelBench;
beforeEach(async () => {
  bench = await openTunnelBench();
});
afterEach(() => bench.close());

/** Head and body of what a visitor gets from a backend that says this and closes. */
async function ask(bytes: string, request = get(DOMAIN), lastWords = ""): Promise<{ head: string; body: string }> {
  bench.serve(await bench.rawBackend(bytes), lastWords);
  const answer = await bench.say(request);
  const end = answer.indexOf("\r\n\r\n");
  return { head: answer.slice(0, end), body: answer.slice(end + 4) };
}

test.each([
  ["more than 16 KiB of headers", `HTTP/1.1 200 OK\r\nX-Big: ${"x".repeat(100_000)}\r\nContent-Length: 5\r\n\r\nhello`],
  ["two thousand cookies", `HTTP/1.1 200 OK\r\n${"Set-Cookie: a=b\r\n".repeat(2_000)}Content-Length: 5\r\n\r\nhello`],
  ["lines without carriage returns", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"],
  ["the same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"],
  ["a length beside chunks", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
  ["chunks without carriage returns", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n"],
  ["a blank in a header name", "HTTP/1.1 200 OK\r\nX Own: a\r\nContent-Length: 5\r\n\r\nhello"],
  ["a blank before a colon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello"],
  ["a folded line", "HTTP/1.1 200 OK\r\nX-Own: a\r\n b\r\nContent-Length: 5\r\n\r\nhello"],
  ["HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nhello"],
  ["no reason", "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello"],
  ["no length until it closes", "HTTP/1.1 200 OK\r\n\r\nhello"],
  ["an empty line first", "\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  [
    "interim answers first",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
  ],
  ["more than it said", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello\r\nHTTP/1.1 200 OK\r\n\r\nevil"],
  ["control characters in a value", "HTTP/1.1 200 OK\r\nX-Own: a\0\x01b\rSet-Cookie: evil=1\r\nContent-Length: 5\r\n\r\nhello"],
  ["chunks without their end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"],
])("a backend that says %s", async (_what, bytes) => {
  const { head, body } = await ask(bytes);
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  expect(head).not.toMatch(/\r(?!\n)|(?<!\r)\n/);
  expect(head).not.toMatch(/\nset-cookie: evil|x own/i);
  const isChunked = /transfer-encoding: chunked/i.test(head);
  expect(/content-length/i.test(head)).toBe(!isChunked);
  expect(body).toBe(isChunked ? "5\r\nhello\r\n0\r\n\r\n" : "hello");
});

test.each([
  ["lengths that differ", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"],
  ["a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello"],
  ["a coding nobody asked for", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello"],
  ["half a head", "HTTP/1.1 200 OK\r\nContent-Len"],
  ["interim answers only", "HTTP/1.1 100 Continue\r\n\r\n".repeat(200)],
  ["a head without end", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(400_000)}`],
  ["another version", "HTTP/2 200\r\n\r\nhello"],
])("a backend that says %s is 502", async (_what, bytes) => {
  expect((await ask(bytes)).head).toMatch(/^HTTP\/1\.1 502 /);
});

test("an answer that breaks off is not passed as a whole one", async () => {
  bench.serve(await bench.rawBackend("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
  expect((await bench.say(get(DOMAIN))).endsWith("0\r\n\r\n")).toBe(false);
});

test("HEAD, 204 and 304 have no body, also of backends that send one; HEAD keeps its length", async () => {
  const bytes = "Content-Length: 5\r\nETag: x\r\n\r\nhello";
  const head = await ask(`HTTP/1.1 200 OK\r\n${bytes}`, get(DOMAIN).replace("GET", "HEAD"));
  expect(head).toMatchObject({ head: expect.stringContaining("content-length: 5") as string, body: "" });
});

test.each([204, 304])("%i has no body and no length", async (status) => {
  const { head, body } = await ask(`HTTP/1.1 ${status} X\r\nContent-Length: 5\r\nETag: x\r\n\r\nhello`);
  expect(head).toContain(`HTTP/1.1 ${status} X\r\netag: x`);
  expect(head).not.toMatch(/content-length|transfer-encoding/i);
  expect(body).toBe("");
});

test("what official agents say last is no part of a body that ends with its connection", async () => {
  expect((await ask("HTTP/1.0 200 OK\r\n\r\nhello", get(DOMAIN), "EOF")).body).toBe("5\r\nhello\r\n0\r\n\r\n");
});

test("headers that a backend names as its connection's stay with it", async () => {
  const { head } = await ask("HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nX-Own: 1\r\nContent-Length: 0\r\n\r\n");
  expect(head).toContain("x-own: 1");
  expect(head).not.toContain("x-hop");
});

describe("what the backend gets", () => {
  /** The request as it arrives. */
  async function arrived(request: string): Promise<string> {
    let text = "";
    const target = await bench.tcpBackend((socket) =>
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString("latin1");
        if (text.includes("\r\n\r\n")) socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      }),
    );
    bench.serve(target);
    await bench.say(request);
    return text;
  }

  test.each([
    [`http://${DOMAIN}/path?x=1`, "GET /path?x=1 HTTP/1.1"],
    [`HTTP://user@${DOMAIN}/path?x=http://other/`, "GET /path?x=http://other/ HTTP/1.1"],
    [`https://${DOMAIN}?x=1`, "GET /?x=1 HTTP/1.1"],
    [`http://${DOMAIN}`, "GET / HTTP/1.1"],
    ["/http://other/", "GET /http://other/ HTTP/1.1"],
  ])("the target %s in origin form", async (target, line) => {
    const text = await arrived(get(DOMAIN).replace("/path?x=1", target));
    expect(text).toMatch(new RegExp(`^${line.replaceAll(/[?.]/g, String.raw`\$&`)}\r\nHost: ${DOMAIN}\r\n`));
  });

  test("a whole address decides about the host, as the standard says: neither way past the dashboard nor into it", async () => {
    expect(await arrived(get("elsewhere").replace("/path", `http://${DOMAIN}/path`))).toContain(`Host: ${DOMAIN}\r\n`);
    expect(await bench.say(get(DOMAIN).replace("/path", "http://elsewhere/path"))).toContain("the dashboard");
  });

  test("headers that the visitor names as the connection's stay behind, what frames the body does not", async () => {
    const text = await arrived(
      `POST / HTTP/1.1\r\nHost: ${DOMAIN}\r\nConnection: close, X-Hop, Content-Length, Host\r\nX-Hop: 1\r\nX-Own: 1\r\nTE: trailers\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nping`,
    );
    const head = `POST / HTTP/1.1\r\nHost: ${DOMAIN}\r\nX-Own: 1\r\nContent-Length: 4\r\nConnection: close\r\n\r\n`;
    expect(text.slice(0, head.length)).toBe(head);
  });

  test.each([
    ["Authorization: Bearer secret", "/path?x=1", []],
    ["Authorization: Bearer nzp_secret", "/path?x=1", []],
    ["Authorization: Bearer foreign", "/path?x=1", ["Authorization: Bearer foreign"]],
    ["Cookie: nz-jwt=secret; a=b", "/path?token=secret&x=1", ["Cookie: a=b"]],
    ["Cookie: nz-jwt=foreign", "/path?x=1", ["Cookie: nz-jwt=foreign"]],
  ])("only what the dashboard issued is taken out: %s", async (header, target, kept) => {
    const text = await arrived(get(DOMAIN, `${header}\r\n`).replace("/path?x=1", target));
    expect(text).toMatch(/^GET \/path\?x=1 /);
    expect(text.split("\r\n").filter((line) => /^(authorization|cookie)/i.test(line))).toEqual(kept);
  });

  test("over HTTP/2 the cookies that are left are one header", async () => {
    const { port: target } = await bench.backend((request, response) => void response.end(JSON.stringify(request.rawHeaders)));
    bench.serve(target);
    const session = connectHttp2(`http://127.0.0.1:${bench.port}`);
    const head = [":method", "POST", ":path", "/", ":scheme", "http", ":authority", DOMAIN];
    const stream = session.request([...head, "cookie", "a=1", "cookie", "nz-jwt=secret", "cookie", "b=2"], { endStream: true });
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    expect(JSON.parse(text)).toEqual(["Host", DOMAIN, "Cookie", "a=1; b=2", "Content-Length", "0", "Connection", "close"]);
    session.destroy();
  });
});

describe("an answer before the request is whole", () => {
  const TOO_LARGE = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno!";
  const BODY = 5_000_000;

  test.each(["close", "keep-alive"])("reaches who is still sending, on a connection that is to %s", async (connection) => {
    bench.serve(await bench.rawBackend(TOO_LARGE));
    const socket = connect(bench.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
    socket.write(`POST / HTTP/1.1\r\nHost: ${DOMAIN}\r\nConnection: ${connection}\r\nContent-Length: ${BODY}\r\n\r\n`);
    socket.write(Buffer.alloc(BODY / 2));
    await once(socket, "data");
    expect(answer).toMatch(/^HTTP\/1\.1 413 Too Large\r\n/);
    expect(bench.fleet.streams.size).toBe(0);
    const closed = once(socket, "close");
    socket.write(Buffer.alloc(BODY / 2));
    if (connection === "keep-alive") socket.write(get("elsewhere"));
    await closed;
    expect(answer.endsWith(connection === "keep-alive" ? "the dashboard" : "no!")).toBe(true);
  });

  test("who goes on sending is cut off after half a minute", async () => {
    bench.serve(await bench.rawBackend(TOO_LARGE));
    const socket = connect(bench.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(`POST / HTTP/1.1\r\nHost: ${DOMAIN}\r\nContent-Length: ${BODY}\r\n\r\n`);
    await once(socket, "data");
    const closed = once(socket, "close");
    expect(socket.destroyed).toBe(false);
    bench.fleet.clock.advance(30_000);
    await closed;
  });

  test("an agent that is gone is 502 for who is still sending", async () => {
    const target = await bench.tcpBackend((socket) => void socket.once("data", () => socket.destroy()));
    bench.serve(target);
    const socket = connect(bench.port, "127.0.0.1");
    socket.write(`POST / HTTP/1.1\r\nHost: ${DOMAIN}\r\nConnection: close\r\nContent-Length: ${BODY}\r\n\r\n`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 502 /);
    const closed = once(socket, "close");
    socket.write(Buffer.alloc(BODY));
    await closed;
  });

  test("over HTTP/2", async () => {
    bench.serve(await bench.rawBackend(TOO_LARGE));
    const session = connectHttp2(`http://127.0.0.1:${bench.port}`);
    const stream = session.request({ ":method": "POST", ":path": "/", ":authority": DOMAIN });
    stream.on("error", () => undefined);
    stream.write("begun");
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    expect(headers[":status"]).toBe(413);
    const closed = once(stream, "close");
    bench.fleet.clock.advance(30_000);
    stream.resume();
    await closed;
    session.destroy();
  });
});

test("over HTTP/2 an answer with more headers than a frame holds ends at most its own request", async () => {
  bench.serve(await bench.rawBackend(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(40_000)}\r\nContent-Length: 5\r\n\r\nhello`));
  const session = connectHttp2(`http://127.0.0.1:${bench.port}`, { maxHeaderListPairs: 100, settings: { maxHeaderListSize: 200_000 } });
  const stream = session.request({ ":path": "/", ":authority": DOMAIN });
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  expect(headers[":status"]).toBe(200);
  expect(String(headers["x"])).toHaveLength(40_000);
  session.destroy();
});
