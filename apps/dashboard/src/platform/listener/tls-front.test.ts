import { connect as connectHttp2 } from "node:http2";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import { FIRST, SECOND } from "./certificates.fixture.ts";
import { connectRaw, serve } from "./fixture.ts";
import type { ListenerLimits } from "./limits.ts";
import type { Certificate } from "./tls-front.ts";

/** A listener whose certificate can be exchanged. */
async function serveTls(limits: Partial<ListenerLimits> = {}) {
  const disk: { certificate: Certificate | Error } = { certificate: FIRST };
  const load = async (): Promise<Certificate> => {
    if (disk.certificate instanceof Error) throw disk.certificate;
    return disk.certificate;
  };
  const server = await serve({ tls: { port: 0, load }, limits });
  return { server, disk, port: server.tlsPort ?? expect.fail("no TLS port"), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function handshake(port: number, protocols: string[]): Promise<TLSSocket> {
  const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: protocols });
  await new Promise<void>((resolve, reject) => void socket.once("secureConnect", resolve).once("error", reject));
  return socket;
}

async function nameShown(port: number): Promise<unknown> {
  const socket = await handshake(port, ["http/1.1"]);
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return CN;
}

test("calls and web requests over HTTP/2 by ALPN", async () => {
  await using tls = await serveTls();
  const client = connectHttp2(`https://localhost:${tls.port}`, { rejectUnauthorized: false });
  const call = client.request({ ":method": "POST", ":path": "/c", "content-type": "application/grpc" });
  const head = await new Promise<Record<string, unknown>>((resolve, reject) => void call.on("response", resolve).on("error", reject));
  expect(head).toMatchObject({ ":status": 204, "x-peer": "127.0.0.1" });
  const web = client.request({ ":path": "/web" });
  let text = "";
  for await (const chunk of web.setEncoding("utf8")) text += String(chunk);
  expect(text).toBe("GET /web ");
  client.destroy();
});

test.each([["http/1.1"], ["nothing"]])("HTTP/1.1 for a client that offers %s", async (offer) => {
  await using tls = await serveTls();
  const socket = await handshake(tls.port, offer === "nothing" ? [] : [offer]);
  socket.write("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  let text = "";
  for await (const chunk of socket.setEncoding("latin1")) text += String(chunk);
  expect(text).toContain("GET /a");
});

test("a new certificate is used without a restart", async () => {
  await using tls = await serveTls();
  expect(await nameShown(tls.port)).toBe("first.test");
  tls.disk.certificate = SECOND;
  await tls.server.clock.advanceAsync(5_000);
  expect(await nameShown(tls.port)).toBe("second.test");
});

test.each([
  ["cannot be read", new Error("gone")],
  ["does not fit its key", { cert: SECOND.cert, key: FIRST.key }],
  ["is no certificate", { cert: "x", key: "y" }],
])("a new certificate that %s leaves the old one in use", async (_, certificate) => {
  await using tls = await serveTls();
  tls.disk.certificate = certificate;
  await tls.server.clock.advanceAsync(60_000);
  expect(tls.server.errors).toHaveLength(1);
  expect(await nameShown(tls.port)).toBe("first.test");
});

test("a certificate that cannot be used at the start is an error, and nothing listens", async () => {
  await expect(serve({ tls: { port: 0, load: async () => ({ cert: "x", key: "y" }) } })).rejects.toThrow("PEM");
});

test("clients that do not speak TLS, or say nothing, are closed", async () => {
  await using tls = await serveTls();
  const plain = await connectRaw(tls.port);
  plain.write("GET / HTTP/1.1\r\n\r\n");
  await plain.closed;
  expect(tls.server.listener.counters.tlsFailures).toBe(1);
  const silent = await connectRaw(tls.port);
  await expect.poll(() => tls.server.listener.connections).toBe(1);
  tls.server.clock.advance(10_500);
  await silent.closed;
});

test("a half-open connection is found through TLS, a talking one is kept", async () => {
  await using tls = await serveTls({ keepAliveMs: 1_000_000 });
  const client = connectHttp2(`https://localhost:${tls.port}`, { rejectUnauthorized: false });
  const call = client.request({ ":method": "POST", ":path": "/c", "content-type": "application/grpc" });
  await new Promise((resolve) => void call.on("response", resolve));
  for (let round = 0; round < 8; round += 1) {
    tls.server.clock.advance(20_000);
    await new Promise((resolve) => void client.ping(resolve));
  }
  expect(tls.server.listener.connections).toBe(1);
  expect(tls.server.listener.counters.halfOpen).toBe(0);
  client.destroy();
});
