import { Buffer } from "node:buffer";
import { once } from "node:events";
import { constants } from "node:http2";
import { createByteBudget } from "@windfire/kit";
import { decodeHost, encodeReceipt, encodeTask, STATUS } from "@windfire/protocol";
import { connectHttp2Peer, dataFrame, headersFrame, type Http2Peer, resetFrame } from "@windfire/testkit";
import { describe, expect, test, vi } from "vitest";
import type { CallEnd, Method, StreamCall } from "./call.ts";
import { connectClient, framed, openCall, serveCalls } from "./fixture.ts";

const INFO = "/proto.NezhaService/ReportSystemInfo2";
const STATE = "/proto.NezhaService/ReportSystemState";
const RECEIPT = encodeReceipt({ proced: true });
const FRAMED_RECEIPT = Buffer.from(framed(RECEIPT)).toString("hex");
const HEADERS = { ":method": "POST", ":scheme": "http", ":path": STATE, ":authority": "a", "content-type": "application/grpc" };

const info: Method<string> = {
  kind: "unary",
  handle(message) {
    decodeHost(message);
    return RECEIPT;
  },
};

/** A stream method that writes down what happens to it. */
function recorder(onOpen: (call: StreamCall) => void = () => undefined) {
  const messages: string[] = [];
  const ends: CallEnd[] = [];
  const opened = Promise.withResolvers<StreamCall>();
  const ended = Promise.withResolvers<void>();
  const method: Method<string> = {
    kind: "stream",
    open(call) {
      call.onMessage((message) => void messages.push(message.toString("latin1")));
      call.onEnd((how) => {
        ends.push(how);
        call.end(STATUS.ok);
        ended.resolve();
      });
      onOpen(call);
      opened.resolve(call);
    },
  };
  return { method, messages, ends, opened: opened.promise, ended: ended.promise };
}

function text(message: string): Uint8Array {
  return framed(Buffer.from(message));
}

function isTrailers(peer: Http2Peer): Promise<unknown> {
  return peer.frame((frame) => frame.type === "headers" && (frame.flags & 1) === 1);
}

describe("what is refused, with the texts that peers know", () => {
  const good = framed(Buffer.from("0a0164", "hex"));
  const cases: [string, string, Record<string, string>, Uint8Array, number, string][] = [
    ["an unknown method", "/proto.NezhaService/Nope", {}, good, 12, "unknown method Nope for service proto.NezhaService"],
    [
      "a method in lower case",
      "/proto.NezhaService/reportsysteminfo2",
      {},
      good,
      12,
      "unknown method reportsysteminfo2 for service proto.NezhaService",
    ],
    ["another service", "/proto.NezhaServiceX/Foo", {}, good, 12, "unknown service proto.NezhaServiceX"],
    ["a path without a method", "/proto.NezhaService", {}, good, 12, 'malformed method name: "/proto.NezhaService"'],
    [
      "a set compressed flag",
      INFO,
      {},
      Buffer.concat([Buffer.of(1), good.subarray(1)]),
      13,
      "grpc: compressed flag set with identity or empty encoding",
    ],
    ["a compression", INFO, { "grpc-encoding": "gzip" }, good, 12, 'grpc: Decompressor is not installed for grpc-encoding "gzip"'],
    [
      "malformed protobuf",
      INFO,
      {},
      framed(Buffer.from("0aff", "hex")),
      13,
      "grpc: error unmarshalling request: proto: cannot parse invalid wire-format data",
    ],
    [
      "invalid UTF-8",
      INFO,
      {},
      framed(Buffer.from("0a02ffff", "hex")),
      13,
      "grpc: error unmarshalling request: string field contains invalid UTF-8",
    ],
    ["no message", INFO, {}, new Uint8Array(0), 2, "EOF"],
    ["a message cut short", INFO, {}, good.subarray(0, 6), 2, "unexpected EOF"],
    ["a prefix cut short", INFO, {}, good.subarray(0, 3), 2, "unexpected EOF"],
    ["a stream cut short", STATE, {}, good.subarray(0, 6), 2, "unexpected EOF"],
    [
      "a message that is too large",
      INFO,
      {},
      Buffer.from("0000400001", "hex"),
      8,
      "grpc: received message larger than max (4194305 vs. 4194304)",
    ],
    ["an expired deadline", INFO, { "grpc-timeout": "1n" }, good, 4, "context deadline exceeded"],
    ["a malformed deadline", INFO, { "grpc-timeout": "soon" }, good, 13, "malformed grpc-timeout"],
  ];

  test.each(cases)("%s", async (_, path, headers, body, status, message) => {
    await using server = await serveCalls({ methods: { ReportSystemInfo2: info, ReportSystemState: recorder().method } });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, path, headers);
    stream.end(body);
    expect(await outcome).toMatchObject({ status, message });
    expect(server.errors).toEqual([]);
  });

  test("another HTTP method", async () => {
    await using server = await serveCalls({ methods: { ReportSystemInfo2: info } });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, INFO, { ":method": "GET" });
    stream.end();
    const { headers, body } = await outcome;
    expect(headers).toMatchObject({ ":status": 405, allow: "POST", "content-type": "text/plain; charset=utf-8" });
    expect(body.toString()).toBe('invalid gRPC request method "GET"\n');
  });
});

describe("unary calls", () => {
  test("answer with headers, one message and trailers", async () => {
    await using server = await serveCalls({ methods: { ReportSystemInfo2: info } });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, INFO);
    stream.end(framed(Buffer.from("0a0164", "hex")));
    const { headers, trailers, body } = await outcome;
    expect(headers).toMatchObject({
      ":status": 200,
      "content-type": "application/grpc",
      trailer: "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin",
    });
    expect(headers.date).toBeDefined();
    expect(Object.entries(trailers)).toEqual([["grpc-status", "0"]]);
    expect(body.toString("hex")).toBe(FRAMED_RECEIPT);
  });

  test("ignore a second message and do not wait for the end of the request", async () => {
    await using server = await serveCalls({ methods: { ReportSystemInfo2: info } });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, INFO);
    stream.write(Buffer.concat([framed(new Uint8Array(0)), framed(Buffer.from("0aff", "hex"))]));
    expect(await outcome).toMatchObject({ status: 0 });
  });

  test("answer with the status that the handler returns", async () => {
    const refuses: Method<string> = { kind: "unary", handle: () => ({ code: STATUS.unknown, message: "server not found" }) };
    await using server = await serveCalls({ methods: { ReportSystemInfo2: refuses } });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, INFO);
    stream.end(framed(new Uint8Array(0)));
    expect(await outcome).toMatchObject({ status: 2, message: "server not found" });
  });

  test("hide what a handler throws, and report it", async () => {
    const breaks: Method<string> = { kind: "unary", handle: () => Promise.reject(new Error("database is on fire")) };
    await using server = await serveCalls({ methods: { ReportSystemInfo2: breaks } });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, INFO);
    stream.end(framed(new Uint8Array(0)));
    expect(await outcome).toMatchObject({ status: 2, message: "internal error" });
    expect(server.errors).toEqual([new Error("database is on fire")]);
    expect(server.grpc.counters.errors).toBe(1);
  });

  test("end at their deadline", async () => {
    const called = Promise.withResolvers<void>();
    const hangs: Method<string> = {
      kind: "unary",
      handle() {
        called.resolve();
        return new Promise(() => undefined);
      },
    };
    await using server = await serveCalls({ methods: { ReportSystemInfo2: hangs } });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, INFO, { "grpc-timeout": "10S" });
    stream.end(framed(new Uint8Array(0)));
    await called.promise;
    server.clock.advance(9_999);
    expect(server.grpc.counters.deadlineExceeded).toBe(0);
    server.clock.advance(1);
    expect(await outcome).toMatchObject({ status: 4, message: "context deadline exceeded" });
  });

  test("leave no timer behind", async () => {
    await using server = await serveCalls({ methods: { ReportSystemInfo2: info } });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, INFO, { "grpc-timeout": "10S" });
    stream.end(framed(new Uint8Array(0)));
    await outcome;
    const next = openCall(client, "/proto.NezhaService/Nope");
    next.stream.end();
    await next.outcome;
    expect(server.clock.pending).toBe(0);
  });
});

describe("admission", () => {
  test("comes before any message and carries a status in any language", async () => {
    let called = false;
    const method: Method<string> = {
      kind: "unary",
      handle() {
        called = true;
        return RECEIPT;
      },
    };
    const admit = () => ({ refused: { code: STATUS.unauthenticated, message: "客户端认证失败" } });
    await using server = await serveCalls({ methods: { ReportSystemInfo2: method }, admit });
    using client = connectClient(server.port);
    const { outcome } = openCall(client, INFO);
    const { status, message, trailers } = await outcome;
    expect({ status, message }).toEqual({ status: 16, message: "客户端认证失败" });
    expect(trailers["grpc-message"]).toMatch(/^[ -~]+$/);
    expect(called).toBe(false);
    expect(server.trusted).toEqual([]);
    expect(server.grpc.counters).toMatchObject({ calls: 1, refused: 1 });
  });

  test("vouches for the connection and hands the caller on", async () => {
    const callers: string[] = [];
    const method: Method<string> = {
      kind: "unary",
      handle(_, caller, call) {
        callers.push(caller, call.peer, call.method);
        return RECEIPT;
      },
    };
    await using server = await serveCalls({ methods: { ReportSystemInfo2: method }, admit: () => Promise.resolve({ caller: "host 7" }) });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, INFO);
    stream.end(framed(new Uint8Array(0)));
    await outcome;
    expect(callers).toEqual(["host 7", "192.0.2.7", "ReportSystemInfo2"]);
    expect(server.trusted).toEqual(["trusted"]);
  });

  test("sees the first value of repeated metadata", async () => {
    const seen: (string | undefined)[] = [];
    const admit = (call: { metadata(name: string): string | undefined }) => {
      seen.push(call.metadata("x-real-ip"), call.metadata("client-secret"));
      return { caller: "" };
    };
    await using server = await serveCalls({ methods: { ReportSystemInfo2: info }, admit });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, INFO, { "x-real-ip": ["192.0.2.1", "192.0.2.2"] });
    stream.end(framed(new Uint8Array(0)));
    await outcome;
    expect(seen).toEqual(["192.0.2.1", undefined]);
  });

  test("that fails is a surprise", async () => {
    const admit = () => Promise.reject(new Error("no database"));
    await using server = await serveCalls({ methods: { ReportSystemState: recorder().method }, admit });
    using client = connectClient(server.port);
    const { outcome } = openCall(client, STATE);
    expect(await outcome).toMatchObject({ status: 2, message: "internal error" });
    expect(server.errors).toHaveLength(1);
  });
});

describe("streams", () => {
  test("carry messages both ways, in order", async () => {
    const echo: Method<string> = {
      kind: "stream",
      open(call) {
        call.onMessage((message) => void call.send(message));
        call.onEnd(() => call.end(STATUS.ok));
      },
    };
    await using server = await serveCalls({ methods: { IOStream: echo } });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, "/proto.NezhaService/IOStream");
    const large = Buffer.alloc(40_000, 7);
    stream.end(Buffer.concat([text("one"), text("two"), framed(large), text("")]));
    const { status, body } = await outcome;
    expect(status).toBe(0);
    expect(body.equals(Buffer.concat([text("one"), text("two"), framed(large), text("")]))).toBe(true);
  });

  test("send nothing before the first message", async () => {
    const calls = recorder();
    await using server = await serveCalls({ methods: { ReportSystemState: calls.method } });
    const peer = await connectHttp2Peer(server.port);
    peer.write(headersFrame(1, HEADERS), dataFrame(1, text("a")));
    const call = await calls.opened;
    expect(peer.frames.filter((frame) => frame.stream === 1)).toEqual([]);
    call.send(encodeTask({ type: 7 }));
    await peer.frame((frame) => frame.type === "data");
    expect(peer.frames.filter((frame) => frame.stream === 1).map((frame) => frame.type)).toEqual(["headers", "data"]);
    peer.destroy();
  });

  test("a status is never trailers alone, and a reset follows for a peer that still talks", async () => {
    const calls = recorder((call) => call.end(STATUS.unknown, "state stream superseded"));
    await using server = await serveCalls({ methods: { ReportSystemState: calls.method } });
    const peer = await connectHttp2Peer(server.port);
    peer.write(headersFrame(1, HEADERS));
    const reset = await peer.frame((frame) => frame.type === "reset");
    expect(reset.payload.readUInt32BE()).toBe(0);
    const own = peer.frames.filter((frame) => frame.stream === 1);
    expect(own.map((frame) => [frame.type, frame.flags & 1])).toEqual([
      ["headers", 0],
      ["headers", 1],
      ["reset", 0],
    ]);
    peer.destroy();
  });

  test("no reset follows for a peer that has half-closed", async () => {
    const calls = recorder();
    await using server = await serveCalls({ methods: { ReportSystemState: calls.method } });
    const peer = await connectHttp2Peer(server.port);
    peer.write(headersFrame(1, HEADERS), dataFrame(1, text("a"), true));
    await isTrailers(peer);
    peer.write(headersFrame(3, HEADERS, true));
    await peer.frame((frame) => frame.stream === 3 && (frame.flags & 1) === 1);
    expect(peer.frames.some((frame) => frame.type === "reset")).toBe(false);
    expect(calls.ends).toEqual(["half-close", "half-close"]);
    peer.destroy();
  });
});

test.each([
  ["another HTTP method", { ":method": "PUT" }],
  ["no such method", { ":path": "/proto.NezhaService/Nope" }],
  ["no time", { "grpc-timeout": "0m" }],
  ["no readable time", { "grpc-timeout": "x" }],
  ["a stream", {}],
  ["one message", { ":path": INFO }],
])("a call that its peer has reset before anybody looked at it throws nothing: %s", async (_name, wish) => {
  const handled = Promise.withResolvers<void>();
  await using server = await serveCalls({
    methods: { ReportSystemInfo2: info, ReportSystemState: recorder().method },
    beforeCall: (stream) => {
      stream.close(constants.NGHTTP2_CANCEL);
      stream.once("close", handled.resolve);
    },
  });
  const peer = await connectHttp2Peer(server.port);
  peer.write(headersFrame(1, { ...HEADERS, ...wish }), dataFrame(1, text("one")));
  await handled.promise;
  expect(server.errors).toEqual([]);
  peer.destroy();
});

describe("very many messages at once", () => {
  const COUNT = 5_000;
  const flood = Buffer.concat(Array.from({ length: COUNT }, (_, index) => text(`${index}`)));
  const all = Array.from({ length: COUNT }, (_, index) => `${index}`);

  test.each([
    ["and the end", true, false, "half-close"],
    ["and a reset", false, true, "cancelled"],
    ["and both in one go", true, true, "cancelled"],
  ])("are all heard, in their order, with others' work done in between: %s", async (_name, isEnd, isReset, end) => {
    const calls = recorder();
    await using server = await serveCalls({ methods: { ReportSystemState: calls.method } });
    const peer = await connectHttp2Peer(server.port);
    peer.write(headersFrame(1, HEADERS));
    await calls.opened;
    const heard: number[] = [];
    const look = (): void => {
      heard.push(calls.messages.length);
      if (calls.ends.length === 0) setImmediate(look);
    };
    look();
    const frames: Buffer[] = [];
    for (let at = 0; at < flood.length; at += 16_000)
      frames.push(dataFrame(1, flood.subarray(at, at + 16_000), isEnd && at + 16_000 >= flood.length));
    peer.write(Buffer.concat([...frames, ...(isReset ? [resetFrame(1, 8)] : [])]));
    await calls.ended;
    expect(calls.messages).toEqual(all);
    expect(calls.ends).toEqual([end]);
    expect(Math.max(...heard.map((count, index) => count - (heard[index - 1] ?? 0)))).toBeLessThanOrEqual(512);
    peer.destroy();
  });

  test("are left alone once the call is over", async () => {
    const calls = recorder();
    let taken = 0;
    const method: Method<string> = {
      kind: "stream",
      open(call) {
        call.onMessage(() => (++taken === 256 ? call.end(8, "enough") : undefined));
      },
    };
    await using server = await serveCalls({ methods: { ReportSystemState: method, RequestTask: calls.method } });
    const peer = await connectHttp2Peer(server.port);
    peer.write(headersFrame(1, HEADERS), dataFrame(1, flood.subarray(0, 16_000)), dataFrame(1, flood.subarray(16_000, 32_000)));
    await isTrailers(peer);
    peer.write(headersFrame(3, { ...HEADERS, ":path": "/proto.NezhaService/RequestTask" }), dataFrame(3, text("next"), true));
    await calls.ended;
    expect([taken, calls.messages]).toEqual([256, ["next"]]);
    peer.destroy();
  });
});

describe("a peer that ends and resets in one go is heard to the end", () => {
  const farewell = (peer: Http2Peer): void =>
    peer.write(headersFrame(1, HEADERS), dataFrame(1, text("one")), dataFrame(1, text("two"), true), resetFrame(1, 8));

  test("at once", async () => {
    const calls = recorder();
    await using server = await serveCalls({ methods: { ReportSystemState: calls.method } });
    const peer = await connectHttp2Peer(server.port);
    farewell(peer);
    await calls.ended;
    expect(calls.messages).toEqual(["one", "two"]);
    expect(calls.ends).toHaveLength(1);
    peer.destroy();
  });

  test("while nobody reads", async () => {
    const calls = recorder((call) => call.pause());
    await using server = await serveCalls({ methods: { ReportSystemState: calls.method } });
    const peer = await connectHttp2Peer(server.port);
    peer.write(headersFrame(1, HEADERS));
    const call = await calls.opened;
    peer.write(dataFrame(1, text("one")), dataFrame(1, text("two"), true), resetFrame(1, 8));
    await expect.poll(() => call.send(RECEIPT)).toBe("closed");
    expect([calls.messages, calls.ends]).toEqual([[], []]);
    call.resume();
    expect([calls.messages, calls.ends]).toEqual([["one", "two"], ["cancelled"]]);
    peer.destroy();
  });

  test("before it has been admitted", async () => {
    const calls = recorder();
    const door = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const admit = async () => {
      asked.resolve();
      await door.promise;
      return { caller: "" };
    };
    await using server = await serveCalls({ methods: { ReportSystemState: calls.method }, admit });
    const peer = await connectHttp2Peer(server.port);
    farewell(peer);
    await asked.promise;
    peer.write(headersFrame(3, { ...HEADERS, ":path": "/proto.NezhaService/Nope" }, true));
    await isTrailers(peer);
    door.resolve();
    await calls.ended;
    expect(calls.messages).toEqual(["one", "two"]);
    peer.destroy();
  });
});

describe("the end of a stream is told once", () => {
  test("when the connection is lost", async () => {
    const calls = recorder();
    await using server = await serveCalls({ methods: { ReportSystemState: calls.method } });
    const peer = await connectHttp2Peer(server.port);
    peer.write(headersFrame(1, HEADERS), dataFrame(1, text("one")));
    await calls.opened;
    peer.destroy();
    await calls.ended;
    expect([calls.messages, calls.ends]).toEqual([["one"], ["cancelled"]]);
  });

  test("when the handler throws; the peer gets a status", async () => {
    const ends: CallEnd[] = [];
    const ended = Promise.withResolvers<void>();
    const method: Method<string> = {
      kind: "stream",
      open(call) {
        call.onMessage((message) => void decodeHost(message));
        call.onEnd((how) => {
          ends.push(how);
          ended.resolve();
        });
      },
    };
    await using server = await serveCalls({ methods: { ReportSystemState: method } });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, STATE);
    stream.write(framed(Buffer.from("0aff", "hex")));
    expect(await outcome).toMatchObject({
      status: 13,
      message: "grpc: failed to unmarshal the received message: proto: cannot parse invalid wire-format data",
    });
    await ended.promise;
    expect(ends).toEqual(["cancelled"]);
    expect(server.grpc.counters.badMessages).toBe(1);
  });

  test("when we end it ourselves; no message follows", async () => {
    const calls = recorder((call) => call.onMessage(() => call.end(STATUS.unknown, "superseded")));
    await using server = await serveCalls({ methods: { ReportSystemState: calls.method } });
    using client = connectClient(server.port);
    const { stream, outcome } = openCall(client, STATE);
    stream.write(Buffer.concat([text("a"), text("b"), text("c")]));
    expect(await outcome).toMatchObject({ status: 2, message: "superseded" });
    await calls.ended;
    expect(calls.ends).toHaveLength(1);
  });
});

describe("a peer that does not read", () => {
  test("is reset when its queue is full; others go on", async () => {
    const calls = recorder();
    await using server = await serveCalls({ methods: { ReportSystemState: calls.method, ReportSystemInfo2: info } });
    const peer = await connectHttp2Peer(server.port);
    peer.write(headersFrame(1, HEADERS));
    const call = await calls.opened;
    const message = Buffer.alloc(16_000);
    const outcomes: string[] = [];
    for (let index = 0; index < 20; index += 1) outcomes.push(call.send(message));
    expect(outcomes.filter((outcome) => outcome === "full")).toHaveLength(1);
    expect(outcomes.at(-1)).toBe("closed");
    expect(server.grpc.counters.queueFull).toBe(1);
    await calls.ended;
    expect(calls.ends).toEqual(["cancelled"]);
    using client = connectClient(server.port);
    const other = openCall(client, INFO);
    other.stream.end(framed(new Uint8Array(0)));
    expect(await other.outcome).toMatchObject({ status: 0 });
    peer.destroy();
  });

  test("a message above the limit goes through when nothing waits", async () => {
    const calls = recorder((call) => {
      expect(call.send(Buffer.alloc(300_000))).toBe("sent");
      expect(call.unread()).toBeGreaterThan(0);
    });
    await using server = await serveCalls({ methods: { ReportSystemState: calls.method } });
    using client = connectClient(server.port);
    const drained = calls.opened.then((call) => new Promise<void>((resolve) => call.onDrain(resolve)));
    const { stream, outcome } = openCall(client, STATE);
    await drained;
    stream.end();
    expect((await outcome).body).toHaveLength(300_005);
  });
});

test("a paused stream fills the peer's window, and goes on where it was", async () => {
  const calls = recorder((call) => call.pause());
  await using server = await serveCalls({ methods: { ReportSystemState: calls.method } });
  using client = connectClient(server.port);
  const { stream } = openCall(client, STATE);
  const messages = Array.from({ length: 40 }, (_, index) => String(index).repeat(8_000));
  for (const message of messages) stream.write(text(message));
  const call = await calls.opened;
  expect(calls.messages).toEqual([]);
  expect(stream.writableLength).toBeGreaterThan(0);
  call.resume();
  stream.end();
  await calls.ended;
  expect(calls.messages).toEqual(messages);
  await once(stream, "close");
});

describe("messages that are not whole, of all calls together", () => {
  test("are bounded in bytes; who goes past it gets a status, and what is whole or over counts no more", async () => {
    const budget = createByteBudget(10_000);
    const calls = recorder();
    await using server = await serveCalls({ budget, methods: { ReportSystemState: calls.method } });
    using client = connectClient(server.port);
    const begin = (bytes: number) => {
      const call = openCall(client, STATE);
      call.stream.write(text("x".repeat(8000)).subarray(0, bytes));
      return call;
    };
    const first = begin(7000);
    await vi.waitFor(() => expect(budget.used).toBe(7000));
    const second = begin(4000);
    expect(await second.outcome).toMatchObject({ status: STATUS.resourceExhausted, message: "too many bytes at once" });
    expect(server.grpc.counters.badMessages).toBe(1);
    expect(budget.used).toBe(7000);
    first.stream.write(text("x".repeat(8000)).subarray(7000));
    await vi.waitFor(() => expect(calls.messages).toHaveLength(1));
    expect(budget.used).toBe(0);
    first.stream.write(text("x".repeat(8000)).subarray(0, 3000));
    await vi.waitFor(() => expect(budget.used).toBe(3000));
    first.stream.close();
    await vi.waitFor(() => expect(budget.used).toBe(0));
  });
});
