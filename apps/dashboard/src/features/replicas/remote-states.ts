import type { LiveServer } from "#features/servers";
import type { ServerNews } from "./model.ts";
import type { Places } from "./places.ts";

export interface RemoteStatesDeps {
  readonly clock: { now(): number; monotonic(): number };
  readonly server: (id: number) => LiveServer | undefined;
  readonly places: Pick<Places, "keeper" | "newest">;
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

const sinceOf = ({ lastReport }: LiveServer, lasted: number | undefined): number | undefined =>
  lasted === undefined ? undefined : lastReport - lasted;

/** Takes what other replicas tell into the servers in memory: whoever shows them sees them all alike. */
export function createRemoteStates({ clock, server, places, onState }: RemoteStatesDeps) {
  const streams = new Map<number, RemoteStream>();
  const streamOf = (live: LiveServer, replica: string, session: number): RemoteStream => {
    const known = streams.get(live.id);
    if (known?.replica === replica && known.session === session) return known;
    const stream = { replica, session, generation: live.openStream() };
    streams.set(live.id, stream);
    return stream;
  };
  const takeHost = (live: LiveServer, { host, address }: ServerNews): void => {
    live.noteCall();
    if (host) {
      // The other one has judged it.
      const report = live.judgeHost(host, clock.monotonic());
      live.applyHost(host, report === "stale" ? "updated" : report);
    }
    if (address) live.applyAddress(address);
  };
  const takeState = (live: LiveServer, replica: string, { stateSession, isReporting, state, age, load, traffic }: ServerNews): void => {
    const { generation } = streamOf(live, replica, stateSession);
    if (state && age !== undefined && live.applyState(generation, state, clock.now() - age)) onState(live);
    // It has seen the reports that were before this process was there.
    if (load) live.resumeLoad(load.map(({ lasted, ...standing }) => ({ ...standing, since: sinceOf(live, lasted) })));
    // Whoever has the agent counts; this one's own count of the state is not to stay.
    if (traffic) live.traffic.restore(traffic);
    if (isReporting) return;
    live.closeStream(generation);
    streams.delete(live.id);
  };
  return {
    /** `unknown server`: its row has not arrived here. */
    take(replica: string, news: ServerNews): "taken" | "unknown server" {
      const live = server(news.id);
      if (!live) return "unknown server";
      if (places.newest(news.id) === replica) takeHost(live, news);
      if (places.keeper(news.id) === replica) takeState(live, replica, news);
      return "taken";
    },
    forget: (serverId: number): void => void streams.delete(serverId),
  };
}
