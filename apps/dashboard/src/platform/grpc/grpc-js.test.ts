import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { decodeHost, decodeReceipt, decodeState, encodeHost, encodeReceipt, encodeState, methodPath, STATUS } from "@windfire/protocol";
import type { MethodName } from "@windfire/protocol";
import { expect, test } from "vitest";
import { serveCalls } from "./fixture.ts";
import type { Method, StreamCall } from "./call.ts";

/** The same client that our agent uses. */
function connectClient(port: number): Client & Disposable {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

const encode = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
const decode = (bytes: Buffer): Buffer => bytes;

const info: Method<string> = {
  kind: "unary",
  handle: (message) =>
    decodeHost(message).platform === "debian" ? encodeReceipt({ proced: true }) : { code: STATUS.unknown, message: "服务器 100%" },
};
const state: Method<string> = {
  kind: "stream",
  open(call) {
    call.onMessage((message) => void call.send(encodeReceipt({ proced: decodeState(message).cpu > 1 })));
    call.onEnd(() => call.end(STATUS.unknown, "EOF"));
  },
};

function report(client: Client, platform: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const deadline = { deadline: Date.now() + 10_000 };
    client.makeUnaryRequest(
      methodPath("ReportSystemInfo2"),
      encode,
      decode,
      encodeHost({ platform }),
      new Metadata(),
      deadline,
      (error, answer) => {
        if (error) reject(error);
        else resolve(answer ?? Buffer.alloc(0));
      },
    );
  });
}

test("unary calls", async () => {
  await using server = await serveCalls({ methods: { ReportSystemInfo2: info } });
  using client = connectClient(server.port);
  expect(decodeReceipt(await report(client, "debian"))).toEqual({ proced: true });
  await expect(report(client, "windows")).rejects.toMatchObject({ code: status.UNKNOWN, details: "服务器 100%" });
});

test("streams: one receipt for each state, a status after the half-close", async () => {
  await using server = await serveCalls({ methods: { ReportSystemState: state } });
  using client = connectClient(server.port);
  const call = client.makeBidiStreamRequest(methodPath("ReportSystemState"), encode, decode, new Metadata());
  const receipts: boolean[] = [];
  const ended = new Promise<ServiceError>((resolve) => void call.on("error", (error) => resolve(error as ServiceError)));
  call.on("data", (answer: Buffer) => {
    receipts.push(decodeReceipt(answer).proced);
    if (receipts.length === 2) call.end();
  });
  call.write(encodeState({ cpu: 50 }));
  call.write(encodeState({ cpu: 0.5 }));
  expect(await ended).toMatchObject({ code: status.UNKNOWN, details: "EOF" });
  expect(receipts).toEqual([true, false]);
});

test("a call that is sent away ends as one that can be made again, others of its connection go on, and the next takes another", async () => {
  const sessions = new Set<unknown>();
  const calls: StreamCall[] = [];
  const open: Method<string> = {
    kind: "stream",
    open(call) {
      calls.push(call);
      call.onMessage((message) => void call.send(message));
    },
  };
  await using server = await serveCalls({
    methods: { RequestTask: open, IOStream: open },
    beforeCall: ({ session }) => void sessions.add(session),
  });
  using client = connectClient(server.port);
  const start = (method: MethodName) => {
    const call = client.makeBidiStreamRequest(methodPath(method), encode, decode, new Metadata());
    const heard = (event: string): Promise<unknown> => new Promise((resolve) => void call.once(event, resolve));
    return { call, heard };
  };
  const [tasks, terminal] = [start("RequestTask"), start("IOStream")];
  tasks.call.write(encodeReceipt({ proced: true }));
  await tasks.heard("data");
  terminal.call.write(encodeReceipt({ proced: true }));
  await terminal.heard("data");
  calls[0]?.sendAway("stopping");
  expect(await tasks.heard("error")).toMatchObject({ code: status.UNAVAILABLE, details: "stopping" });
  terminal.call.write(encodeReceipt({ proced: true }));
  await terminal.heard("data");
  const again = start("RequestTask");
  again.call.write(encodeReceipt({ proced: true }));
  await again.heard("data");
  expect(sessions.size).toBe(2);
  for (const { call } of [terminal, again]) call.on("error", () => undefined).cancel();
});

test("a status on a stream that still talks reaches the client", async () => {
  const refuses: Method<string> = { kind: "stream", open: (call) => call.end(STATUS.unknown, "invalid stream id") };
  await using server = await serveCalls({ methods: { IOStream: refuses } });
  using client = connectClient(server.port);
  const call = client.makeBidiStreamRequest(methodPath("IOStream"), encode, decode, new Metadata());
  call.resume();
  const error = await new Promise((resolve) => void call.on("error", resolve));
  expect(error).toMatchObject({ code: status.UNKNOWN, details: "invalid stream id" });
});
