import type { ListenerCounters, ListenerLimits } from "./limits.ts";

/** The part of an HTTP/2 connection that is looked at. */
export interface LivingConnection {
  /** Bytes received so far. */
  received(): number;
  /** Sends a PING; `answered` is called when its ACK came. */
  ping(answered: () => void): void;
  destroy(): void;
}

interface Entry {
  readonly connection: LivingConnection;
  received: number;
  heardAt: number;
  pingedAt: number | undefined;
}

/**
 * Finds half-open connections: one that sends nothing is pinged, and closed when no answer comes. Agents that report need no PING.
 */
export interface SignsOfLife {
  /** Returns what to call when the connection is closed. */
  watch(connection: LivingConnection, now: number): () => void;
  /** To be called every `lifeCheckMs`; `now` is monotonic. */
  sweep(now: number): void;
}

export function createSignsOfLife(limits: ListenerLimits, counters: ListenerCounters): SignsOfLife {
  const entries = new Set<Entry>();

  function look(entry: Entry, now: number): void {
    const received = entry.connection.received();
    if (received !== entry.received) {
      entry.received = received;
      entry.heardAt = now;
      entry.pingedAt = undefined;
    } else if (entry.pingedAt !== undefined && now - entry.pingedAt >= limits.pingMs) {
      counters.halfOpen += 1;
      entries.delete(entry);
      entry.connection.destroy();
    } else if (entry.pingedAt === undefined && now - entry.heardAt >= limits.quietMs) {
      entry.pingedAt = now;
      entry.connection.ping(() => {
        entry.pingedAt = undefined;
        entry.heardAt = now;
      });
    }
  }

  return {
    watch(connection, now) {
      const entry: Entry = { connection, received: connection.received(), heardAt: now, pingedAt: undefined };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    sweep(now) {
      for (const entry of entries) look(entry, now);
    },
  };
}
