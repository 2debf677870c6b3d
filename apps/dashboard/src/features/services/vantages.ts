import type { ServiceQuorum } from "@windfire/api";
import { HEALTH } from "./engine.ts";
import type { Health } from "./engine.ts";

/** A server that answers about a service: when it did last, and how many of its last results in a row failed. */
export type StoredVantage = readonly [serverId: number, at: number, fails: number];

/** The servers that have answered about a service. */
export interface Vantages {
  /** Failures in a row of this server, this result included; 0 when it succeeded. */
  add(at: number, serverId: number, successful: boolean): number;
  /** How many have answered since, and how many of them have failed more often in a row than is let pass. */
  since(from: number, retries: number): { readonly answered: number; readonly down: number };
  /** When the first of them answered since the start, Unix milliseconds. */
  readonly begin: number;
  forget(serverId: number): void;
  /** What is to be kept over a restart. */
  snapshot(): StoredVantage[];
}

export function createVantages(stored: readonly StoredVantage[] = []): Vantages {
  const seen = new Map(stored.map(([serverId, at, fails]) => [serverId, { at, fails }]));
  let begin = Number.POSITIVE_INFINITY;
  return {
    add(at, serverId, successful) {
      begin = Math.min(begin, at);
      const fails = successful ? 0 : (seen.get(serverId)?.fails ?? 0) + 1;
      seen.set(serverId, { at, fails });
      return fails;
    },
    since(from, retries) {
      let answered = 0;
      let down = 0;
      for (const vantage of seen.values()) {
        if (vantage.at < from) continue;
        answered++;
        if (vantage.fails > retries) down++;
      }
      return { answered, down };
    },
    get begin() {
      return begin;
    },
    forget: (serverId) => void seen.delete(serverId),
    snapshot: () => Array.from(seen, ([serverId, { at, fails }]) => [serverId, at, fails] as const),
  };
}

/** What is known when a service is judged by how many agree. */
export interface Agreement {
  readonly answered: number;
  readonly down: number;
  /** Servers that probe it, also those that have not answered lately. */
  readonly expected: number;
  /** All of them have had the time to answer. */
  readonly isComplete: boolean;
  /** What it was judged to be before. */
  readonly before: Health;
}

/**
 * Down when so many agree of those that answered: when fewer answered than are asked for, all of them. Before all have had the time to
 * answer, as after a start, nothing is concluded from those that have not.
 */
export function judgeAgreement(quorum: ServiceQuorum, { answered, down, expected, isComplete, before }: Agreement): Health {
  const of = isComplete ? answered : Math.max(answered, expected);
  const needed =
    "count" in quorum ? (isComplete ? Math.min(quorum.count, answered) : quorum.count) : Math.ceil((of * quorum.percent) / 100);
  if (down > 0 && down >= needed) return HEALTH.down;
  if (isComplete) return answered === 0 ? HEALTH.noData : HEALTH.good;
  if (before !== HEALTH.unset && before !== HEALTH.noData) return before;
  return answered > down ? HEALTH.good : HEALTH.noData;
}
