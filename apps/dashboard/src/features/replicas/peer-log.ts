import type { FeedMessage, Holding, ServerNews, StreamCounts } from "./model.ts";

/** What became of a message: it is in, it was in already, or one before it is missing (then it is not in). */
export type Taking = "taken" | "known" | "gap";

const NO_STREAMS: StreamCounts = { total: 0, users: new Map(), viewers: 0 };

/**
 * What one other replica has told, as of the newest message without a gap before it. A replica tells whole values, never differences, and
 * what it told first goes after what it told later only by a snapshot: so the same messages lead to the same picture in whichever order
 * they come, once a snapshot has filled the gaps.
 */
export interface PeerLog {
  /** Nothing can be taken before a snapshot. */
  readonly needsSnapshot: boolean;
  readonly streams: StreamCounts;
  readonly holdings: ReadonlyMap<number, Holding>;
  /** News are to be told on when they are taken. */
  take(message: FeedMessage): Taking;
  /** @returns what it says, with those that are not held any more */
  takeSnapshot(snapshot: FeedMessage): readonly ServerNews[];
  /** A snapshot is to be asked for again. */
  doubt(): void;
}

export function createPeerLog(): PeerLog {
  const holdings = new Map<number, Holding>();
  let streams = NO_STREAMS;
  let number: number | undefined;
  const hold = (news: ServerNews): void => {
    const { id, taskSession, isOnline, stateSession, isReporting } = news;
    holdings.set(id, { taskSession, isOnline, stateSession, isReporting });
  };
  return {
    holdings,
    get needsSnapshot() {
      return number === undefined;
    },
    get streams() {
      return streams;
    },
    take(message) {
      if (number === undefined) return "gap";
      if (message.number <= number) return "known";
      if (message.number > number + 1) {
        number = undefined;
        return "gap";
      }
      ({ number, streams } = message);
      message.servers.forEach(hold);
      return "taken";
    },
    takeSnapshot(snapshot) {
      // It was overtaken by what came after it.
      if (number !== undefined && snapshot.number < number) return [];
      const told = new Set(snapshot.servers.map(({ id }) => id));
      const ended: ServerNews[] = [];
      for (const [id, holding] of holdings) {
        if (told.has(id)) continue;
        ended.push({ id, ...holding, isOnline: false, isReporting: false });
        holdings.delete(id);
      }
      ({ number, streams } = snapshot);
      snapshot.servers.forEach(hold);
      return [...ended, ...snapshot.servers];
    },
    doubt() {
      number = undefined;
    },
  };
}
