import type { LiveServer } from "#features/servers";
import type { ServerNews } from "./model.ts";

export interface RemoteStatesDeps {
  readonly clock: { now(): number; monotonic(): number };
  readonly server: (id: number) => LiveServer | undefined;
  /** The replica whose agent a server is. */
  readonly keeper: (serverId: number) => string | undefined;
  /** A state that another replica took in is the server's now. */
  readonly onState: (server: LiveServer) => void;
}

/** A stream of states that ends at another replica. */
interface RemoteStream {
  readonly replica: string;
  readonly session: number;
  /** What proves to the server that this stream still is the current one. */
  readonly generation: number;
}

/** Takes what other replicas tell into the servers in memory: whoever shows them sees them all alike. */
export function createRemoteStates({ clock, server, keeper, onState }: RemoteStatesDeps) {
  const streams = new Map<number, RemoteStream>();
  const streamOf = (live: LiveServer, replica: string, session: number): RemoteStream => {
    const known = streams.get(live.id);
    if (known?.replica === replica && known.session === session) return known;
    const stream = { replica, session, generation: live.openStream() };
    streams.set(live.id, stream);
    return stream;
  };
  return {
    /** `unknown server`: its row has not arrived here. */
    take(replica: string, news: ServerNews): "taken" | "unknown server" {
      const live = server(news.id);
      if (!live) return "unknown server";
      if (keeper(news.id) !== replica) return "taken";
      const { host, address, state, age, traffic } = news;
      const { generation } = streamOf(live, replica, news.stateSession);
      live.noteCall();
      if (host) {
        // The other one has judged it.
        const report = live.judgeHost(host, clock.monotonic());
        live.applyHost(host, report === "stale" ? "updated" : report);
      }
      if (address) live.applyAddress(address);
      if (state && age !== undefined && live.applyState(generation, state, clock.now() - age)) onState(live);
      if (traffic) live.traffic.restore(traffic);
      if (!news.isReporting) {
        live.closeStream(generation);
        streams.delete(news.id);
      }
      return "taken";
    },
    forget: (serverId: number): void => void streams.delete(serverId),
  };
}
