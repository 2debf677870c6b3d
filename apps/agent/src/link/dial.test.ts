import { createServer as createTcpServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Server, Socket } from "node:net";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, expect, test } from "vitest";
import { TEST_CERTIFICATE, TEST_KEY } from "../testing/certificate.ts";
import { createDial, splitServer } from "./dial.ts";

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
});
const strict = createDial({ clock: createFakeClock(), lookUp: (host) => Promise.resolve(host), authorities: () => Promise.resolve([]) });
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
  const patient = createDial({ clock, lookUp: (host) => Promise.resolve(host), authorities: () => Promise.resolve([]) });
  const attempt = patient({ ...PLAIN, server: `127.0.0.1:${port}`, tls: true });
  void reached.promise.then(() => clock.advance(10_000));
  await expect(attempt).rejects.toThrow("connecting took too long");
});
