import { createPeerLog } from "./peer-log.ts";
import type { PeerLog } from "./peer-log.ts";
import { NOTHING_HELD } from "./model.ts";
import type { FeedMessage, Holding, ServerNews } from "./model.ts";

/** A replica that says nothing for so long is gone. */
export const SILENT_MS = 5_000;
/** So long a question for a snapshot may be open before it is asked again. */
const ASK_AGAIN_MS = 3_000;
/** Most other replicas. */
const MOST_PEERS = 64;

export interface Peer {
  readonly log: PeerLog;
  /** Monotonic milliseconds. */
  heardAt: number;
  askedAt: number | undefined;
}

export interface PeersDeps {
  readonly monotonic: () => number;
  /** What a replica told newly of a server, in the order of the feed. */
  readonly onNews: (replica: string, news: ServerNews, before: Holding) => void;
  /** A replica is not there any more; what it held is given for the last time. */
  readonly onGone: (replica: string, holdings: ReadonlyMap<number, Holding>) => void;
  /** Asks a replica for a snapshot. */
  readonly ask: (replica: string) => void;
}

/** The other replicas that are there, and what each has told. */
export function createPeers({ monotonic, onNews, onGone, ask }: PeersDeps) {
  const peers = new Map<string, Peer>();
  const askOf = (replica: string, peer: Peer): void => {
    if (peer.askedAt !== undefined && monotonic() - peer.askedAt < ASK_AGAIN_MS) return;
    peer.askedAt = monotonic();
    ask(replica);
  };
  const meet = (replica: string): Peer | undefined => {
    const known = peers.get(replica);
    if (known) known.heardAt = monotonic();
    if (known || peers.size >= MOST_PEERS) return known;
    const peer: Peer = { log: createPeerLog(), heardAt: monotonic(), askedAt: undefined };
    peers.set(replica, peer);
    return peer;
  };
  const part = (replica: string): void => {
    const peer = peers.get(replica);
    if (!peer) return;
    peers.delete(replica);
    onGone(replica, peer.log.holdings);
  };
  return {
    ids: (): string[] => [...peers.keys()],
    has: (replica: string): boolean => peers.has(replica),
    logs: (): Iterable<[string, Pick<Peer, "log">]> => peers,
    /** A message of the feed. */
    hear(replica: string, message: FeedMessage): void {
      const peer = meet(replica);
      if (!peer) return;
      const before = new Map(message.servers.map(({ id }) => [id, peer.log.holdings.get(id) ?? NOTHING_HELD]));
      const taking = peer.log.take(message);
      if (taking === "gap") askOf(replica, peer);
      if (taking === "taken") for (const news of message.servers) onNews(replica, news, before.get(news.id) ?? NOTHING_HELD);
    },
    /** Of a replica that was asked for it; one that has gone meanwhile does not come back by it. */
    hearSnapshot(replica: string, snapshot: FeedMessage): void {
      const peer = peers.get(replica);
      if (!peer) return;
      peer.heardAt = monotonic();
      peer.askedAt = undefined;
      const before = new Map(peer.log.holdings);
      for (const news of peer.log.takeSnapshot(snapshot)) onNews(replica, news, before.get(news.id) ?? NOTHING_HELD);
    },
    /** What a replica told could not be used: everything is to be told again, in a while. */
    doubt(replica: string): void {
      peers.get(replica)?.log.doubt();
    },
    part,
    /** Once in a while: parts from those that say nothing, and asks those again whose picture is not whole. */
    look(): void {
      for (const [replica, peer] of peers) {
        if (monotonic() - peer.heardAt > SILENT_MS) part(replica);
        else if (peer.log.needsSnapshot) askOf(replica, peer);
      }
    },
  };
}

export type Peers = ReturnType<typeof createPeers>;
