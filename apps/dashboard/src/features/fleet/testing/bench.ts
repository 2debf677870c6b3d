import {
  decodeIOStreamData,
  decodeTask,
  encodeIOStreamData,
  encodeTaskResult,
  formatHandshake,
  parseStreamOrder,
  TASK,
} from "@windfire/protocol";
import type { Task, TaskResult } from "@windfire/protocol";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { createRelay } from "#features/relay";
import type { RelayRoomDeps, StreamLimits, StreamRegistry } from "#features/relay";
import { createServerDirectory } from "#features/servers";
import type { Server, WritableDirectory } from "#features/servers";
import { testSettings } from "#features/servers/testing";
import type { AgentStream } from "../call.ts";
import { createFleet } from "../index.ts";
import type { Fleet, FleetDeps } from "../index.ts";

/** Settings of a server for tests. */
export function testServer(partial: Partial<Server> & { readonly id: number }): Server {
  return {
    ...testSettings,
    uuid: `00000000-0000-4000-8000-${String(partial.id).padStart(12, "0")}`,
    name: `server ${partial.id}`,
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    ...partial,
  };
}

/** Items in the order they come, for whoever waits for them. */
function createQueue<T>() {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    put(item: T): void {
      const taker = waiting.shift();
      if (taker) taker(item);
      else items.push(item);
    },
    take(): Promise<T> {
      const item = items.shift();
      return item === undefined ? new Promise((resolve) => void waiting.push(resolve)) : Promise.resolve(item);
    },
    items,
  };
}

/** The agent's side of one stream, without a wire between. */
export interface TestCall {
  readonly stream: AgentStream;
  readonly received: ReturnType<typeof createQueue<Buffer>>;
  /** How the dashboard ended the stream. */
  readonly ended: Promise<{ readonly code: number; readonly text: string }>;
  readonly paused: () => boolean;
  say(message: Uint8Array): void;
  /** The agent has said all, or is gone. */
  leave(): void;
  /** What `send` answers from now on, and how much is unread. */
  behave(change: { outcome?: "sent" | "full" | "closed"; unread?: number }): void;
  drain(): void;
}

export function testCall(): TestCall {
  const received = createQueue<Buffer>();
  const { promise: ended, resolve } = Promise.withResolvers<{ code: number; text: string }>();
  const handlers: { message?: (message: Buffer) => void; drain?: () => void; end?: (how: "half-close" | "cancelled") => void } = {};
  let behaviour: { outcome: "sent" | "full" | "closed"; unread: number } = { outcome: "sent", unread: 0 };
  let paused = false;
  let over = false;
  return {
    received,
    ended,
    paused: () => paused,
    say: (message) => handlers.message?.(Buffer.from(message)),
    leave: () => handlers.end?.("half-close"),
    behave: (change) => void (behaviour = { ...behaviour, ...change }),
    drain: () => handlers.drain?.(),
    stream: {
      send(bytes) {
        if (over) return "closed";
        if (behaviour.outcome === "sent") received.put(Buffer.from(bytes));
        return behaviour.outcome;
      },
      unread: () => behaviour.unread,
      pause: () => void (paused = true),
      resume: () => void (paused = false),
      sendAway(text) {
        this.end(14, text);
      },
      onMessage: (handle) => void (handlers.message = handle),
      onDrain: (handle) => void (handlers.drain = handle),
      onEnd: (handle) => void (handlers.end = handle),
      end(code, text = "") {
        if (over) return;
        over = true;
        resolve({ code, text });
        handlers.end?.("cancelled");
      },
    },
  };
}

/** The agent's end of a relay stream. */
export interface TestIo {
  readonly call: TestCall;
  /** The next message that is no keep-alive. */
  next(): Promise<Buffer>;
  write(data: Uint8Array | string): void;
}

export interface TestAgent {
  readonly call: TestCall;
  /** The next task that is no keep-alive. */
  task(): Promise<Task>;
  answer(result: Partial<TaskResult>): void;
  /** Takes the next order to open a stream, and opens it. */
  attach(): Promise<TestIo>;
}

export interface FleetBench {
  readonly fleet: Fleet;
  readonly streams: StreamRegistry;
  readonly servers: WritableDirectory;
  readonly clock: FakeClock;
  /** Opens the task stream of a server's agent. */
  connect(serverId: number): TestAgent;
  /** Opens a relay stream as the agent of a server. */
  openIo(serverId: number, streamId: string): TestIo;
}

const NOBODYS_SECRETS: Pick<FleetDeps, "transfers" | "credentials"> = {
  transfers: { judge: () => ({ outcome: "unknown" }), pending: () => undefined, rolledBackFrom: () => undefined },
  credentials: { find: () => undefined, sharedAreOff: () => false },
};

/** What several fleets have in common, and how each names its streams. */
export interface BenchOptions extends Partial<Pick<RelayRoomDeps, "newId" | "elsewhere">> {
  readonly clock?: FakeClock;
}

/** A fleet without a wire: servers in memory, agents that do what the test says. */
export function createFleetBench(
  servers: readonly Server[],
  deps: Partial<FleetDeps> = {},
  limits: Partial<StreamLimits> = {},
  { clock = createFakeClock(), ...more }: BenchOptions = {},
): FleetBench {
  const directory = createServerDirectory(servers);
  let serial = 0;
  const relay = createRelay({
    clock,
    servers: directory,
    limits: {
      perUser: 20,
      perServer: 40,
      total: 100,
      unattachedMs: 30_000,
      attachMs: 10_000,
      pauseBytes: 1024 * 1024,
      backlogBytes: 4 * 1024 * 1024,
      ...limits,
    },
    newId: () => `stream-${++serial}`,
    ...more,
  });
  const fleet = createFleet({
    clock,
    servers: directory,
    recordLate: async () => 0,
    onState: () => undefined,
    limits: {
      textLength: 1024,
      gpus: 64,
      sensors: 256,
    },
    streams: relay.streams,
    ...NOBODYS_SECRETS,
    userOfSecret: () => undefined,
    strike: () => undefined,
    clearStrikes: () => undefined,
    register: () => Promise.reject(new Error("nobody registers here")),
    bootTime: 1_767_225_600,
    bookTraffic: () => Promise.resolve(),
    countryOf: () => Promise.resolve(""),
    onRestart: () => undefined,
    onAddress: () => undefined,
    record: () => undefined,
    onOnline: () => undefined,
    onOffline: () => undefined,
    onError: (error) => {
      throw error;
    },
    ...deps,
  });
  const serverOf = (id: number) => {
    const server = directory.get(id);
    if (!server) throw new Error(`there is no server ${id}`);
    return server;
  };
  const openIo = (serverId: number, streamId: string): TestIo => {
    const call = testCall();
    fleet.ioStream(serverOf(serverId), call.stream);
    call.say(encodeIOStreamData({ data: formatHandshake(streamId) }));
    return { call, next: () => nextData(call), write: (data) => call.say(encodeIOStreamData({ data: Buffer.from(data) })) };
  };
  const connect = (serverId: number): TestAgent => {
    const call = testCall();
    fleet.requestTask(serverOf(serverId), call.stream);
    const task = async (): Promise<Task> => {
      const next = decodeTask(await call.received.take());
      return next.type === TASK.keepalive ? task() : next;
    };
    return {
      call,
      task,
      answer: (result) => call.say(encodeTaskResult(result)),
      attach: async () => openIo(serverId, streamIdOf(await task())),
    };
  };
  return { fleet, streams: relay.streams, servers: directory, clock, connect, openIo };
}

/** The stream that an order names. */
export function streamIdOf(task: Task): string {
  const order = parseStreamOrder(task.data);
  if (!order) throw new Error(`task ${task.type} names no stream: ${task.data}`);
  return order.streamId;
}

async function nextData(call: TestCall): Promise<Buffer> {
  const { data } = decodeIOStreamData(await call.received.take());
  return data.length > 0 ? Buffer.from(data) : nextData(call);
}
