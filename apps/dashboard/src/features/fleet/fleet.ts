import { encodeReceipt, TASK } from "@windfire/protocol";
import type { TaskResult } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import type { StreamRegistry } from "#features/relay";
import type { LiveServer, ServerDirectory } from "#features/servers";
import { createAgents } from "./agents.ts";
import type { LocalAgents } from "./agents.ts";
import { createArrears } from "./arrears.ts";
import { createAuthenticator } from "./authentication.ts";
import type { AuthenticationDeps } from "./authentication.ts";
import { createCleaner } from "./clean.ts";
import type { AgentLimits } from "./clean.ts";
import type { AgentCalls } from "./grpc-service.ts";
import { createIoStreams } from "./io-streams.ts";
import { createLateStates, OLDEST_MS } from "./late-states.ts";
import type { LateStateDeps } from "./late-states.ts";
import { createPaces } from "./paces.ts";
import { createReports } from "./reports.ts";
import type { ReportDeps } from "./reports.ts";
import { createTaskReceiver } from "./results.ts";
import { createSendingAway } from "./sending-away.ts";
import type { SendingAway } from "./sending-away.ts";
import { createStateStreams } from "./state-stream.ts";
import { createTaskStreams } from "./task-streams.ts";
import type { OtherReplicas, StreamKind } from "./other-replicas.ts";
import type { ResultHandler } from "./task-streams.ts";

/** Agents up to 2.2 reconnect when no task came for 30 s (spec 20 section 4). */
const KEEP_ALIVE_MS = 20_000;

/** What the room needs of others. */
export interface FleetDeps {
  readonly clock: Clock;
  readonly servers: ServerDirectory;
  readonly limits: AgentLimits;
  readonly transfers: AuthenticationDeps["transfers"];
  readonly credentials: AuthenticationDeps["credentials"];
  readonly userOfSecret: AuthenticationDeps["userOfSecret"];
  readonly strike: AuthenticationDeps["strike"];
  readonly clearStrikes: AuthenticationDeps["clearStrikes"];
  readonly register: AuthenticationDeps["register"];
  readonly bootTime: ReportDeps["bootTime"];
  readonly bookTraffic: ReportDeps["bookTraffic"];
  readonly countryOf: ReportDeps["countryOf"];
  readonly onRestart: ReportDeps["onRestart"];
  readonly onAddress: ReportDeps["onAddress"];
  /** Where the relay streams of agents are joined to those of people. */
  readonly streams: StreamRegistry;
  readonly record: (serverId: number, at: number, values: Float64Array) => void;
  readonly recordLate: LateStateDeps["recordLate"];
  /** A state was accepted and is the server's now. */
  readonly onState: (server: LiveServer) => void;
  /** A task stream was opened; results of tasks that an earlier one carried do not come any more. */
  readonly onOnline: (serverId: number) => void;
  readonly onOffline: (serverId: number) => void;
  readonly onError: (error: unknown) => void;
  /** Left out where this dashboard is alone. */
  readonly others?: OtherReplicas;
}

/** All agents: their calls, their task streams, the relay streams to them. Knows no feature that gives them work. */
export interface Fleet extends AgentCalls {
  readonly counters: { readonly cleaned: number; readonly superseded: number };
  /** From when on states of a server may still come late, Unix milliseconds; now, where none are expected. */
  lateFrom(serverId: number): number;
  /** The agents whose connections end here. */
  readonly agents: LocalAgents;
  /** Takes the results of one task type; one taker for each type. */
  onResult(taskType: number, handler: ResultHandler): void;
  /** Ends all streams of these servers' agents, which may come back if they can sign in. */
  cut(serverIds: readonly number[]): void;
  /** Another replica has this stream of a server's agent now: the one here ends, and the server is not offline for it. */
  supersede(kind: StreamKind, serverId: number): void;
  /** A result that another replica took in, of a task that this one gave. */
  deliver(serverId: number, result: TaskResult): void;
  /** Asks the agents whose connections end here to come to another replica. */
  readonly sendingAway: SendingAway;
  start(): void;
  stop(): void;
}

export function createFleet(deps: FleetDeps): Fleet {
  const counters = { cleaned: 0, superseded: 0 };
  const cleaner = createCleaner(deps.limits, counters);
  const tasks = createTaskStreams();
  const handlers = new Map<number, ResultHandler>();
  const authenticate = createAuthenticator(deps);
  const now = (): number => deps.clock.now();
  const isKnown = (serverId: number): boolean => deps.servers.get(serverId) !== undefined;
  const monotonic = (): number => deps.clock.monotonic();
  const paces = createPaces(monotonic);
  const arrears = createArrears({ now, longestMs: OLDEST_MS, lastReport: (id) => deps.servers.get(id)?.lastReport ?? 0 });
  const reports = createReports({ ...deps, ...paces, cleaner, isKnown, monotonic });
  const onSuperseded = (): void => void (counters.superseded += 1);
  const receipt = encodeReceipt({ proced: true });
  const states = createStateStreams({ ...deps, now, monotonic, cleaner, isKnown, onSuperseded, receipt, arrears });
  const takeTasks = createTaskReceiver({ ...deps, streams: tasks, handlers, isKnown, monotonic, onSuperseded });
  const takeIo = createIoStreams({ registry: deps.streams, clock: deps.clock, others: deps.others, onError: deps.onError });
  const cut = (id: number): void => {
    deps.streams.closeWhere((stream) => stream.serverId === id, "revoked");
    states.drop(id);
    const wasOnline = tasks.isOnline(id);
    tasks.drop(id, 0);
    if (wasOnline) takeTasks.offline(id);
  };
  // A deleted server's agent is cut off.
  deps.servers.subscribe(({ id, after }) => {
    if (after) return;
    cut(id);
    paces.forget(id);
    arrears.forget(id);
  });
  let keepAlive: { cancel(): void } | undefined;
  return {
    counters,
    agents: createAgents({ tasks, streams: deps.streams }),
    sendingAway: createSendingAway({ clock: deps.clock, random: Math.random, tasks, states }),
    async authenticate(call) {
      const server = await authenticate(call, call.ip);
      server.noteCall();
      return server;
    },
    reportSystemInfo: reports.info,
    reportSystemInfo2: reports.info2,
    reportGeoIp: reports.geo,
    reportLateStates: createLateStates({ ...deps, now, cleaner, handOvers: paces.handOvers, arrears }),
    mayCall: paces.calls.take,
    lateFrom: arrears.from,
    reportSystemState: states.take,
    requestTask: takeTasks.take,
    ioStream: takeIo,
    onResult(taskType, handler) {
      if (handlers.has(taskType)) throw new Error(`results of task type ${taskType} have a taker already`);
      handlers.set(taskType, handler);
    },
    cut: (serverIds) => serverIds.forEach(cut),
    supersede(kind, serverId) {
      if (kind === "states") states.supersede(serverId);
      else takeTasks.supersede(serverId);
    },
    deliver: (serverId, result) => handlers.get(result.type)?.(serverId, result),
    start() {
      keepAlive ??= deps.clock.setInterval(() => tasks.broadcast({ id: 0, type: TASK.keepalive, data: "" }), KEEP_ALIVE_MS);
    },
    stop() {
      keepAlive?.cancel();
      keepAlive = undefined;
    },
  };
}
