import type { Clock, Timer } from "@windfire/kit";
import type { OnlineList, OnlineUsers } from "#access/protection";
import type { Fleet, OtherReplicas } from "#features/fleet";
import type { StreamLimits, StreamRegistry } from "#features/relay";
import type { LiveServer, ServerDirectory } from "#features/servers";
import type { Agents } from "#kernel";
import type { Bus } from "#platform/bus";
import { createHomeEnds } from "./home-ends.ts";
import { cutMessage } from "./messages.ts";
import { createNeighbours, LOOK_MS } from "./neighbours.ts";
import type { Neighbours, NeighboursDeps } from "./neighbours.ts";
import { createNearEnds } from "./near-ends.ts";
import { takeOrders } from "./orders.ts";
import { createOthers } from "./others.ts";
import { createPicture } from "./picture.ts";
import { createResultRoutes } from "./result-routes.ts";
import { createSharedAgents } from "./shared-agents.ts";
import { createSpread } from "./spread.ts";
import type { Applied } from "./spread.ts";
import { createStanding } from "./standing.ts";
import { streamsElsewhere } from "./stream-counts.ts";
import { viewersElsewhere } from "./viewers.ts";

/** What changed is told so often. */
const BEAT_MS = 1_000;

/** What the room needs of others. */
export interface ReplicasDeps extends Pick<NeighboursDeps, "log" | "onDatabase" | "place" | "settings"> {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly servers: Pick<ServerDirectory, "get" | "subscribe">;
  readonly streams: StreamRegistry;
  /** Who looks at all servers here. */
  readonly viewers: Pick<OnlineUsers, "count" | "list">;
  readonly limits: Pick<StreamLimits, "pauseBytes" | "backlogBytes">;
  readonly fleet: Pick<Fleet, "agents" | "cut" | "deliver" | "supersede">;
  /** A state that another replica took in is the server's now. */
  readonly onState: (server: LiveServer) => void;
  /** A server's task stream at another replica began or ended: what was asked over an earlier one is not answered any more. */
  readonly onConnection: (serverId: number) => void;
  readonly changes: Applied;
  /** This replica judges what no other has; one at most at a time. */
  readonly isJudge: () => boolean;
}

/** The dashboards of one installation, as one of them sees them. */
export interface Replicas {
  /** All agents, wherever their connections end. */
  readonly agents: Agents;
  /** What the fleet tells of its own agents; nothing where this dashboard is alone. */
  readonly others: OtherReplicas | undefined;
  /** Ends all streams of these servers' agents, wherever they are. */
  cut(serverIds: readonly number[]): void;
  /** Streams of people that other replicas keep. */
  readonly streamsElsewhere: { total(): number; ofUser(userId: number): number };
  /** Who looks at all servers through other replicas: how many, as of a second ago, and of each the `most` who came first. */
  readonly viewersElsewhere: { count(): number; list(most: number): Promise<readonly OnlineList[]> };
  /** The other replicas that are there. */
  peers(): string[];
  /** Resolves when what is in memory here is so at the others that are there, as far as they say so in a second. */
  spread(): Promise<void>;
  /**
   * This replica judges the server: its agent is here; or it was here last, or at none that is there and this one stands in for those, and all
   * that are there have been heard: before, it may be at one of them.
   */
  isJudgedHere(serverId: number): boolean;
  /** The server's agent is or was here last, of all replicas that are there: it counts its traffic. */
  isKeptHere(serverId: number): boolean;
  /** The server's agent takes its tasks here, of all replicas that are there. */
  isAskedHere(serverId: number): boolean;
  /** The server's agent is or was last at another replica that is there: that one judges it. */
  isKeptElsewhere(serverId: number): boolean;
  /** The server's agent is at another replica that cannot be heard: nobody knows how it is. */
  isUnheard(serverId: number): boolean;
  readonly neighbours: Neighbours;
  /** All dashboards that are there have been heard: an agent that is at none of them is away. */
  hearsAll(): boolean;
  start(): void;
  /**
   * Says that this replica goes, before its agents lose their connections: the others keep what they know of these servers until the agents are
   * at one of them, and no server looks offline in between. Nothing is told from here on.
   */
  leave(): void;
  stop(): void;
}

/** Puts the room together; nothing is told before `start`. */
export function createReplicas(deps: ReplicasDeps): Replicas {
  const { bus, clock, servers, streams, fleet } = deps;
  const near = createNearEnds({ bus, ...deps.limits });
  const home = createHomeEnds({ bus, streams, ...deps.limits });
  const picture = createPicture({
    ...deps,
    onGone: (replica) => {
      near.endOf(replica);
      home.endOf(replica);
    },
  });
  const { own, peers, places } = picture;
  const routes = createResultRoutes();
  const local = fleet.agents;
  takeOrders({ bus, local, streams, routes, home, near, deliver: fleet.deliver, cut: fleet.cut });
  const standing = createStanding({ bus, clock });
  bus.onState((state) => {
    if (state === "connected") return picture.tell(own.next());
    near.endOf();
    return home.endOf();
  });
  // What its agent was asked is not told to anybody any more.
  servers.subscribe(({ id, after }) => (after ? undefined : picture.forget(id)));
  const neighbours = createNeighbours({ ...deps, peers: peers.ids, isSettled: standing.isSettled });
  let beat: Timer | undefined;
  let look: Timer | undefined;

  return {
    agents: createSharedAgents({ bus, places, peers, local, near, routes }),
    others: createOthers({ bus, picture, routes, near }),
    streamsElsewhere: streamsElsewhere(peers),
    viewersElsewhere: viewersElsewhere({ bus, peers, viewers: deps.viewers }),
    peers: peers.ids,
    spread: createSpread({ bus, clock, peers, changes: deps.changes }),
    cut(serverIds) {
      fleet.cut(serverIds);
      bus.publish("cut", cutMessage.encode({ serverIds: [...serverIds] }));
    },
    isJudgedHere(serverId) {
      const keeper = places.keeper(serverId);
      if (keeper === bus.replica && own.holding(serverId).isReporting) return true;
      return standing.isSettled() && (keeper === undefined ? deps.isJudge() : keeper === bus.replica);
    },
    isAskedHere: (serverId) => places.holder(serverId) === bus.replica,
    isKeptHere: (serverId) => places.keeper(serverId) === bus.replica,
    isKeptElsewhere: (serverId) => ![undefined, bus.replica].includes(places.keeper(serverId)),
    isUnheard(serverId) {
      const { isOnline, isReporting } = own.holding(serverId);
      return bus.state === "lost" && !isOnline && !isReporting;
    },
    hearsAll: standing.isSettled,
    neighbours,
    start() {
      // A database that is away says so elsewhere.
      look ??= clock.setInterval(() => void neighbours.look().catch(() => undefined), LOOK_MS).unref();
      beat ??= clock.setInterval(() => {
        picture.tell(own.next());
        peers.look();
      }, BEAT_MS);
    },
    leave() {
      beat?.cancel();
      beat = undefined;
      look?.cancel();
      look = undefined;
      picture.leave();
    },
    stop() {
      near.endOf();
      home.endOf();
    },
  };
}
