import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { connect, createServer as createPlainServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { GUEST, open } from "#kernel";
import { createHttpApp } from "./app.ts";
import type { HttpApp } from "./app.ts";
import { ENVELOPE_HEAD, ENVELOPE_TAIL, LentAnswer } from "./json-text.ts";
import { route } from "./route.ts";
import { testLimits } from "./testing/index.ts";

/** More than the buffers of both sockets hold. */
const LONG = `${ENVELOPE_HEAD}"${"0123456789abcdef".repeat(2 ** 20)}"${ENVELOPE_TAIL}`;

let app: HttpApp;
let returned: number;
let server: Server | undefined;

/** As its maker would, whatever comes back is written over at once. */
function lent(): LentAnswer {
  const bytes = new TextEncoder().encode(LONG);
  return new LentAnswer({
    bytes,
    giveBack: () => {
      bytes.fill(0);
      returned++;
    },
  });
}

beforeEach(async () => {
  returned = 0;
  app = await createHttpApp({
    gate: { address: () => ({ ip: "" }), admit: () => ({ caller: GUEST, cookies: [] }) },
    routes: [route({ method: "GET", path: "/long", access: open(), summary: "s", tag: "t", data: z.string(), run: lent })],
    sockets: [],
    translate: (id) => id,
    ...testLimits,
    version: "0.0.0",
    pages: (_asked, reply) => reply.code(404).send(),
    foreignOrigin: () => false,
    onError: (error) => expect.unreachable(String(error)),
  });
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await app.close();
});

async function listen(): Promise<string> {
  server = createServer(app.handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/long`;
}

async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
  const [response] = (await once(request(url, { headers }).end(), "response")) as [IncomingMessage];
  return response;
}

async function bodyOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

test("memory is given back when the system has all of an answer, and not before", async () => {
  const body = await bodyOf(await get(await listen()));
  expect(body.equals(Buffer.from(LONG))).toBe(true);
  await expect.poll(() => returned).toBe(1);
});

test("also of one that was compressed", async () => {
  const body = await bodyOf(await get(await listen(), { "accept-encoding": "gzip" }));
  expect(gunzipSync(body).equals(Buffer.from(LONG))).toBe(true);
  await expect.poll(() => returned).toBe(1);
});

test("memory of an answer whose client went away stays untouched", async () => {
  const url = await listen();
  const closed = new Promise((resolve) => server?.once("connection", (socket) => socket.once("close", resolve)));
  const response = await get(url);
  await once(response, "readable");
  response.destroy();
  await closed;
  expect(returned).toBe(0);
});

test("over HTTP/2 nothing is given back: our own code still reads it when the answer has ended", async () => {
  const plain = createPlainServer(app.handle).listen(0, "127.0.0.1");
  await once(plain, "listening");
  const client = connect(`http://127.0.0.1:${(plain.address() as AddressInfo).port}`);
  const stream = client.request({ ":path": "/api/v1/long" });
  expect((await bodyOf(stream)).equals(Buffer.from(LONG))).toBe(true);
  client.close();
  await once(client, "close");
  plain.close();
  expect(returned).toBe(0);
});
