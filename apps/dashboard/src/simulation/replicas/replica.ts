import { createLifecycle } from "@windfire/kit";
import type { Clock, Component } from "@windfire/kit";
import type { Task } from "@windfire/protocol";
import type { Fleet } from "#features/fleet";
import type { Replicas } from "#features/replicas";
import type { Server, WritableDirectory } from "#features/servers";
import type { DispatchOutcome } from "#kernel";
import type { SharedDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createSharedLease } from "#platform/leases";
import type { Lease } from "#platform/leases";
import type { OutboundAnswer, OutboundRequest } from "#platform/outbound";
import { hearResults, shareResults } from "../../compose/shared-results.ts";
import type { Engines } from "../engines.ts";
import { layGround, logOf } from "../ground.ts";
import type { Ground } from "../ground.ts";
import { openRooms } from "../rooms.ts";
import type { Rooms, RoomsDeps } from "../rooms.ts";
import type { Random } from "../random.ts";
import type { Break } from "./breaks.ts";
import type { Joined, LateNet } from "./late-net.ts";
import { Life } from "./life.ts";
import { createLine } from "./line.ts";
import type { Line } from "./line.ts";
import { observeLease } from "./observed-lease.ts";
import type { JudgedWrite } from "./observed-lease.ts";
import { createProcessClock } from "./process-clock.ts";
import type { ProcessClock } from "./process-clock.ts";
import { connectResults, openFleet } from "./replica-fleet.ts";
import { createWord } from "./word.ts";

/** As the program has it. */
const LOOK_EVERY_MS = 1_000;
const STOP_MS = 5_000;

/** One dashboard of several. */
export interface Replica extends Pick<Rooms, "alerts" | "cron" | "ddns" | "services"> {
  /** 12 hexadecimal digits, as on the bus. */
  readonly name: string;
  readonly life: Life;
  readonly line: Line;
  readonly joined: Joined;
  readonly lease: Lease;
  readonly fleet: Fleet;
  readonly replicas: Replicas;
  readonly servers: WritableDirectory;
  readonly call: RouteCaller;
  /** Nothing of it runs until `goOn`. */
  pause(): void;
  goOn(how: Parameters<ProcessClock["goOn"]>[0]): void;
  /** Resolves when it takes agents. */
  start(): Promise<void>;
  readonly isReady: boolean;
  /** In order, as after SIGTERM. */
  stop(): Promise<void>;
  kill(): void;
}

/** What is outside of the replicas of a run. */
export interface Around {
  readonly clock: Clock;
  readonly engines: Engines;
  readonly rows: readonly Server[];
  readonly shared: SharedDatabase;
  readonly net: LateNet;
  readonly random: Random;
  readonly troubles: string[];
  /** What is broken on purpose. */
  readonly broken: Break | undefined;
  send(request: OutboundRequest, by: string): Promise<OutboundAnswer>;
  wrote(write: JudgedWrite): void;
  /** A task is given by a replica. */
  dispatched(order: { readonly at: number; readonly serverId: number; readonly task: Task }, outcome: Promise<DispatchOutcome>): void;
}

/** Puts a replica of that name together. */
export async function openReplica(around: Around, name: string): Promise<Replica> {
  const { net, random, shared } = around;
  const life = new Life();
  const clock = createProcessClock(around.clock);
  const log = logOf(around.troubles);
  const onError = (error: unknown): void => log.warn("failed", { error });
  const word = createWord({ clock: around.clock, own: clock, life, random, isCut: () => line.isCut });
  const stored = shared.join({ clock, bring: word.bring, onError });
  const line = createLine({ database: stored, life, clock: around.clock });
  const { database } = line;
  const joined = net.join({ clock, replica: name, life, onError });
  const { bus } = joined;
  const own = createSharedLease({ name: "judge", holder: name, clock, database, log, onError });
  const watched = around.broken?.lease?.(own, database) ?? own;
  const lease = observeLease(watched, { by: name, now: around.clock.now, wrote: around.wrote, done: line.judged });
  const later = (): Rooms => rooms;
  const bench = openFleet(around.rows, { clock, bus, database, lease, log, later, facts: () => ground.facts, onError });
  const { fleet, replicas, servers } = bench;
  const ground: Ground = {
    ...layGround({ clock, log, database, stored, servers, judge: lease, lookEveryMs: LOOK_EVERY_MS }),
    isJudgedHere: around.broken?.isJudgedHere?.(replicas) ?? replicas.isJudgedHere,
    isJudgedElsewhere: replicas.isKeptElsewhere,
    isAskedHere: replicas.isAskedHere,
    share: shareResults(bus),
  };
  const rooms = await openRooms(portsOf(around, { name, life, clock, agents: replicas.agents }), ground);
  connectResults(fleet, rooms);
  hearResults(bus, (result) => rooms.services?.heard(result));
  const lifecycle = createLifecycle({ clock });
  let isReady = false;
  return {
    ...rooms,
    name,
    life,
    line,
    joined,
    lease,
    fleet,
    replicas,
    servers,
    call: createRouteCaller(rooms.routes),
    get isReady() {
      return isReady;
    },
    async start() {
      await lifecycle.start(componentsOf(ground, rooms, { ...bench, bus }));
      isReady = true;
    },
    pause() {
      life.stand();
      clock.pause();
      joined.pause();
    },
    goOn(how) {
      life.goOn();
      joined.goOn();
      word.goOn();
      clock.goOn(how);
    },
    async stop() {
      await lifecycle.stop(STOP_MS);
      life.end();
      clock.end();
    },
    kill() {
      life.end();
      clock.end();
      joined.set("lost");
      // What hangs ends with its connection.
      void ground.outbox.stop().catch(() => undefined);
      void stored.close();
    },
  };
}

/** What goes out of a process that stands still goes out later. */
function portsOf(
  { dispatched, engines, send }: Around,
  { agents, clock, life, name }: Pick<Replica, "name" | "life"> & Pick<Replicas, "agents"> & { readonly clock: Clock },
): RoomsDeps {
  return {
    engines,
    agents: {
      where: agents.where,
      async dispatch(serverId, task) {
        await life.running();
        const outcome = agents.dispatch(serverId, task);
        dispatched({ at: clock.now(), serverId, task }, outcome);
        return outcome;
      },
    },
    async send(request) {
      await life.running();
      request.signal?.throwIfAborted();
      const answer = send(request, name);
      await answer.catch(() => undefined).then(() => life.running());
      return answer;
    },
  };
}

/** In the order of the program. */
function componentsOf(
  { judge, outbox, scheduler, stored }: Ground,
  { alerts, cron, incidents, services }: Rooms,
  { bus, fleet, replicas }: { readonly bus: Joined["bus"]; readonly fleet: Fleet; readonly replicas: Replicas },
): readonly Component[] {
  const partOf = (name: string, part: { start(): Promise<void> | void; stop(): Promise<void> | void } | undefined): Component =>
    part ? { name, start: () => part.start(), stop: () => part.stop() } : { name };
  return [
    { name: "database", stop: () => stored.close() },
    partOf("judge", judge),
    judge.carry(partOf("outbox", outbox)),
    { name: "jobs", stop: () => scheduler.stop() },
    partOf("cron", cron),
    judge.carry(partOf("schedules of cron", cron?.judged)),
    judge.carry(partOf("states of services", services?.judged)),
    partOf("services", services),
    { name: "incidents", start: () => incidents.start() },
    partOf("alerts", alerts),
    partOf("fleet", fleet),
    partOf("bus", bus),
    partOf("replicas", replicas),
    { name: "leaving", stop: () => replicas.leave() },
  ];
}
