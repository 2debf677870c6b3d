import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, expect, test } from "vitest";
import { limitsWith } from "#platform/limits";
import { parseAllowedTarget } from "./allowed-targets.ts";
import { createOutbound } from "./index.ts";
import { selfSigned } from "./testing/certificate.ts";

const limits = { answerBytes: 1_000, totalMs: 30_000, connectMs: 10_000 };
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(answer: RequestListener, options: { tls?: boolean } = {}): Promise<number> {
  const server = options.tls ? createTlsServer(selfSigned, answer) : createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** The name `hook.test` leads to this machine, and this machine may be connected to. */
function openLocal() {
  const clock = createFakeClock();
  const asked: string[] = [];
  const outbound = createOutbound({
    clock,
    limits,
    isAllowed: (address) => address === "127.0.0.1",
    resolve: async (host) => {
      asked.push(host);
      return ["127.0.0.1"];
    },
  });
  return { outbound, clock, asked };
}

test("a request arrives with its method, headers and body, and the name in Host", async () => {
  const { outbound, asked } = openLocal();
  const seen: unknown[] = [];
  const port = await listen((request, response) => {
    request.setEncoding("utf8").on("data", (body: string) => {
      seen.push({ method: request.method, url: request.url, host: request.headers.host, type: request.headers["content-type"], body });
      response.writeHead(418).end("short and stout");
    });
  });
  const headers = { "Content-Type": "application/json", Host: "elsewhere.test", "Content-Length": "1" };
  const answer = await outbound.send({ method: "POST", url: `http://hook.test:${port}/path?q=1`, headers, body: '{"a":1}' });
  expect(seen).toEqual([{ method: "POST", url: "/path?q=1", host: `hook.test:${port}`, type: "application/json", body: '{"a":1}' }]);
  expect(answer).toEqual({ status: 418, reason: "I'm a Teapot", body: "" });
  expect(asked).toEqual(["hook.test"]);
});

test("the body of the answer is handed out when it is wanted", async () => {
  const { outbound } = openLocal();
  const port = await listen((_request, response) => response.end("fine"));
  await expect(outbound.send({ method: "GET", url: `http://hook.test:${port}/`, wantsBody: true })).resolves.toMatchObject({
    status: 200,
    body: "fine",
  });
});

test("a name and password in the URL are sent as basic authorization", async () => {
  const { outbound } = openLocal();
  const port = await listen((request, response) => response.end(request.headers.authorization));
  const answer = await outbound.send({ method: "GET", url: `http://user:p%40ss@hook.test:${port}/`, wantsBody: true });
  expect(answer.body).toBe(`Basic ${Buffer.from("user:p@ss").toString("base64")}`);
});

test("GHSA-w4g9-mxgg-j532: a redirect is the final answer", async () => {
  const { outbound } = openLocal();
  let requests = 0;
  const port = await listen((_request, response) => {
    requests++;
    response.writeHead(302, { location: "/again" }).end();
  });
  await expect(outbound.send({ method: "GET", url: `http://hook.test:${port}/` })).resolves.toMatchObject({ status: 302 });
  expect(requests).toBe(1);
});

test.each([
  "http://127.0.0.1/",
  "http://2130706433/",
  "http://0x7f.1/",
  "http://017700000001/",
  "http://127.0.0.1./",
  "http://[::1]/",
  "http://[::ffff:7f00:1]/",
  "http://[::]/",
  "http://169.254.169.254/latest/meta-data/",
  "http://[64:ff9b::a00:1]/",
  "ftp://example.com/",
  "file:///etc/passwd",
  "http://",
  "http:///path",
  "http:example.com",
  "not a url",
  "",
])("GHSA-6x26-5727-rrm9: %j is refused without a question to anybody", async (url) => {
  const asked: string[] = [];
  const resolve = async (host: string): Promise<string[]> => {
    asked.push(host);
    return ["1.1.1.1"];
  };
  const outbound = createOutbound({ clock: createFakeClock(), limits, resolve });
  await expect(outbound.send({ method: "GET", url })).rejects.toMatchObject({
    failure: "refused",
    message: "HTTP URL target is not allowed",
  });
  expect(asked).toEqual([]);
});

test("one refused address among those of a name is enough", async () => {
  const outbound = createOutbound({ clock: createFakeClock(), limits, resolve: async () => ["1.1.1.1", "10.0.0.1"] });
  await expect(outbound.send({ method: "GET", url: "http://mixed.test/" })).rejects.toMatchObject({ failure: "refused" });
});

test("the name of a machine of ours is refused by what it resolves to", async () => {
  const outbound = createOutbound({ clock: createFakeClock(), limits });
  await expect(outbound.send({ method: "GET", url: "http://localhost:1/" })).rejects.toMatchObject({ failure: "refused" });
});

test("an answer past the limit fails, also when it never ends", async () => {
  const { outbound } = openLocal();
  const port = await listen((_request, response) => {
    const pour = (): void => {
      while (response.write(Buffer.alloc(500)));
    };
    response.on("drain", pour);
    pour();
  });
  await expect(outbound.send({ method: "GET", url: `http://hook.test:${port}/` })).rejects.toMatchObject({ failure: "too-large" });
});

test("an answer that does not come in time fails", async () => {
  const { outbound, clock } = openLocal();
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  const port = await listen(() => resolve());
  const sent = outbound.send({ method: "GET", url: `http://hook.test:${port}/` });
  await arrived;
  clock.advance(30_000);
  await expect(sent).rejects.toMatchObject({ failure: "timeout" });
  expect(clock.pending).toBe(0);
});

test("a name that does not resolve in time fails too, and so does one that is given up", async () => {
  const clock = createFakeClock();
  const outbound = createOutbound({ clock, limits, resolve: () => new Promise(() => undefined) });
  const late = outbound.send({ method: "GET", url: "http://slow.test/" });
  const stop = new AbortController();
  const stopped = outbound.send({ method: "GET", url: "http://slow.test/", signal: stop.signal });
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ failure: "stopped" });
  clock.advance(30_000);
  await expect(late).rejects.toMatchObject({ failure: "timeout" });
});

test("a connection that is not made within ten seconds is given up, long before the whole request is late", async () => {
  expect(limitsWith({}).outbound).toEqual({ answerBytes: 64 * 1024, connectMs: 10_000, totalMs: 30_000 });
  // Takes connections and never says a word: for TLS there is none yet.
  const silent = createTcpServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const clock = createFakeClock();
  const before = clock.monotonic();
  const isAllowed = (): boolean => true;
  const soon = createOutbound({ clock, limits: { ...limits, connectMs: 50 }, isAllowed });
  await expect(soon.send({ method: "GET", url: `https://127.0.0.1:${port}/` })).rejects.toMatchObject({
    failure: "timeout",
    message: "no connection in time",
    written: false,
  });
  expect([clock.monotonic(), clock.pending]).toEqual([before, 0]);
  silent.close();

  const outbound = createOutbound({ clock, limits, isAllowed, resolve: () => new Promise(() => undefined) });
  const connecting = outbound.connect({ host: "mail.test", port: 25 });
  let over = false;
  const told = connecting.catch((error: unknown) => {
    over = true;
    return error;
  });
  await clock.advanceAsync(9_999);
  expect(over).toBe(false);
  await clock.advanceAsync(1);
  expect(await told).toMatchObject({ failure: "timeout", message: "no connection in time" });
});

test("certificates are checked unless the caller says otherwise", async () => {
  const { outbound } = openLocal();
  const port = await listen((_request, response) => response.end(), { tls: true });
  const url = `https://hook.test:${port}/`;
  await expect(outbound.send({ method: "GET", url })).rejects.toMatchObject({ failure: "unreachable" });
  await expect(outbound.send({ method: "GET", url, verifyTls: false })).resolves.toMatchObject({ status: 200 });
});

test("errors tell neither addresses nor what was sent", async () => {
  const { outbound } = openLocal();
  const port = await listen((request) => request.socket.destroy());
  const sent = outbound.send({ method: "POST", url: `http://hook.test:${port}/?token=hunter2`, body: "hunter2" });
  await expect(sent).rejects.toMatchObject({ failure: "unreachable" });
  await expect(sent).rejects.toThrow(/^the request failed \(\w+\)$/);
});

test("a header that cannot be sent is refused", async () => {
  const { outbound } = openLocal();
  const sent = outbound.send({ method: "GET", url: "http://hook.test:1/", headers: { "x-bad": "a\r\nb" } });
  await expect(sent).rejects.toMatchObject({ failure: "invalid" });
});

test("what the configuration opens is asked for administrators alone, on the port it names", async () => {
  const port = await listen((_request, response) => response.end("fine"));
  const outbound = createOutbound({ clock: createFakeClock(), limits, allowed: [parseAllowedTarget(`127.0.0.0/8:${port}`)] });
  const url = `http://127.0.0.1:${port}/`;
  const refused = { failure: "refused", message: "HTTP URL target is not allowed" };
  await expect(outbound.send({ method: "GET", url, trusted: true })).resolves.toMatchObject({ status: 200 });
  await expect(outbound.send({ method: "GET", url })).rejects.toMatchObject(refused);
  await expect(outbound.send({ method: "GET", url: "http://127.0.0.1:1/", trusted: true })).rejects.toMatchObject(refused);
  const socket = await outbound.connect({ host: "127.0.0.1", port, trusted: true });
  socket.destroy();
  await expect(outbound.connect({ host: "127.0.0.1", port })).rejects.toMatchObject(refused);
  await expect(outbound.connect({ host: "localhost", port: 1, trusted: true })).rejects.toMatchObject(refused);
});

test("where a name has several addresses, those after one that takes no connection are tried", async () => {
  const port = await listen((_request, response) => response.end("here"));
  const addresses = ["127.0.0.2", "127.0.0.1"];
  const outbound = createOutbound({
    clock: createFakeClock(),
    limits,
    isAllowed: (one) => addresses.includes(one),
    resolve: async () => addresses,
  });
  expect(await outbound.send({ method: "GET", url: `http://hook.test:${port}/`, wantsBody: true })).toMatchObject({ body: "here" });
  const socket = await outbound.connect({ host: "hook.test", port });
  expect(socket.remoteAddress).toBe("127.0.0.1");
  socket.destroy();
});

test("a connection for other protocols goes to what the name was vetted as, and says why there is none", async () => {
  const { outbound, asked } = openLocal();
  const port = await listen((_request, response) => response.end());
  const socket = await outbound.connect({ host: "mail.test", port });
  expect([socket.remoteAddress, asked]).toEqual(["127.0.0.1", ["mail.test"]]);
  socket.destroy();
  const stop = AbortSignal.abort();
  await expect(outbound.connect({ host: "mail.test", port, signal: stop })).rejects.toMatchObject({ failure: "stopped" });
  await expect(outbound.connect({ host: "mail.test", port: 1 })).rejects.toMatchObject({ failure: "unreachable" });
});

test("bytes are sent as they are", async () => {
  const { outbound } = openLocal();
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const port = await listen((request, response) => {
    request.on("data", (bytes: Buffer) => resolve(bytes));
    request.on("end", () => response.end());
  });
  await outbound.send({ method: "POST", url: `http://hook.test:${port}/`, body: Uint8Array.of(0, 255, 128) });
  expect([...(await promise)]).toEqual([0, 255, 128]);
});
