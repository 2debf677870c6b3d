import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import type { FleetDeps } from "#features/fleet";
import { createFleetBench } from "#features/fleet/testing";
import type { FleetBench } from "#features/fleet/testing";
import type { StreamLimits } from "#features/relay";
import type { Server } from "#features/servers";
import { createMemoryNet } from "#platform/bus/testing";
import type { MemoryNet, MemoryWire } from "#platform/bus/testing";
import type { Bus } from "#platform/bus";
import { createReplicas, newStreamId, othersLater } from "../index.ts";
import type { Replicas } from "../index.ts";

/** One replica: a fleet, and how it sees the others. */
export interface TestReplica extends FleetBench {
  readonly bus: Bus;
  readonly wire: MemoryWire;
  readonly replicas: Replicas;
  /** Servers whose task streams elsewhere changed. */
  readonly connections: number[];
  /** Servers whose states came from elsewhere. */
  readonly heard: number[];
  /** What it has in common with the others. */
  readonly settings: Record<string, string>;
  /** Its wall clock is ahead of that of the others. */
  setClockAhead(ms: number): void;
  /** Lines of its log. */
  readonly lines: string[];
  /** It holds the lease of the judge, or not. */
  judge(isJudge: boolean): void;
}

export interface ReplicaSet {
  readonly clock: FakeClock;
  readonly net: MemoryNet;
  /** How many have a place on the database: those that were added. */
  readonly onDatabase: { count: number };
  /** One more, with servers of its own memory. */
  add(deps?: Partial<FleetDeps>): TestReplica;
  settled(): Promise<void>;
}

/** Replicas in one process, on a bus that a test can cut, hold and shuffle. */
export function createReplicaSet(rows: readonly Server[], limits: Partial<StreamLimits> = {}): ReplicaSet {
  const clock = createFakeClock();
  const net = createMemoryNet();
  const onDatabase = { count: 0 };
  return {
    clock,
    net,
    onDatabase,
    settled: () => clock.advanceAsync(0),
    add(deps = {}) {
      const { bus, wire } = net.bus(clock);
      const [connections, heard]: [number[], number[]] = [[], []];
      const settings: Record<string, string> = { site_name: "mark" };
      const lines: string[] = [];
      let [isJudge, ahead] = [false, 0];
      onDatabase.count++;
      const bench = createFleetBench(
        rows,
        {
          ...deps,
          others: othersLater(() => replicas.others),
        },
        limits,
        {
          clock,
          newId: () => newStreamId(bus.replica),
          elsewhere: {
            total: () => replicas.streamsElsewhere.total(),
            ofUser: (id) => replicas.streamsElsewhere.ofUser(id),
          },
        },
      );
      const replicas: Replicas = createReplicas({
        clock: { ...clock, now: () => clock.now() + ahead },
        bus,
        servers: bench.servers,
        streams: bench.streams,
        viewers: { count: 0, list: () => [] },
        limits: { pauseBytes: 1024 * 1024, backlogBytes: 4 * 1024 * 1024 },
        fleet: bench.fleet,
        onState: ({ id }) => heard.push(id),
        onConnection: (id) => connections.push(id),
        changes: { applied: 0, reach: () => Promise.resolve() },
        isJudge: () => isJudge,
        onDatabase: async () => onDatabase.count,
        settings: () => settings,
        place: `host-${bus.replica.slice(-1)}:8008`,
        log: { info: (text) => lines.push(text), warn: (text) => lines.push(text) },
      });
      bus.start();
      replicas.start();
      return {
        ...bench,
        bus,
        wire,
        replicas,
        connections,
        heard,
        settings,
        lines,
        judge: (judges) => void (isJudge = judges),
        setClockAhead: (ms) => void (ahead = ms),
      };
    },
  };
}
