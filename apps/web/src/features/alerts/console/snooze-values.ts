import type { Snooze } from "@windfire/api";
import type { WallClock } from "#lib/wall-clock.ts";

/** The search parameter that keeps the form open: `new`, `all`, or `<scope>:<id>`. */
export const SNOOZE = "snooze";

export type SnoozeScope = Snooze["scope"];
export const SCOPES: readonly SnoozeScope[] = ["rule", "service", "server", "group", "all"];

export interface Subject {
  readonly scope: SnoozeScope;
  /** 0: none is chosen yet, or all. */
  readonly id: number;
}

/** What an address says is to be snoozed. */
export function readSubject(text: string): Subject {
  const [word = "", id = "0"] = text.split(":");
  const scope = SCOPES.find((known) => known === word);
  return scope === undefined ? { scope: "rule", id: 0 } : { scope, id: scope === "all" ? 0 : Number(id) || 0 };
}

const HOUR = 3_600_000;
/** Usual lengths; `morning` is the next one, `custom` a time that is written. */
export const LENGTHS = ["1h", "4h", "morning", "week", "custom"] as const;
export type Length = (typeof LENGTHS)[number];
const MORNING = "T08:00";

/** Until when, in Unix milliseconds; `undefined` while the written time is none or is past. */
export function untilOf(
  length: Length,
  written: string,
  { now, wall }: { readonly now: number; readonly wall: WallClock },
): number | undefined {
  switch (length) {
    case "1h":
      return now + HOUR;
    case "4h":
      return now + 4 * HOUR;
    case "week":
      return now + 7 * 24 * HOUR;
    case "morning": {
      const today = wall.write(now).slice(0, DATE_LENGTH);
      const at = wall.read(today + MORNING);
      return at > now ? at : wall.read(dayAfter(today) + MORNING);
    }
    case "custom": {
      const at = Date.parse(written);
      return at > now ? at : undefined;
    }
  }
}

const DATE_LENGTH = "2026-06-15".length;
const dayAfter = (date: string) => new Date(Date.parse(date) + 24 * HOUR).toISOString().slice(0, DATE_LENGTH);

/** What the field of a time begins with: the next full hour but one. */
export function firstWritten(now: number): string {
  return new Date(Math.ceil(now / HOUR) * HOUR + HOUR).toISOString();
}
