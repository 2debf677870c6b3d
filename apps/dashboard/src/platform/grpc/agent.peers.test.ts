import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  decodeState,
  decodeTaskResult,
  encodeReceipt,
  encodeTask,
  encodeUint64Receipt,
  parseHandshake,
  STATUS,
  TASK,
  decodeIOStreamData,
  encodeIOStreamData,
  decodeHost,
} from "@windfire/protocol";
import { connectHttp2Peer, dataFrame, frameOf, headersFrame } from "@windfire/testkit";
import { describe, expect, test } from "vitest";
import { createListener, DEFAULT_LIMITS } from "#platform/listener";
import { createByteBudget } from "@windfire/kit";
import { createFakeClock } from "@windfire/testkit";
import type { Method, StreamCall } from "./call.ts";
import { createGrpcServer } from "./server.ts";
import { connectClient, openCall } from "./fixture.ts";

/** The scripted agent and recorded traffic lie beside the repository, or where WINDFIRE_SHARED says. */
const folder = join(process.env["WINDFIRE_SHARED"] ?? resolve(import.meta.dirname, "../../../../../../shared"), "wire");

interface Agent {
  host(): Promise<{ data: number }>;
  openState(): { send(state?: object): Promise<{ proced: boolean }>; end(): void; closed: Promise<{ code: number }> };
  openTasks(): {
    next(type: number): Promise<{ id: number; data: string }>;
    result(result: object): Promise<void>;
    end(): void;
    closed: Promise<{ code: number }>;
  };
  openIO(id: string): { write(bytes: Uint8Array): void; onData: (bytes: Buffer) => void; end(): void; closed: Promise<{ code: number }> };
  close(): void;
}

const { connect } = (await import(join(folder, "agent.mjs"))) as { connect(options: object): Promise<Agent> };

async function serve() {
  const clock = createFakeClock();
  const tasks = Promise.withResolvers<StreamCall>();
  const results: unknown[] = [];
  const methods: Record<string, Method<string>> = {
    ReportSystemInfo2: {
      kind: "unary",
      handle(message) {
        decodeHost(message);
        return encodeUint64Receipt({ data: 1_795_425_519 });
      },
    },
    ReportSystemInfo: { kind: "unary", handle: () => encodeReceipt({ proced: true }) },
    ReportSystemState: {
      kind: "stream",
      open(call) {
        call.onMessage((message) => void call.send(encodeReceipt({ proced: decodeState(message).cpu >= 0 })));
        call.onEnd(() => call.end(STATUS.unknown, "EOF"));
      },
    },
    RequestTask: {
      kind: "stream",
      open(call) {
        call.onMessage((message) => void results.push(decodeTaskResult(message)));
        call.onEnd(() => call.end(STATUS.unknown, "EOF"));
        tasks.resolve(call);
      },
    },
    IOStream: { kind: "stream", open: (call) => relay(call) },
  };
  const calls = createGrpcServer<string>({
    budget: createByteBudget(64 * 1024 * 1024),
    clock,
    limits: { messageBytes: 4 * 1024 * 1024, queueBytes: 4 * 1024 * 1024 },
    admit: (call) => ({ caller: call.metadata("client-uuid") ?? "" }),
    methods,
    onError: (error) => expect.fail(String(error)),
  });
  const listener = createListener({
    clock,
    limits: DEFAULT_LIMITS,
    host: "127.0.0.1",
    port: 0,
    calls,
    web: { request: (_request, response) => refuse(response), upgrade: (_request, socket) => void socket.destroy() },
    onError: (error) => expect.fail(String(error)),
  });
  const { port } = await listener.listen();
  return {
    port,
    tasks: tasks.promise,
    results,
    async [Symbol.asyncDispose]() {
      const stopped = listener.stop(0);
      clock.advance(0);
      await stopped;
    },
  };
}

/** Echoes what comes after the handshake. */
function relay(call: StreamCall): void {
  let id: string | undefined;
  call.onMessage((message) => {
    const { data } = decodeIOStreamData(message);
    if (id !== undefined) return void call.send(encodeIOStreamData({ data }));
    id = parseHandshake(data);
    return id ? undefined : call.end(STATUS.unknown, "invalid stream id");
  });
  call.onEnd(() => call.end(STATUS.ok));
}

function joinAs(port: number): Promise<Agent> {
  return connect({ target: `127.0.0.1:${port}`, secret: "s".repeat(32), uuid: "12345678-1234-1234-1234-123456789012" });
}

describe("the scripted agent", () => {
  test("reports, takes tasks and opens streams", async () => {
    await using server = await serve();
    const agent = await joinAs(server.port);
    expect(await agent.host()).toMatchObject({ data: 1_795_425_519 });
    const states = agent.openState();
    for (let index = 0; index < 5; index += 1) expect(await states.send()).toEqual({ proced: true });
    const tasks = agent.openTasks();
    const call = await server.tasks;
    call.send(encodeTask({ id: 2 ** 32 + 1, type: TASK.command, data: "uptime" }));
    expect(await tasks.next(TASK.command)).toMatchObject({ id: 2 ** 32 + 1, data: "uptime" });
    await tasks.result({ id: 2 ** 32 + 1, type: TASK.command, delay: 1.5, data: "ok", successful: true });
    await expect.poll(() => server.results).toEqual([{ id: 2 ** 32 + 1, type: TASK.command, delay: 1.5, data: "ok", successful: true }]);
    const io = agent.openIO("stream");
    const echoed = new Promise<string>((hear) => void (io.onData = (bytes) => hear(bytes.toString())));
    io.write(Buffer.from("hello"));
    expect(await echoed).toBe("hello");
    states.end();
    expect((await states.closed).code).toBe(STATUS.unknown);
    io.end();
    expect((await io.closed).code).toBe(STATUS.ok);
    agent.close();
  });
});

interface Recording {
  readonly calls: readonly { readonly call: number; readonly request_headers: Record<string, string> }[];
  readonly events: readonly {
    readonly call: number;
    readonly from: string;
    readonly flag?: number;
    readonly hex?: string;
    readonly headers?: Record<string, string>;
    readonly status?: { code: number; message: string };
  }[];
}

describe("recorded odd calls get the recorded status", () => {
  const { calls, events } = JSON.parse(readFileSync(join(folder, "fixtures/scripted-framing.json"), "utf8")) as Recording;
  /** In the recording: a message cut short (sent bytes not recorded), invalid UTF-8 (recorded after repair), a content type that we take. */
  const unusable = new Set([3, 8, 11]);

  test.each(calls.filter(({ call }) => !unusable.has(call)).map(({ call, request_headers }) => [call, request_headers] as const))(
    "call %i",
    async (number, headers) => {
      await using server = await serve();
      using client = connectClient(server.port);
      const own = events.filter(({ call }) => call === number);
      const { ":path": path = "", ":authority": _authority, ":scheme": _scheme, ...rest } = headers;
      const { stream, outcome } = openCall(client, path, rest);
      for (const { from, hex, flag = 0 } of own) {
        if (from !== "agent" || hex === undefined) continue;
        const bytes = Buffer.from(hex, "hex");
        const prefix = Buffer.alloc(5);
        prefix[0] = flag;
        prefix.writeUInt32BE(bytes.length, 1);
        stream.write(Buffer.concat([prefix, bytes]));
      }
      stream.end();
      const result = await outcome;
      const recorded = own.find(({ status }) => status !== undefined)?.status;
      const head = own.find(({ from, headers: answered }) => from === "dashboard" && answered !== undefined)?.headers ?? {};
      if (recorded !== undefined) expect({ code: result.status, message: result.message }).toEqual(recorded);
      expect(result.headers[":status"]).toBe(Number(head[":status"]));
    },
  );
});

test("a window update and a PING after every message, as agents send them, change nothing", async () => {
  await using server = await serve();
  const peer = await connectHttp2Peer(server.port);
  const head = {
    ":method": "POST",
    ":scheme": "http",
    ":path": "/proto.NezhaService/ReportSystemState",
    ":authority": "a",
    "content-type": "application/grpc",
  };
  peer.write(headersFrame(1, head));
  for (let index = 1; index <= 20; index += 1) {
    const before = peer.frames.filter((frame) => frame.type === "data").length;
    peer.write(dataFrame(1, Uint8Array.of(0, 0, 0, 0, 0)));
    await expect.poll(() => peer.frames.filter((frame) => frame.type === "data").length, { interval: 2 }).toBe(before + 1);
    peer.write(frameOf("window", 0, 0, Buffer.of(0, 0, 0, 7)), frameOf("ping", 0, 0, Buffer.alloc(8, index)));
    await peer.frame((frame) => frame.type === "ping" && frame.flags === 1 && frame.payload[0] === index);
  }
  peer.destroy();
});

function refuse(response: { statusCode: number; end(): void }): void {
  response.statusCode = 404;
  response.end();
}
