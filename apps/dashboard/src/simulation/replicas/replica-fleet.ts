import type { Clock } from "@windfire/kit";
import { TASK } from "@windfire/protocol";
import type { Fleet } from "#features/fleet";
import { createFleetBench } from "#features/fleet/testing";
import { createReplicas, newStreamId, othersLater } from "#features/replicas";
import type { Server } from "#features/servers";
import type { Database } from "#platform/database";
import type { Lease } from "#platform/leases";
import type { Ground } from "../ground.ts";
import type { Rooms } from "../rooms.ts";
import type { Joined } from "./late-net.ts";

interface FleetGround {
  readonly clock: Clock;
  readonly bus: Joined["bus"];
  readonly database: Database;
  readonly lease: Lease;
  readonly log: Ground["log"];
  readonly later: () => Rooms;
  readonly facts: () => Ground["facts"];
  readonly onError: (error: unknown) => void;
}

/** The agents of a replica, and how it sees the others. */
export function openFleet(rows: readonly Server[], { clock, bus, database, lease, log, later, facts, onError }: FleetGround) {
  const onConnection = (serverId: number): void => later().cron?.onConnectionGone(serverId);
  const bench = createFleetBench(
    rows,
    {
      clock,
      others: othersLater(() => replicas.others),
      onState: (server) => later().alerts.onReport(server),
      onOnline: onConnection,
      onOffline: onConnection,
      onAddress: (serverId, previous, current) => facts().publish("server.address-changed", { serverId, previous, current }),
      onError,
    },
    {},
    { newId: () => newStreamId(bus.replica) },
  );
  const replicas = createReplicas({
    clock,
    bus,
    servers: bench.servers,
    streams: bench.streams,
    viewers: { count: 0, list: () => [] },
    limits: { pauseBytes: 2 ** 20, backlogBytes: 2 ** 22 },
    fleet: bench.fleet,
    onState: (server) => later().alerts.onReportElsewhere(server),
    onConnection,
    changes: {
      get applied() {
        return database.stats.changes.applied;
      },
      reach: database.reach,
    },
    isJudge: () => lease.held,
    onDatabase: () => Promise.resolve(1),
    settings: () => ({}),
    place: bus.replica,
    log,
  });
  return { ...bench, replicas };
}

/** What agents answer goes to who asked. */
export function connectResults(fleet: Fleet, { cron, services }: Rooms): void {
  fleet.onResult(TASK.command, (serverId, result) => void cron?.results.onResult(serverId, result).catch(() => undefined));
  for (const type of [TASK.httpGet, TASK.icmpPing, TASK.tcpPing])
    fleet.onResult(type, (serverId, result) => services?.onResult(serverId, result));
}
