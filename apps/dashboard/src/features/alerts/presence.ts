import type { Clock } from "@windfire/kit";
import type { LiveServer } from "#features/servers";
import { STANDS_MS, STEP_MS } from "./engine.ts";
import type { Verdict } from "./engine.ts";

/** A server that was loaded at the start has so long to make its first call before it counts as away. */
const GRACE_MS = 60_000;
/** Looks by the clock this far apart, milliseconds, count as one nominal step: a late timer makes no gap. */
const STEADY_MS = { least: 1_500, most: 4_500 };

/** A report of a server: when, by the clock that nobody sets, and which of all. */
export interface Report {
  readonly at: number;
  readonly seq: number;
}

/**
 * Who reported when, as rules of absence ask for it (spec 30 section 2.3). Times are whole milliseconds: with parts of them, sums of the
 * same numbers differ in the last digit, and a window that is just full counts as not full yet. Do not keep what is returned: the next
 * report writes into it.
 */
export interface Presence {
  reported(serverId: number): Report;
  lastOf(serverId: number): Report | undefined;
  /**
   * Whether a server is away; not known of one that had no time yet to come back after a start, nor while it may be that its reports were not
   * read: for `lateMs` the process did not look.
   */
  offline(server: LiveServer, now: number, lateMs: number): Verdict;
  /** How late a look by the clock is, milliseconds, when it is no timer's usual lateness; 0 otherwise. */
  lateAt(now: number): number;
  /** The time of a look by the clock, in even steps. */
  nominal(now: number): number;
  forget(ids: readonly number[]): void;
}

/** See {@link Presence}. */
export function createPresence(clock: Pick<Clock, "monotonic">): Presence {
  const monotonic = (): number => Math.floor(clock.monotonic());
  const startedAt = monotonic();
  const reports = new Map<number, { at: number; seq: number }>();
  let seq = 0;
  let tickedAt: number | undefined;
  let nominal = 0;
  return {
    reported(serverId) {
      const at = monotonic();
      const known = reports.get(serverId);
      if (known === undefined) {
        const report = { at, seq: ++seq };
        reports.set(serverId, report);
        return report;
      }
      known.at = at;
      known.seq = ++seq;
      return known;
    },
    lastOf: (serverId) => reports.get(serverId),
    offline(server, now, lateMs) {
      const last = reports.get(server.id)?.at;
      if (last !== undefined && server.lastActive !== 0 && now - last <= STANDS_MS + lateMs) return now - last <= STANDS_MS ? "P" : "U";
      return !server.hasCalled && now - startedAt < GRACE_MS ? "U" : "F";
    },
    lateAt(now) {
      const passed = now - (tickedAt ?? now);
      return passed > STEADY_MS.most ? passed - STEP_MS : 0;
    },
    nominal(at) {
      const now = Math.floor(at);
      const passed = now - (tickedAt ?? now);
      nominal = tickedAt === undefined ? now : nominal + (passed >= STEADY_MS.least && passed <= STEADY_MS.most ? STEP_MS : passed);
      tickedAt = now;
      return nominal;
    },
    forget(ids) {
      for (const id of ids) reports.delete(id);
    },
  };
}
