import type { ListenerCounters, ListenerLimits } from "./limits.ts";

/** The part of a socket that is looked at. */
export interface WatchedSocket {
  readonly bytesRead: number;
  destroy(): void;
}

/** A connection that has not yet completed a request, an upgrade or an agent's sign-in. */
export interface UnknownConnection {
  /** It has. */
  known(): void;
  /** A request header is complete: the time limit of the request takes over; the connection still counts. */
  requesting(): void;
  /** Says how to close it when it is late; without a word unless told. */
  closeLateBy(close: () => void): void;
  /** It is closed. */
  gone(): void;
}

interface Entry {
  readonly socket: WatchedSocket;
  readonly peer: string;
  readonly since: number;
  isRequesting: boolean;
  closeLate: () => void;
  bytesRead: number;
  heardAt: number;
  /** Nothing came between two looks. After one alone it may be this program that was too busy to read. */
  wasSilent: boolean;
}

/** The connections nobody vouches for (spec 60 section 5). Keeps them few, short, and free of silent ones. */
export interface UnknownConnections {
  /** Undefined when no more are taken. */
  admit(socket: WatchedSocket, peer: string, now: number): UnknownConnection | undefined;
  /** Closes what is late or too much. To be called about every half second; `now` is monotonic. */
  sweep(now: number): void;
  readonly size: number;
}

export function createUnknownConnections(limits: ListenerLimits, counters: ListenerCounters): UnknownConnections {
  /** Oldest first. */
  const entries = new Set<Entry>();
  const perPeer = new Map<string, number>();

  function remove(entry: Entry): void {
    if (!entries.delete(entry)) return;
    const left = (perPeer.get(entry.peer) ?? 1) - 1;
    if (left === 0) perPeer.delete(entry.peer);
    else perPeer.set(entry.peer, left);
  }

  function close(entry: Entry, reason: "late" | "silent"): void {
    counters[reason] += 1;
    remove(entry);
    if (reason === "late") entry.closeLate();
    else entry.socket.destroy();
  }

  function look(entry: Entry, now: number): void {
    const { bytesRead } = entry.socket;
    if (bytesRead !== entry.bytesRead) {
      entry.bytesRead = bytesRead;
      entry.heardAt = now;
      entry.wasSilent = false;
    }
    const isCrowded = (perPeer.get(entry.peer) ?? 0) > limits.unknownPerPeer;
    if (!entry.isRequesting && now - entry.since >= limits.headerMs) close(entry, "late");
    else if (isCrowded && entry.wasSilent && now - entry.heardAt >= limits.silentMs) close(entry, "silent");
    else if (entry.heardAt !== now) entry.wasSilent = true;
  }

  return {
    admit(socket, peer, now) {
      if (entries.size >= limits.unknownTotal) return undefined;
      const closeLate = (): void => socket.destroy();
      const heard = { bytesRead: socket.bytesRead, heardAt: now, wasSilent: false };
      const entry: Entry = { socket, peer, since: now, isRequesting: false, closeLate, ...heard };
      entries.add(entry);
      perPeer.set(peer, (perPeer.get(peer) ?? 0) + 1);
      return {
        known: () => remove(entry),
        gone: () => remove(entry),
        requesting: () => void (entry.isRequesting = true),
        closeLateBy: (how) => void (entry.closeLate = how),
      };
    },
    sweep(now) {
      for (const entry of entries) look(entry, now);
    },
    get size() {
      return entries.size;
    },
  };
}
