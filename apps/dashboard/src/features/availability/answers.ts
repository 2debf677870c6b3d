import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Database } from "#platform/database";
import { knownSpans, sharesOf, spansOf } from "./model.ts";
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
}

/** One server within a time. */
export interface ServerRecord extends Shares {
  readonly offline: readonly Span[];
  /** Oldest first; `day` is a number of days since 1970-01-01. */
  readonly byDay: readonly (Shares & { readonly day: number })[];
}

/** Servers read at once. */
const BATCH = 100;

/** Reads how much servers were there (tables `wf_presence` and `wf_runs`). */
export function createAvailabilityAnswers({ database, calendar, monitor }: AnswerDeps) {
  const knownIn = async ({ from }: Span): Promise<Span[]> => {
    const lasting = monitor.run();
    const runs: Run[] = (await presenceStore.runs(database.kysely, from)).filter(({ id }) => id !== lasting?.id);
    return knownSpans(lasting ? [...runs, lasting] : runs);
  };
  const daysOf = (online: readonly Span[], offline: readonly Span[], { from, to }: Span): ServerRecord["byDay"] => {
    const days: (Shares & { readonly day: number })[] = [];
    for (let day = calendar.dayOf(from), start = from; start < to; day++) {
      const end = Math.min(calendar.startOf(day + 1), to);
      days.push({ day, ...sharesOf(online, offline, { from: start, to: end }) });
      start = end;
    }
    return days;
  };
  return {
    /** When something was known at all: the dashboard ran, and not only just. Ascending. */
    known: knownIn,
    /** Of each server; all servers of a large fleet are read a few at a time. */
    async of(serverIds: readonly number[], from: number, to: number): Promise<Map<number, Shares>> {
      const whole = { from, to };
      const known = await knownIn(whole);
      const found = new Map<number, Shares>();
      for (let at = 0; at < serverIds.length; at += BATCH) {
        const some = serverIds.slice(at, at + BATCH);
        const turns = await presenceStore.since(database.kysely, some, from);
        for (const id of some) {
          const its: readonly Turn[] = turns.get(id) ?? [];
          found.set(id, sharesOf(spansOf(its, true, known, whole), spansOf(its, false, known, whole), whole));
        }
        await yieldToOthers();
      }
      return found;
    },
    async server(serverId: number, whole: Span): Promise<ServerRecord> {
      const known = await knownIn(whole);
      const turns = (await presenceStore.since(database.kysely, [serverId], whole.from)).get(serverId) ?? [];
      const online = spansOf(turns, true, known, whole);
      const offline = spansOf(turns, false, known, whole);
      return { ...sharesOf(online, offline, whole), offline, byDay: daysOf(online, offline, whole) };
    },
  };
}

export type AvailabilityAnswers = ReturnType<typeof createAvailabilityAnswers>;
