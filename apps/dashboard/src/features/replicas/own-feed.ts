import type { GeoAddress, HostInfo, HostState, LiveServer, LoadStanding } from "#features/servers";
import type { Traffic, TrafficRecord } from "#features/traffic";
import { NOTHING_HELD } from "./model.ts";
import type { FeedMessage, Holding, LoadNews, ServerNews, StreamCounts } from "./model.ts";

/** Counters are told so often; whoever goes on from older ones counts the same, as long as nothing was booked in between. */
const COUNTERS_MS = 60_000;
/** Servers in one message, so that none is long. */
const SERVERS_AT_ONCE = 500;

/** What was told of a server last. */
interface Told {
  readonly revision: number;
  readonly host: HostInfo | undefined;
  readonly state: HostState | undefined;
  readonly load: readonly LoadStanding[];
  readonly address: GeoAddress;
  readonly unbooked: Traffic;
  /** When its counters were told, monotonic milliseconds. */
  readonly countersAt: number;
}

export interface OwnFeedDeps {
  readonly clock: { now(): number; monotonic(): number };
  readonly server: (id: number) => LiveServer | undefined;
  readonly streams: () => StreamCounts;
  /** Its agent has gone to another replica. */
  readonly isElsewhere: (id: number) => boolean;
}

/** What this replica tells the others of the servers that it holds or held. */
export function createOwnFeed({ clock, server, streams, isElsewhere }: OwnFeedDeps) {
  const holdings = new Map<number, Holding>();
  const told = new Map<number, Told>();
  /** Whose holding has changed since it was told. */
  const changed = new Set<number>();
  let number = 0;

  const forget = (id: number): void => {
    holdings.delete(id);
    told.delete(id);
  };
  const collect = (ids: Iterable<number>): ServerNews[] => {
    const news: ServerNews[] = [];
    for (const id of ids) {
      const [live, holding] = [server(id), holdings.get(id)];
      if (!live || !holding) {
        forget(id);
        continue;
      }
      const known = told.get(id);
      if (known?.revision === live.revision && !changed.has(id)) continue;
      const counters = countersOf(live.traffic.record(), known, clock.monotonic());
      news.push(newsOf(live, holding, { known, counters, now: clock.now() }));
      told.set(id, toldOf(live, counters, known, clock.monotonic()));
      if (!holding.isOnline && !holding.isReporting && isElsewhere(id)) forget(id);
    }
    changed.clear();
    return news;
  };
  const message = (servers: readonly ServerNews[]): FeedMessage => ({ number: ++number, streams: streams(), servers });

  return {
    holding: (id: number): Holding => holdings.get(id) ?? NOTHING_HELD,
    hold(id: number, change: Partial<Holding>): void {
      holdings.set(id, { ...(holdings.get(id) ?? NOTHING_HELD), ...change });
      changed.add(id);
    },
    /** Holdings that are new, for whoever cannot wait for a beat. */
    urgent: (): FeedMessage[] => (changed.size === 0 ? [] : [message(collect(changed))]),
    /** What is new, in messages of some hundred servers; one at least, which says that this replica is there. */
    next(): FeedMessage[] {
      const news = collect(holdings.keys());
      const messages = [message(news.slice(0, SERVERS_AT_ONCE))];
      for (let at = SERVERS_AT_ONCE; at < news.length; at += SERVERS_AT_ONCE) messages.push(message(news.slice(at, at + SERVERS_AT_ONCE)));
      return messages;
    },
    /** Everything, under the number of the newest message. What that did not tell yet is in it, and comes again. */
    snapshot(): FeedMessage {
      const servers = [...holdings].flatMap(([id, holding]) => {
        const live = server(id);
        return live ? [newsOf(live, holding, { known: undefined, counters: live.traffic.record(), now: clock.now() })] : [];
      });
      return { number, streams: streams(), servers };
    },
  };
}

export type OwnFeed = ReturnType<typeof createOwnFeed>;

/** The counters, where they are to be told. */
function countersOf(record: TrafficRecord, known: Told | undefined, now: number): TrafficRecord | undefined {
  if (known === undefined || now - known.countersAt >= COUNTERS_MS) return record;
  const wasBooked = record.unbooked.in < known.unbooked.in || record.unbooked.out < known.unbooked.out;
  return wasBooked ? record : undefined;
}

interface Look {
  readonly known: Told | undefined;
  readonly counters: TrafficRecord | undefined;
  readonly now: number;
}

function newsOf(live: LiveServer, holding: Holding, { known, counters, now }: Look): ServerNews {
  const { id, host, state, address, lastReport } = live;
  const { standings } = live.load;
  return {
    id,
    ...holding,
    ...(lastReport === 0 ? {} : { age: Math.max(0, now - lastReport) }),
    ...(host && host !== known?.host ? { host } : {}),
    ...(state && state !== known?.state ? { state } : {}),
    ...(standings === known?.load ? {} : { load: standings.map((each) => loadNewsOf(each, lastReport)) }),
    ...(address === known?.address ? {} : { address }),
    ...(counters === undefined ? {} : { traffic: counters }),
  };
}

function loadNewsOf({ since, ...standing }: LoadStanding, lastReport: number): LoadNews {
  return { ...standing, lasted: since === undefined ? undefined : Math.max(0, lastReport - since) };
}

function toldOf(live: LiveServer, counters: TrafficRecord | undefined, known: Told | undefined, now: number): Told {
  const { revision, host, state, load, address } = live;
  const unbooked = counters?.unbooked ?? known?.unbooked ?? live.traffic.unbooked;
  return { revision, host, state, load: load.standings, address, unbooked, countersAt: counters ? now : (known?.countersAt ?? now) };
}
