import type { ListenerCounters, ListenerLimits } from "./limits.ts";

/** A request whose body is still on its way. */
export interface ArrivingRequest {
  /** The body is complete, or nobody waits for it any more. */
  isOver(): boolean;
  /** Bytes that the connection has received. */
  received(): number;
  /** Answers 408 if that is still possible, and closes. */
  expire(): void;
  /** Called once when the request is over or expired. */
  settled(): void;
  /** Progress is enough (tunnelled requests, uploads); otherwise the whole request has to arrive in time. */
  readonly isPatient: boolean;
}

interface Entry {
  readonly request: ArrivingRequest;
  since: number;
  received: number;
}

/** Ends requests that take too long to arrive (spec 60 section 5). One entry for each open request with a body. */
export interface ArrivingRequests {
  add(request: ArrivingRequest, now: number): void;
  /** To be called about every half second; `now` is monotonic. */
  sweep(now: number): void;
}

export function createArrivingRequests(limits: ListenerLimits, counters: ListenerCounters): ArrivingRequests {
  const entries = new Set<Entry>();

  function settle(entry: Entry): void {
    entries.delete(entry);
    entry.request.settled();
  }

  function look(entry: Entry, now: number): void {
    const { request } = entry;
    if (request.isOver()) return settle(entry);
    const received = request.received();
    if (request.isPatient && received !== entry.received) {
      entry.received = received;
      entry.since = now;
    }
    if (now - entry.since < limits.requestMs) return undefined;
    counters.slowRequests += 1;
    request.expire();
    return settle(entry);
  }

  return {
    add: (request, now) => void entries.add({ request, since: now, received: request.received() }),
    sweep(now) {
      for (const entry of entries) look(entry, now);
    },
  };
}
