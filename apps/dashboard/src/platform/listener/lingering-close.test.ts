import { once } from "node:events";
import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { connectRaw, serve } from "./fixture.ts";
import type { RawClient } from "./fixture.ts";
import type { WebHandler } from "./ports.ts";

/** Answers as soon as something of the body is there, and has no more to do with the request. */
const hasty: WebHandler = {
  request(request, response) {
    request.once("data", () => {
      request.pause();
      response.statusCode = 413;
      response.setHeader("connection", "close");
      response.end("too much");
    });
  },
  upgrade: (_request, socket) => void socket.destroy(),
};
const PIECE = "x".repeat(64 * 1024);

/** A client that looks for an answer when it has sent everything. */
async function sendAll(client: RawClient, pieces: number): Promise<void> {
  client.socket.pause();
  client.write(`POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: ${pieces * PIECE.length}\r\n\r\n`);
  for (let piece = 0; piece < pieces; piece++) {
    if (!client.socket.write(PIECE)) await Promise.race([once(client.socket, "drain"), once(client.socket, "close")]);
  }
  client.socket.resume();
}

test("whoever is still sending when the answer is there gets it", async () => {
  await using server = await serve({ web: hasty });
  const client = await connectRaw(server.port);
  await sendAll(client, 64);
  expect(await client.closed).toMatch(/^HTTP\/1\.1 413 [\s\S]*too much/);
});

test("not for ever: after two seconds or eight MiB more the connection is gone", async () => {
  await using server = await serve({ web: hasty });
  const patient = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true }).on("error", () => undefined);
  patient.write(`POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nbegun`);
  await once(patient.resume(), "end");
  patient.write("more");
  expect(patient.writable).toBe(true);
  server.clock.advance(2_000);
  const gone = new Promise((resolve) => void patient.once("close", resolve));
  patient.write("and more");
  await gone;
  const flood = await connectRaw(server.port);
  await sendAll(flood, 1_024).catch(() => undefined);
  await flood.closed;
  expect(flood.socket.bytesWritten).toBeLessThan(32 * 1024 * 1024);
});

test("a connection that stays holds none of the requests that it has had", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const requests: WeakRef<object>[] = [];
  const web: WebHandler = {
    request(request, response) {
      requests.push(new WeakRef(request));
      response.end(`answer ${requests.length}`);
    },
    upgrade: (_request, socket) => void socket.destroy(),
  };
  await using server = await serve({ web });
  const client = await connectRaw(server.port);
  for (const count of [1, 2, 3]) {
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await client.received(`answer ${count}`);
  }
  await vi.waitFor(() => {
    collectGarbage();
    expect(requests.slice(0, 2).map((request) => request.deref())).toEqual([undefined, undefined]);
  }, 20_000);
  client.socket.destroy();
});
