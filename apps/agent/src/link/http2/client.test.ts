import { createServer } from "node:http2";
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { connect, createServer as createTcpServer } from "node:net";
import type { Server, Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createHttp2Client } from "./client.ts";
import type { Http2Client } from "./client.ts";
import { FRAME, frameBytes, numberFrame, settingsFrame } from "./frames.ts";
import type { HeaderField } from "./hpack.ts";

const HEADERS: readonly HeaderField[] = [
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/x"],
  [":authority", "a"],
  ["te", "trailers"],
];

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

async function clientOf(server: Http2Server | Server, windowBytes = 1024 * 1024, monotonic = () => 0): Promise<Http2Client> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const socket = connect(typeof address === "object" ? (address?.port ?? 0) : 0, "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  const options = { isSecret: (name: string) => name === "secret", windowBytes, maxWaitingBytes: 8 * 1024 * 1024, monotonic };
  const client = createHttp2Client(socket, options);
  closers.push(() => {
    client.destroy("test over");
    server.close();
  });
  return client;
}

function http2Server(onStream: OnStream, settings: { initialWindowSize?: number; maxConcurrentStreams?: number } = {}): Http2Server {
  const server = createServer({ settings });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", () => undefined);
    onStream(stream, headers);
  });
  return server;
}

/** A server that speaks bytes: takes the preface, says `frames`, and shows what it gets. */
function byteServer(frames: readonly Buffer[], onData: (bytes: Buffer, socket: Socket) => void = () => undefined): Server {
  return createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.write(Buffer.concat([settingsFrame([]), ...frames]));
    socket.on("data", (bytes: Buffer) => onData(bytes, socket));
  });
}

interface Answer {
  readonly headers: HeaderField[][];
  readonly body: Buffer;
  readonly reset: string | undefined;
}

function send(client: Http2Client, body: readonly Uint8Array[], fields = HEADERS): Promise<Answer> {
  return new Promise((resolve) => {
    const headers: HeaderField[][] = [];
    const chunks: Buffer[] = [];
    const request = client.request(fields, {
      onHeaders: (list) => headers.push([...list]),
      onData: (bytes) => void chunks.push(Buffer.from(bytes)),
      onClose: (reset) => resolve({ headers, body: Buffer.concat(chunks), reset }),
    });
    for (const part of body) request?.write(part);
    request?.end();
  });
}

function echo(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200, "x-word": "naïve ü".normalize(), "set-cookie": ["a", "b"] }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0", "grpc-message": "r%20s" }));
  stream.pipe(stream);
}

test("headers, body and trailers go both ways", async () => {
  const seen: IncomingHttpHeaders[] = [];
  const client = await clientOf(
    http2Server((stream, headers) => {
      seen.push(headers);
      echo(stream);
    }),
  );
  const answer = await send(client, [Buffer.from("hello "), Buffer.from("world")], [...HEADERS, ["secret", "s3cret"]]);
  expect(answer.body.toString()).toBe("hello world");
  expect(answer.reset).toBeUndefined();
  expect(answer.headers[0]).toContainEqual([":status", "200"]);
  expect(answer.headers[1]).toEqual([
    ["grpc-status", "0"],
    ["grpc-message", "r%20s"],
  ]);
  expect(seen[0]).toMatchObject({ ":method": "POST", ":path": "/x", te: "trailers", secret: "s3cret" });
});

test("bodies larger than every window arrive whole, many at once", async () => {
  const client = await clientOf(http2Server(echo, { initialWindowSize: 1000 }), 70_000);
  const body = Buffer.alloc(700_001, "0123456789");
  const answers = await Promise.all(Array.from({ length: 5 }, () => send(client, [body])));
  for (const answer of answers) expect(answer.body.equals(body)).toBe(true);
});

test("a reader that takes its time is sent a window full, others go on", async () => {
  const windowBytes = 70_000;
  const client = await clientOf(
    http2Server((stream) => {
      stream.respond({ ":status": 200 });
      stream.end(Buffer.alloc(500_000));
    }),
    windowBytes,
  );
  const slow = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let received = 0;
  const take = (bytes: Uint8Array): Promise<void> => {
    received += bytes.length;
    return slow.promise;
  };
  client.request(HEADERS, { onHeaders: () => undefined, onData: take, onClose: () => ended.resolve() });
  expect((await send(client, [])).body).toHaveLength(500_000);
  expect(received).toBeLessThanOrEqual(windowBytes);
  slow.resolve();
  await ended.promise;
  expect(received).toBe(500_000);
});

test("a writer learns when what it wrote is on its way", async () => {
  const paused = Promise.withResolvers<ServerHttp2Stream>();
  const client = await clientOf(http2Server((stream) => paused.resolve(stream), { initialWindowSize: 1000 }));
  await client.ping();
  const request = client.request(HEADERS, { onHeaders: () => undefined, onData: () => undefined, onClose: () => undefined });
  request?.write(Buffer.alloc(5000));
  let isDrained = false;
  const drained = request?.drained().then(() => {
    isDrained = true;
  });
  const stream = await paused.promise;
  await client.ping();
  expect(isDrained).toBe(false);
  stream.resume();
  await drained;
  request?.write(Buffer.alloc(5_000_000));
  const cancelled = request?.drained();
  request?.cancel();
  await cancelled;
});

test("a body above the limit of what may wait is not taken", async () => {
  const client = await clientOf(http2Server(() => undefined));
  const request = client.request(HEADERS, { onHeaders: () => undefined, onData: () => undefined, onClose: () => undefined });
  expect(request?.write(Buffer.alloc(7 * 1024 * 1024))).toBe("sent");
  expect(request?.write(Buffer.alloc(2 * 1024 * 1024))).toBe("full");
  request?.end();
  expect(request?.write(Buffer.alloc(1))).toBe("ended");
});

test("a request that is cancelled is reset on the other side and tells its owner once", async () => {
  const aborted = Promise.withResolvers<void>();
  const client = await clientOf(http2Server((stream) => stream.on("aborted", () => aborted.resolve())));
  const ends: (string | undefined)[] = [];
  const request = client.request(HEADERS, { onHeaders: () => undefined, onData: () => undefined, onClose: (reset) => ends.push(reset) });
  request?.write(Buffer.from("x"));
  request?.cancel();
  request?.cancel();
  await aborted.promise;
  expect(ends).toEqual(["cancelled"]);
});

test("a request that the other side resets tells why", async () => {
  const client = await clientOf(http2Server((stream) => stream.close(7)));
  expect(await send(client, [])).toMatchObject({ reset: "the call was reset (HTTP/2 error 7)" });
});

test("no more requests than the other side allows, and none after its good-bye", async () => {
  const server = http2Server(() => undefined, { maxConcurrentStreams: 1 });
  const client = await clientOf(server);
  await client.ping();
  const events = { onHeaders: () => undefined, onData: () => undefined, onClose: () => undefined };
  expect(client.request(HEADERS, events)).toBeDefined();
  expect(client.request(HEADERS, events)).toBeUndefined();
});

test("streams go on after a good-bye without an error", async () => {
  let stream: ServerHttp2Stream | undefined;
  const client = await clientOf(
    http2Server((opened) => {
      stream = opened;
      opened.respond({ ":status": 200 });
      opened.session?.goaway(0, 1);
    }),
  );
  const got = Promise.withResolvers<string>();
  const request = client.request(HEADERS, {
    onHeaders: () => undefined,
    onData: (bytes) => got.resolve(Buffer.from(bytes).toString()),
    onClose: () => undefined,
  });
  await client.ping();
  expect(client.request(HEADERS, { onHeaders: () => undefined, onData: () => undefined, onClose: () => undefined })).toBeUndefined();
  stream?.write("still here");
  expect(await got.promise).toBe("still here");
  request?.cancel();
});

test("padding, priority, continuation and unknown frames are understood", async () => {
  const block = Buffer.concat([Buffer.from([0x88]), Buffer.from("0001610162", "hex")]);
  const client = await clientOf(
    byteServer([], (bytes, socket) => {
      // The request's HEADERS frame has type 1 on stream 1.
      if (!bytes.includes(Buffer.from([1, 4, 0, 0, 0, 1]))) return;
      socket.write(
        Buffer.concat([
          frameBytes(0x77, 0xff, 0, Buffer.from("unknown")),
          frameBytes(
            FRAME.headers,
            0x08 | 0x20,
            1,
            Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 1]), block.subarray(0, 2), Buffer.alloc(3)]),
          ),
          frameBytes(FRAME.continuation, 0, 1, block.subarray(2, 4)),
          frameBytes(FRAME.continuation, 0x4, 1, block.subarray(4)),
          frameBytes(FRAME.data, 0x08, 1, Buffer.concat([Buffer.from([2]), Buffer.from("body"), Buffer.alloc(2)])),
          frameBytes(FRAME.data, 0x01, 1),
        ]),
      );
    }),
  );
  const answer = await send(client, []);
  expect(answer.headers).toEqual([
    [
      [":status", "200"],
      ["a", "b"],
    ],
  ]);
  expect(answer.body.toString()).toBe("body");
});

test.each<[string, Buffer, string]>([
  ["a pushed stream", frameBytes(FRAME.pushPromise, 4, 1, Buffer.alloc(4)), "push is switched off"],
  ["a frame above the limit", Buffer.from("00ffff0000000000000001", "hex").subarray(1), "frame of 16776960 bytes"],
  ["a continuation of nothing", frameBytes(FRAME.continuation, 4, 1), "header block out of order"],
  [
    "an interrupted header block",
    Buffer.concat([frameBytes(FRAME.headers, 0, 1, Buffer.from([0x88])), frameBytes(FRAME.ping, 0, 0, Buffer.alloc(8))]),
    "header block out of order",
  ],
  ["a ping of a wrong size", frameBytes(FRAME.ping, 0, 0, Buffer.alloc(7)), "ping of a wrong size"],
  ["a window past the limit", numberFrame(FRAME.windowUpdate, 0, 2 ** 31 - 1), "window too large"],
  ["cut settings", frameBytes(FRAME.settings, 0, 0, Buffer.alloc(5)), "settings are cut short"],
  ["padding without payload", frameBytes(FRAME.data, 0x08, 1, Buffer.from([9])), "more padding than payload"],
])("%s ends the connection", async (_, bytes, reason) => {
  const client = await clientOf(byteServer([bytes]));
  client.request(HEADERS, { onHeaders: () => undefined, onData: () => undefined, onClose: () => undefined });
  expect(await client.closed).toBe(reason);
});

test("whoever sends more than there is room for is cut off: a slow reader's data does not pile up", async () => {
  const data = Buffer.concat(Array.from({ length: 5 }, () => frameBytes(FRAME.data, 0, 1, Buffer.alloc(16_384))));
  const client = await clientOf(
    byteServer([], (bytes, socket) => {
      if (bytes.includes("/x")) socket.write(data);
    }),
    4 * 16_384,
  );
  let held = 0;
  const reset = await new Promise<string | undefined>((resolve) => {
    client.request(HEADERS, {
      onHeaders: () => undefined,
      onData: (bytes) => {
        held += bytes.length;
        return new Promise(() => undefined);
      },
      onClose: resolve,
    });
  });
  expect(held).toBe(4 * 16_384);
  expect(reset).toBe("more data than there was room for");
  expect(await client.closed).toBe("more data than there was room for");
});

test("the end of the connection ends every request with its reason", async () => {
  const server = http2Server((stream) => stream.session?.destroy());
  const client = await clientOf(server);
  const answer = await send(client, []);
  expect(answer.reset).toBe(await client.closed);
  expect(client.request(HEADERS, { onHeaders: () => undefined, onData: () => undefined, onClose: () => undefined })).toBeUndefined();
});

const FLOOD = "a flood of frames that ask for an answer";

test.each([
  ["pings", frameBytes(FRAME.ping, 0, 0, Buffer.alloc(8))],
  ["settings", settingsFrame([])],
])("a flood of %s ends the connection, and is told to calm down", async (_, frame) => {
  const hundred = Buffer.concat(Array.from({ length: 100 }, () => frame));
  const heard: Buffer[] = [];
  const client = await clientOf(
    byteServer([hundred], (bytes, socket) => {
      heard.push(bytes);
      // Another hundred for each answer: no more are under way than a server next door might send.
      socket.write(hundred);
    }),
  );
  expect(await client.closed).toBe(FLOOD);
  // GOAWAY with ENHANCE_YOUR_CALM is the last that is said.
  await expect.poll(() => Buffer.concat(heard).subarray(-4).toString("hex")).toBe("0000000b");
});

test("who asks for answers and does not read them is cut off before they pile up", async () => {
  const pings = Buffer.concat(Array.from({ length: 1_100 }, () => frameBytes(FRAME.ping, 0, 0, Buffer.alloc(8))));
  expect(await (await clientOf(byteServer([pings]))).closed).toBe(FLOOD);
});

test("a thousand pings a second are answered for as long as they come", async () => {
  let now = 0;
  let answered = 0;
  const second = Buffer.concat(Array.from({ length: 500 }, () => frameBytes(FRAME.ping, 0, 0, Buffer.alloc(8))));
  const done = Promise.withResolvers<void>();
  const client = await clientOf(
    byteServer([second], (bytes, socket) => {
      const before = answered;
      answered += bytes.toString("latin1").split("\0\0\b\x06\x01").length - 1;
      if (Math.floor(answered / 500) === Math.floor(before / 500)) return;
      now += 500;
      if (answered >= 30_000) done.resolve();
      else socket.write(second);
    }),
    1024 * 1024,
    () => now,
  );
  await Promise.race([done.promise, client.closed.then((reason) => expect.fail(reason))]);
  expect(await Promise.race([client.closed, Promise.resolve("open")])).toBe("open");
});
