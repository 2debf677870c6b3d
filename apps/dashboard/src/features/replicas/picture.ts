import type { Clock } from "@windfire/kit";
import type { Fleet, OtherReplicas } from "#features/fleet";
import type { StreamRegistry } from "#features/relay";
import type { LiveServer, ServerDirectory } from "#features/servers";
import type { OnlineUsers } from "#access/protection";
import type { Bus } from "#platform/bus";
import { decodeFeed, encodeFeed } from "./feed-message.ts";
import { SNAPSHOT_MS } from "./limits.ts";
import type { FeedMessage, Holding, ServerNews } from "./model.ts";
import { createOwnFeed } from "./own-feed.ts";
import { createPeers } from "./peers.ts";
import { createPlaces } from "./places.ts";
import { createRemoteStates } from "./remote-states.ts";
import { countStreams } from "./stream-counts.ts";

export interface PictureDeps {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly servers: Pick<ServerDirectory, "get">;
  readonly streams: StreamRegistry;
  readonly viewers: Pick<OnlineUsers, "count">;
  readonly fleet: Pick<Fleet, "supersede">;
  readonly onState: (server: LiveServer) => void;
  readonly onConnection: (serverId: number) => void;
  /** A replica is not there any more. */
  readonly onGone: (replica: string) => void;
}

/** Who has which agent, and how all servers are: what this replica tells, and what it hears of the others. */
export function createPicture({ clock, bus, servers, streams, viewers, fleet, onState, onConnection, onGone }: PictureDeps) {
  const server = (id: number): LiveServer | undefined => servers.get(id);
  const isElsewhere = (id: number): boolean => places.keeper(id) !== bus.replica;
  const own = createOwnFeed({ clock, server, streams: () => countStreams(streams, viewers.count), isElsewhere });
  const peers = createPeers({
    monotonic: () => clock.monotonic(),
    ask: (replica) => void askSnapshot(replica),
    onNews: (replica, news, before) => takeNews(replica, news, before),
    onGone(replica, holdings) {
      onGone(replica);
      for (const [id, { isOnline }] of holdings) if (isOnline) onConnection(id);
    },
  });
  const places = createPlaces(bus.replica, own, peers, () => clock.now());
  const states = createRemoteStates({ clock, server, places, onState });

  const askSnapshot = async (replica: string): Promise<void> => {
    const answer = await bus.request(replica, "snapshot", Buffer.alloc(0), SNAPSHOT_MS);
    const snapshot = answer === "no-answer" ? undefined : decodeFeed(answer);
    if (snapshot) peers.hearSnapshot(replica, snapshot);
  };
  const takeNews = (replica: string, news: ServerNews, before: Holding): void => {
    // Its row is on its way, or was deleted here.
    if (states.take(replica, news) === "unknown server") return peers.doubt(replica);
    const held = own.holding(news.id);
    if (held.isReporting && news.isReporting && news.stateSession > held.stateSession) supersede("states", news.id);
    if (held.isOnline && news.isOnline && news.taskSession > held.taskSession) supersede("tasks", news.id);
    if (news.isOnline !== before.isOnline || news.taskSession !== before.taskSession) onConnection(news.id);
    return undefined;
  };
  const supersede: Fleet["supersede"] = (kind, serverId) => {
    own.hold(serverId, kind === "tasks" ? { isOnline: false } : { isReporting: false });
    fleet.supersede(kind, serverId);
  };
  let hasLeft = false;
  const tell = (messages: readonly FeedMessage[]): void => {
    if (!hasLeft) for (const message of messages) bus.publish("feed", encodeFeed(message));
  };
  const leave = (): void => {
    hasLeft = true;
    bus.publish("leaving", Buffer.alloc(0));
  };
  const opened: OtherReplicas["opened"] = (kind, serverId) => {
    const session = places.nextSession(serverId);
    own.hold(serverId, kind === "tasks" ? { taskSession: session, isOnline: true } : { stateSession: session, isReporting: true });
    if (kind === "states") states.forget(serverId);
    tell(own.urgent());
  };
  const closed: OtherReplicas["closed"] = (kind, serverId) => {
    own.hold(serverId, kind === "tasks" ? { isOnline: false } : { isReporting: false });
    tell(own.urgent());
  };
  bus.answer("snapshot", () => encodeFeed(own.snapshot()));
  bus.take("feed", (from, body) => {
    const message = decodeFeed(body);
    if (message) peers.hear(from, message);
  });
  bus.take("leaving", (from) => peers.part(from));
  return { own, peers, places, tell, leave, opened, closed, forget: states.forget };
}

export type Picture = ReturnType<typeof createPicture>;
