import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Database } from "#platform/database";
import type { Seat } from "#platform/leases";
import { knownSpans, lastingUntil, sharesOf, spansOf } from "./model.ts";
import type { Run, Shares, Span, Turn } from "./model.ts";
import type { Monitor } from "./monitor.ts";
import { presenceStore } from "./store.ts";

/** Days of a time zone, numbered from 1970-01-01. */
export interface Calendar {
  dayOf(instant: number): number;
  /** First instant of a day, Unix milliseconds. */
  startOf(day: number): number;
}

export interface AnswerDeps {
  readonly database: Pick<Database, "kysely">;
  readonly calendar: Calendar;
  readonly monitor: Pick<Monitor, "run">;
  readonly now: () => number;
  readonly judge: Pick<Seat, "isShared">;
  /** When servers were worked on as planned; ascending, without overlaps. Those that were not are left out. */
  readonly planned: (serverIds: readonly number[], span: Span) => Promise<ReadonlyMap<number, readonly Span[]>>;
}

/** One server within a time. */
export interface ServerRecord extends Shares {
  readonly offline: readonly Span[];
  /** When it was worked on as planned. */
  readonly work: readonly Span[];
  /** Oldest first; `day` is a number of days since 1970-01-01. */
  readonly byDay: readonly (Shares & { readonly day: number })[];
}

interface Times {
  readonly online: readonly Span[];
  readonly offline: readonly Span[];
  /** Planned. */
  readonly work: readonly Span[];
}

/** Servers read at once. */
const BATCH = 100;

/** Reads how much servers were there (tables `wf_presence` and `wf_runs`). */
export function createAvailabilityAnswers({ database, calendar, monitor, now, judge, planned }: AnswerDeps) {
  const knownIn = async ({ from }: Span): Promise<Span[]> => {
    const lasting = monitor.run();
    const runs: Run[] = (await presenceStore.runs(database.kysely, from)).filter(({ id }) => id !== lasting?.id);
    if (lasting) return knownSpans([...runs, lasting]);
    return knownSpans(judge.isShared ? lastingUntil(runs, now()) : runs);
  };
  const daysOf = ({ online, offline, work }: Times, { from, to }: Span, zone: Calendar): ServerRecord["byDay"] => {
    const days: (Shares & { readonly day: number })[] = [];
    for (let day = zone.dayOf(from), start = from; start < to; day++) {
      const end = Math.min(zone.startOf(day + 1), to);
      days.push({ day, ...sharesOf(online, offline, { from: start, to: end }, work) });
      start = end;
    }
    return days;
  };
  /** When servers were there and away, and when they were worked on; a few at a time. */
  async function* read(serverIds: readonly number[], whole: Span) {
    const known = await knownIn(whole);
    for (let at = 0; at < serverIds.length; at += BATCH) {
      const some = serverIds.slice(at, at + BATCH);
      const [turns, works] = [await presenceStore.since(database.kysely, some, whole.from), await planned(some, whole)];
      for (const id of some) {
        const its: readonly Turn[] = turns.get(id) ?? [];
        const times = { online: spansOf(its, true, known, whole), offline: spansOf(its, false, known, whole), work: works.get(id) ?? [] };
        yield [id, times] as const;
      }
      await yieldToOthers();
    }
  }
  return {
    /** When something was known at all: the dashboard ran, and not only just. Ascending. */
    known: knownIn,
    /** Of each server; all servers of a large fleet are read a few at a time. */
    async of(serverIds: readonly number[], from: number, to: number): Promise<Map<number, Shares>> {
      const found = new Map<number, Shares>();
      for await (const [id, { online, offline, work }] of read(serverIds, { from, to }))
        found.set(id, sharesOf(online, offline, { from, to }, work));
      return found;
    },
    /** Of each server, by the days of a zone. */
    async byDay(serverIds: readonly number[], whole: Span, zone: Calendar): Promise<Map<number, ServerRecord["byDay"]>> {
      const found = new Map<number, ServerRecord["byDay"]>();
      for await (const [id, times] of read(serverIds, whole)) found.set(id, daysOf(times, whole, zone));
      return found;
    },
    async server(serverId: number, whole: Span): Promise<ServerRecord> {
      for await (const [, times] of read([serverId], whole)) {
        const { online, offline, work } = times;
        return { ...sharesOf(online, offline, whole, work), offline, work, byDay: daysOf(times, whole, calendar) };
      }
      throw new Error("a server was asked for and not read");
    },
  };
}

export type AvailabilityAnswers = ReturnType<typeof createAvailabilityAnswers>;
