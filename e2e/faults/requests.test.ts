import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDashboard } from "../dashboard.ts";
import type { Dashboard } from "../dashboard.ts";

const MIB = 2 ** 20;
const CHUNK = Buffer.alloc(64 * 1024, "x");
/** The dashboard gives a request header ten seconds, and looks every second. */
const HEADER_MS = 14_000;

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await openDashboard();
});
afterAll(() => dashboard.close());

interface Exchange {
  /** First line of the answer, empty when there was none. */
  readonly statusLine: string;
  /** Bytes written before the other side had enough. */
  readonly written: number;
}

/** Writes `head`, then whatever `feed` writes, until the dashboard closes the connection. */
function exchange(head: string, feed: (socket: Socket, wrote: (bytes: number) => void) => void): Promise<Exchange> {
  const { hostname, port } = new URL(dashboard.base);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = "";
    let written = 0;
    socket.setEncoding("latin1");
    socket.on("data", (part: string) => {
      answer += part;
    });
    // A reset is one of the ways to have enough.
    socket.on("error", () => undefined);
    socket.on("close", () => resolve({ statusLine: answer.split("\r\n")[0] ?? "", written }));
    socket.once("connect", () => {
      socket.write(head);
      feed(socket, (bytes) => {
        written += bytes;
      });
    });
  });
}

/** Writes chunks of a body that has no end as fast as they are taken. */
function endlessBody(socket: Socket, wrote: (bytes: number) => void): void {
  const frame = Buffer.concat([Buffer.from(`${CHUNK.length.toString(16)}\r\n`), CHUNK, Buffer.from("\r\n")]);
  const write = (): void => {
    if (socket.destroyed || !socket.writable) return;
    socket.write(frame, () => {
      wrote(frame.length);
      write();
    });
  };
  write();
}

async function memoryBytes(): Promise<number> {
  const status = await readFile(`/proc/${dashboard.pid()}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

test.runIf(process.platform === "linux")("bodies without an end are cut off at the limit, and memory stays where it was", async () => {
  const before = await memoryBytes();
  const head = "POST /api/v1/login HTTP/1.1\r\nHost: dashboard\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  const ends = await Promise.all(Array.from({ length: 16 }, () => exchange(head, endlessBody)));
  for (const { statusLine, written } of ends) {
    // Who goes on writing past the answer may lose it with the connection.
    expect(statusLine).toMatch(/^$| 413 /);
    expect(written).toBeLessThan(16 * MIB);
  }
  expect((await memoryBytes()) - before).toBeLessThan(128 * MIB);
});

test.each(["with its length", "in chunks"])("a body past the limit is answered with 413 (%s)", async (how) => {
  const body = Buffer.alloc(3 * MIB, "x");
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const call = request(`${dashboard.base}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" } }, resolve);
  call.on("error", reject);
  if (how === "with its length") call.setHeader("content-length", body.length);
  call.write(body.subarray(0, MIB));
  call.end(body.subarray(MIB));
  const response = await promise;
  expect(response.statusCode).toBe(413);
  expect(JSON.parse(await text(response))).toMatchObject({ success: false, error: expect.stringContaining("larger than") as string });
});

test("a body that says how much too large it is is refused unread", async () => {
  const head = `POST /api/v1/login HTTP/1.1\r\nHost: dashboard\r\nContent-Type: application/json\r\nContent-Length: ${10 ** 12}\r\n\r\n`;
  const { statusLine } = await exchange(head, () => undefined);
  expect(statusLine).toContain(" 413 ");
});

test("a header that never ends is answered with 408, a long one with 431", { timeout: 30_000 }, async () => {
  const began = performance.now();
  const trickle = (socket: Socket): void => {
    const timer = setInterval(() => socket.write("a"), 250);
    socket.on("close", () => clearInterval(timer));
  };
  const [slow, long] = await Promise.all([
    exchange("GET / HTTP/1.1\r\nHost: dashboard\r\nX-Slow: ", trickle),
    exchange(`GET / HTTP/1.1\r\nHost: dashboard\r\nX-Long: ${"x".repeat(64 * 1024)}\r\n\r\n`, () => undefined),
  ]);
  expect(slow.statusLine).toContain(" 408 ");
  expect(performance.now() - began).toBeLessThan(HEADER_MS);
  expect(long.statusLine).toContain(" 431 ");
});

test.each([
  ["nothing that is HTTP", "\u0000\u0001\u0002\r\n\r\n", 400],
  ["a broken preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", undefined],
  ["two lengths", "POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 400],
  ["length and chunks", "POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
])("%s ends the connection and nothing else", async (_name, bytes, status) => {
  const pid = dashboard.pid();
  const { statusLine } = await exchange(bytes, () => undefined);
  if (status !== undefined) expect(statusLine).toContain(` ${status} `);
  expect(dashboard.pid()).toBe(pid);
  expect((await fetch(`${dashboard.base}/api/v1/setting`)).status).toBe(200);
});

test("JSON nested past any use is refused", async () => {
  const body = `{"username":${"[".repeat(5_000)}${"]".repeat(5_000)}}`;
  const response = await fetch(`${dashboard.base}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" }, body });
  expect(await response.json()).toMatchObject({ success: false });
});
