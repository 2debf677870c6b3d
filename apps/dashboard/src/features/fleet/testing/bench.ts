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
import { createFleet } from "../index.ts";
import type { Fleet, FleetDeps } from "../index.ts";
import { testCall } from "./test-call.ts";
import type { TestCall } from "./test-call.ts";

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
