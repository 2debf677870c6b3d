import { createServer as createTcpServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, expect, test } from "vitest";
import { TEST_CERTIFICATE, TEST_KEY } from "../testing/certificate.ts";
import { createDial, splitServer } from "./dial.ts";
import { proxyFor } from "./proxy.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

const dial = createDial({
  clock: createFakeClock(),
  lookUp: (host, servers) => Promise.resolve(host === "dash.test" && servers[0] === "192.0.2.53:53" ? "127.0.0.1" : host),
  authorities: () => Promise.resolve([TEST_CERTIFICATE]),
  environment: {},
});
const strict = createDial({
  clock: createFakeClock(),
  lookUp: (host) => Promise.resolve(host),
  authorities: () => Promise.resolve([]),
  environment: {},
});
const tls = (protocols: string[]) => createTlsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE, ALPNProtocols: protocols });
const PLAIN = { tls: false, insecureTls: false, dns: [] };

test.each<[string, unknown]>([
  ["dash.example.com:8008", { host: "dash.example.com", port: 8008 }],
  ["[::1]:8008", { host: "::1", port: 8008 }],
])("%s", (server, target) => {
  expect(splitServer(server)).toEqual(target);
});

test.each(["dash.example.com", "http://a:1", "::1:8008", ":1", "a:"])("%s is no address", (server) => {
  expect(() => splitServer(server)).toThrow(`server "${server}" is not host:port`);
});

test("a connection in clear text, by the configured name servers", async () => {
  const port = await listen(createTcpServer());
  const socket = await dial({ ...PLAIN, server: `dash.test:${port}`, dns: ["192.0.2.53:53"] });
  expect(socket.writable).toBe(true);
  socket.destroy();
});

test("a certificate of a trusted authority is accepted, by address and by name", async () => {
  const port = await listen(tls(["h2"]));
  for (const host of ["127.0.0.1", "localhost"]) {
    const socket = await dial({ ...PLAIN, server: `${host}:${port}`, tls: true });
    expect(socket.writable).toBe(true);
    socket.destroy();
  }
});

test("a certificate of an unknown authority is refused, unless none is asked for", async () => {
  const port = await listen(tls(["h2"]));
  await expect(strict({ ...PLAIN, server: `127.0.0.1:${port}`, tls: true })).rejects.toThrow(/self-signed certificate/);
  const socket = await strict({ ...PLAIN, server: `127.0.0.1:${port}`, tls: true, insecureTls: true });
  expect(socket.writable).toBe(true);
  socket.destroy();
});

test("a certificate for another name is refused", async () => {
  const port = await listen(tls(["h2"]));
  const named = createDial({
    clock: createFakeClock(),
    lookUp: () => Promise.resolve("127.0.0.1"),
    authorities: () => Promise.resolve([TEST_CERTIFICATE]),
    environment: {},
  });
  await expect(named({ server: `other.test:${port}`, tls: true, insecureTls: false, dns: ["192.0.2.53:53"] })).rejects.toThrow(
    /other\.test/,
  );
});

test("a server without HTTP/2 is refused", async () => {
  const port = await listen(tls(["http/1.1"]));
  await expect(dial({ ...PLAIN, server: `127.0.0.1:${port}`, tls: true })).rejects.toThrow(/alert|HTTP\/2/);
});

test("nobody there", async () => {
  await expect(dial({ ...PLAIN, server: "127.0.0.1:1" })).rejects.toThrow("ECONNREFUSED");
});

test("a server that never answers the handshake is given up after ten seconds", async () => {
  const clock = createFakeClock();
  const reached = Promise.withResolvers<void>();
  const port = await listen(createTcpServer((socket) => socket.once("data", () => reached.resolve())));
  const patient = createDial({ clock, lookUp: (host) => Promise.resolve(host), authorities: () => Promise.resolve([]), environment: {} });
  const attempt = patient({ ...PLAIN, server: `127.0.0.1:${port}`, tls: true });
  void reached.promise.then(() => clock.advance(10_000));
  await expect(attempt).rejects.toThrow("connecting took too long");
});

test.each<[string, Record<string, string>, unknown]>([
  ["dash.test", {}, undefined],
  ["dash.test", { HTTPS_PROXY: "http://proxy.test:3128" }, { host: "proxy.test", port: 3128, authorization: "" }],
  ["dash.test", { https_proxy: "proxy.test" }, { host: "proxy.test", port: 80, authorization: "" }],
  ["dash.test", { HTTPS_PROXY: "http://me:p%40ss@[::1]:8" }, { host: "::1", port: 8, authorization: `Basic ${btoa("me:p@ss")}` }],
  ["localhost", { HTTPS_PROXY: "http://proxy.test" }, undefined],
  ["127.0.0.9", { HTTPS_PROXY: "http://proxy.test" }, undefined],
  ["dash.test", { HTTPS_PROXY: "http://proxy.test", NO_PROXY: "other.test, dash.test" }, undefined],
  ["a.dash.test", { HTTPS_PROXY: "http://proxy.test", NO_PROXY: "dash.test" }, undefined],
  ["a.dash.test", { HTTPS_PROXY: "http://proxy.test", NO_PROXY: ".dash.test" }, undefined],
  ["10.1.2.3", { HTTPS_PROXY: "http://proxy.test", no_proxy: "10.0.0.0/8" }, undefined],
  ["dash.test", { HTTPS_PROXY: "http://proxy.test", NO_PROXY: "*" }, undefined],
  [
    "xdash.test",
    { HTTPS_PROXY: "http://proxy.test", NO_PROXY: "dash.test,10.0.0.0/8" },
    { host: "proxy.test", port: 80, authorization: "" },
  ],
  [
    "11.1.2.3",
    { HTTPS_PROXY: "http://proxy.test", NO_PROXY: "10.0.0.0/8,11.1.2.4,::/0,1.1.1.1/99" },
    { host: "proxy.test", port: 80, authorization: "" },
  ],
])("%s with %j goes through %j", (host, environment, proxy) => {
  expect(proxyFor(host, environment)).toEqual(proxy);
});

test("a proxy of another kind is named as a mistake", () => {
  expect(() => proxyFor("dash.test", { HTTPS_PROXY: "socks5://proxy.test" })).toThrow("HTTPS_PROXY must be an http:// address");
});

async function throughProxy(answer: string): Promise<{ asked: string; socket: Promise<Duplex> }> {
  const asked = Promise.withResolvers<string>();
  const port = await listen(
    createTcpServer((socket) => {
      socket.once("data", (bytes) => {
        asked.resolve(bytes.toString());
        socket.write(answer);
      });
    }),
  );
  const proxied = createDial({
    clock: createFakeClock(),
    lookUp: (host) => Promise.resolve(host),
    authorities: () => Promise.resolve([]),
    environment: { HTTPS_PROXY: `http://me:x@127.0.0.1:${port}` },
  });
  const socket = proxied({ ...PLAIN, server: "dash.test:8008" });
  return { asked: await asked.promise, socket };
}

test("a proxy is asked for a tunnel, and what follows its answer is the dashboard's", async () => {
  const { asked, socket } = await throughProxy("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nfirst");
  expect(asked).toBe("CONNECT dash.test:8008 HTTP/1.1\r\nHost: dash.test:8008\r\nProxy-Authorization: Basic bWU6eA==\r\n\r\n");
  const open = await socket;
  const bytes = await new Promise<Buffer>((resolve) => {
    open.once("data", resolve);
    open.resume();
  });
  expect(bytes.toString()).toBe("first");
  open.destroy();
});

test.each(["HTTP/1.1 403 Forbidden\r\n\r\n", "SSH-2.0-x\r\n\r\n", "x".repeat(20_000)])(
  "a proxy that answers %j refuses",
  async (answer) => {
    const { socket } = await throughProxy(answer);
    await expect(socket).rejects.toThrow("the proxy refused the tunnel");
  },
);
