import { createSerialQueue } from "@windfire/kit";
import type { TrafficMeter } from "./meter.ts";
import type { TrafficStore } from "./store.ts";

/** Servers of one transaction: whole fleets are written every hour. */
const SERVERS_AT_ONCE = 100;

/** A server as far as its traffic goes. */
export interface Metered {
  readonly id: number;
  readonly traffic: TrafficMeter;
}

/** Writes servers' traffic, one after another, so that nothing is booked twice by two who come at once. */
export interface TrafficBook {
  /** Books what is not booked yet; `at` (Unix milliseconds) is the time it is booked on. What could not be written is booked the next time. */
  book(servers: Iterable<Metered>, at: number): Promise<void>;
  /** Keeps the counters of those that changed, so that little is lost when this process is killed and the host restarts meanwhile. */
  keep(servers: Iterable<Metered>): Promise<void>;
  /** Reads recorded and unbooked traffic together while nothing moves from one to the other. */
  undisturbed<T>(read: () => Promise<T>): Promise<T>;
}

export function createTrafficBook(store: TrafficStore): TrafficBook {
  const queue = createSerialQueue();
  const inSlices = async (servers: readonly Metered[], write: (slice: readonly Metered[]) => Promise<void>): Promise<void> => {
    for (let from = 0; from < servers.length; from += SERVERS_AT_ONCE) {
      const slice = servers.slice(from, from + SERVERS_AT_ONCE);
      await queue
        .run(() => write(slice))
        .catch((error: unknown) => {
          for (const server of slice) server.traffic.lost();
          throw error;
        });
    }
  };
  return {
    book: (servers, at) =>
      inSlices([...servers], async (slice) => {
        const entries = slice.filter(isOpen).map((server) => ({ server, serverId: server.id, record: server.traffic.keeping() }));
        if (entries.length === 0) return;
        await store.book(entries, at);
        for (const { server, record } of entries) server.traffic.booked(record.unbooked);
      }),
    keep: (servers) =>
      inSlices(
        [...servers].filter(({ traffic }) => !traffic.isKept),
        (slice) => store.keep(slice.map(({ id, traffic }) => ({ serverId: id, record: traffic.keeping() }))),
      ),
    undisturbed: (read) => queue.run(read),
  };
}

/** Something is not booked, or not kept. */
function isOpen({ traffic }: Metered): boolean {
  const { in: inbound, out: outbound } = traffic.unbooked;
  return inbound > 0 || outbound > 0 || !traffic.isKept;
}
