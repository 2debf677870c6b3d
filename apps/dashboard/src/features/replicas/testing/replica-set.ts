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
  /** It holds the lease of the judge, or not. */
  judge(isJudge: boolean): void;
}

export interface ReplicaSet {
  readonly clock: FakeClock;
  readonly net: MemoryNet;
  /** One more, with servers of its own memory. */
  add(deps?: Partial<FleetDeps>): TestReplica;
  settled(): Promise<void>;
}

/** Replicas in one process, on a bus that a test can cut, hold and shuffle. */
export function createReplicaSet(rows: readonly Server[], limits: Partial<StreamLimits> = {}): ReplicaSet {
  const clock = createFakeClock();
  const net = createMemoryNet();
  return {
    clock,
    net,
    settled: () => clock.advanceAsync(0),
    add(deps = {}) {
      const { bus, wire } = net.bus(clock);
      const [connections, heard]: [number[], number[]] = [[], []];
      let isJudge = false;
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
        clock,
        bus,
        servers: bench.servers,
        streams: bench.streams,
        limits: { pauseBytes: 1024 * 1024, backlogBytes: 4 * 1024 * 1024 },
        fleet: bench.fleet,
        onState: ({ id }) => heard.push(id),
        onConnection: (id) => connections.push(id),
        isJudge: () => isJudge,
      });
      bus.start();
      replicas.start();
      return { ...bench, bus, wire, replicas, connections, heard, judge: (judges) => void (isJudge = judges) };
    },
  };
}
