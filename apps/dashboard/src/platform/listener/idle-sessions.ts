import type { ListenerCounters, ListenerLimits } from "./limits.ts";

/** The part of an HTTP/2 connection that is looked at. */
export interface Session {
  /** GOAWAY, then the end as soon as no stream is open. */
  close(): void;
}

interface Entry {
  readonly session: Session;
  streams: number;
  idleSince: number;
}

/** Ends HTTP/2 connections that carry nothing. Agents always have a stream open, and whoever comes back opens another connection. */
export interface IdleSessions {
  /** `opened` is called for each stream and gives what to call at its end; `gone` when the connection is closed. */
  watch(session: Session, now: number): { opened(): (now: number) => void; gone(): void };
  /** To be called every second or so; `now` is monotonic. */
  sweep(now: number): void;
}

export function createIdleSessions(limits: ListenerLimits, counters: ListenerCounters): IdleSessions {
  const entries = new Set<Entry>();
  return {
    watch(session, now) {
      const entry: Entry = { session, streams: 0, idleSince: now };
      entries.add(entry);
      return {
        opened() {
          entry.streams += 1;
          return (ended) => {
            entry.streams -= 1;
            entry.idleSince = ended;
          };
        },
        gone: () => void entries.delete(entry),
      };
    },
    sweep(now) {
      for (const entry of entries) {
        if (entry.streams > 0 || now - entry.idleSince < limits.keepAliveMs) continue;
        entries.delete(entry);
        counters.idle += 1;
        entry.session.close();
      }
    },
  };
}
