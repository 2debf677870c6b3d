import type { Snooze } from "@windfire/api";
import { localTime } from "./condition-draft.ts";

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
const MORNING_HOUR = 8;

/** Until when, in Unix milliseconds; `undefined` while the written time is none or is past. */
export function untilOf(length: Length, written: string, now: number): number | undefined {
  switch (length) {
    case "1h":
      return now + HOUR;
    case "4h":
      return now + 4 * HOUR;
    case "week":
      return now + 7 * 24 * HOUR;
    case "morning": {
      const at = new Date(now);
      at.setHours(MORNING_HOUR, 0, 0, 0);
      if (at.getTime() <= now) at.setDate(at.getDate() + 1);
      return at.getTime();
    }
    case "custom": {
      const at = Date.parse(written);
      return at > now ? at : undefined;
    }
  }
}

/** What the field of a time begins with: the next full hour but one. */
export function firstWritten(now: number): string {
  return localTime(new Date(Math.ceil(now / HOUR) * HOUR + HOUR));
}
