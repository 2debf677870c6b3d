import { Buffer } from "node:buffer";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import type { ClientDuplexStream } from "@grpc/grpc-js";
import {
  decodeGeoIP,
  decodeIOStreamData,
  decodeReceipt,
  decodeTask,
  decodeUint64Receipt,
  encodeGeoIP,
  encodeHost,
  encodeIOStreamData,
  encodeState,
  encodeTaskResult,
  formatHandshake,
  methodPath,
  TASK,
} from "@windfire/protocol";
import type { GeoIP, Host, IOStreamData, MethodName, Receipt, State, Task, TaskResult } from "@windfire/protocol";
import { sampleHost, sampleState } from "./agent-samples.ts";

/** Who the agent is and where its dashboard is. */
export interface FakeAgentOptions {
  /** `host:port`, cleartext. */
  readonly target: string;
  /** Name it calls the dashboard by; the target unless given. */
  readonly authority?: string;
  readonly secret: string;
  readonly uuid: string;
  readonly host?: Partial<Host>;
  /** Public address it reports; 203.0.113.10 unless told. */
  readonly ipv4?: string;
  /** The sample with this number, counted from 0. */
  readonly sample?: (number: number) => Partial<State>;
}

/** The agent's end of a terminal, file manager or tunnel. */
export interface FakeIoStream {
  write(data: Uint8Array | string): void;
  /** The next message that is no keepalive. Rejects when the stream ends before. */
  next(): Promise<Uint8Array>;
  end(): void;
}

/** A scripted agent on the reference's own gRPC client: it does what a test tells it to, and nothing on a clock of its own. */
export interface FakeAgent {
  readonly uuid: string;
  /** Reports host and address and opens both streams. Rejects when the dashboard refuses. Resolves with the dashboard's boot time. */
  connect(): Promise<number>;
  /** Sends one sample and waits for its receipt. */
  report(state?: Partial<State>): Promise<void>;
  /** The next task that is not yet taken; those of other types wait. Keepalives are answered by themselves. */
  nextTask(type?: number): Promise<Task>;
  answer(result: Partial<TaskResult>): void;
  openIoStream(streamId: string): FakeIoStream;
  /** Cuts the connection. */
  close(): void;
}

const DEADLINE_MS = 10_000;

type Decode<T> = (bytes: Uint8Array) => T;
type Encode<T> = (message: Partial<T>) => Uint8Array;
const bufferOf =
  <T>(encode: Encode<T>) =>
  (message: Partial<T>): Buffer =>
    Buffer.from(encode(message));

export function createFakeAgent(options: FakeAgentOptions): FakeAgent {
  // A connection of its own, as every agent has: the library would let all of a process share one.
  const client = new Client(options.target, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
    ...(options.authority === undefined ? {} : { "grpc.default_authority": options.authority }),
  });
  const tasks = createInbox<Task>();
  let state: ClientDuplexStream<Partial<State>, Receipt> | undefined;
  let results: ClientDuplexStream<Partial<TaskResult>, Task> | undefined;
  let receipts = createInbox<Receipt>();
  let samples = 0;

  const call = <Q, A>(method: MethodName, message: Partial<Q>, encode: Encode<Q>, decode: Decode<A>): Promise<A> =>
    new Promise((resolve, reject) => {
      const deadline = Date.now() + DEADLINE_MS;
      client.makeUnaryRequest(methodPath(method), bufferOf(encode), decode, message, metadataOf(options), { deadline }, (error, answer) => {
        if (error) reject(error);
        else if (answer === undefined) reject(new Error(`${method} was answered without a message`));
        else resolve(answer);
      });
    });
  const open = <Q, A>(
    method: MethodName,
    encode: Encode<Q>,
    decode: Decode<A>,
    inbox: Inbox<A>,
    onMessage = inbox.put,
  ): ClientDuplexStream<Partial<Q>, A> => {
    const stream = client.makeBidiStreamRequest(methodPath(method), bufferOf(encode), decode, metadataOf(options));
    stream.on("data", onMessage);
    stream.on("error", inbox.fail);
    stream.on("end", () => inbox.fail(new Error(`${method} ended`)));
    return stream;
  };
  const answer = (result: Partial<TaskResult>): void => void results?.write(result);

  return {
    uuid: options.uuid,
    connect: async () => {
      const { data } = await call("ReportSystemInfo2", { ...sampleHost(), ...options.host }, encodeHost, decodeUint64Receipt);
      receipts = createInbox();
      state = open("ReportSystemState", encodeState, decodeReceipt, receipts);
      results = open("RequestTask", encodeTaskResult, decodeTask, tasks, (task) => {
        if (task.type === TASK.keepalive) answer({ type: TASK.keepalive, successful: true });
        else tasks.put(task);
      });
      await call<GeoIP, GeoIP>("ReportGeoIP", { ip: { ipv4: options.ipv4 ?? "203.0.113.10", ipv6: "" } }, encodeGeoIP, decodeGeoIP);
      return data;
    },
    report: async (sample) => {
      if (state === undefined) throw new Error("the agent is not connected");
      state.write(sample ?? (options.sample ?? sampleState)(samples++));
      await receipts.take(() => true);
    },
    nextTask: (type) => tasks.take((task) => type === undefined || task.type === type),
    answer,
    openIoStream: (streamId) => {
      const inbox = createInbox<IOStreamData>();
      const stream = open("IOStream", encodeIOStreamData, decodeIOStreamData, inbox);
      stream.write({ data: formatHandshake(streamId) });
      return {
        write: (data) => void stream.write({ data: Buffer.from(data) }),
        next: async () => (await inbox.take(({ data }) => data.length > 0)).data,
        end: () => void stream.end(),
      };
    },
    close: () => {
      state?.cancel();
      results?.cancel();
      client.close();
    },
  };
}

/** Both spellings, like agents of today. */
function metadataOf({ secret, uuid }: FakeAgentOptions): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries({ "client-secret": secret, client_secret: secret, "client-uuid": uuid, client_uuid: uuid })) {
    metadata.set(name, value);
  }
  return metadata;
}

interface Inbox<T> {
  readonly put: (item: T) => void;
  readonly fail: (error: Error) => void;
  readonly take: (wanted: (item: T) => boolean) => Promise<T>;
}

/** Items in the order they came, for whoever asks for them, before or after. */
function createInbox<T>(): Inbox<T> {
  const items: T[] = [];
  const waiting = new Set<{ wanted: (item: T) => boolean; resolve: (item: T) => void; reject: (error: Error) => void }>();
  let failure: Error | undefined;
  return {
    put: (item) => {
      for (const waiter of waiting) {
        if (!waiter.wanted(item)) continue;
        waiting.delete(waiter);
        waiter.resolve(item);
        return;
      }
      items.push(item);
    },
    fail: (error) => {
      failure ??= error;
      for (const { reject } of waiting) reject(failure);
      waiting.clear();
    },
    take: (wanted) => {
      const at = items.findIndex(wanted);
      const [item] = at === -1 ? [] : items.splice(at, 1);
      if (item !== undefined) return Promise.resolve(item);
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => void waiting.add({ wanted, resolve, reject }));
    },
  };
}
