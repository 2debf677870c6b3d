import type { ServerTraffic } from "@windfire/api";
import { parseTime } from "#lib/time-format.ts";

const DAY_MS = 86_400_000;
/** Days that the dashboard tells of at most. */
const MOST_DAYS = 62;

/** What was moved in an hour or a day. */
export interface TrafficBar {
  /** Unix milliseconds. */
  readonly from: number;
  /** Bytes. */
  readonly received: number;
  readonly sent: number;
  /** Nothing was recorded of this server yet: unknown, not nothing. */
  readonly unknown: boolean;
}

/** Bars as they are drawn, with their sums in bytes. */
export interface TrafficBars {
  /** Oldest first. */
  readonly bars: readonly TrafficBar[];
  readonly received: number;
  readonly sent: number;
  /** Both together in the highest bar, bytes. */
  readonly most: number;
}

/** The bars of an answer that end after `begin`. */
export function trafficBars({ bars, since }: ServerTraffic, begin = 0): TrafficBars {
  const known = since === null ? Infinity : (parseTime(since) ?? Infinity);
  const starts = bars.map(({ from }) => parseTime(from) ?? 0);
  const shown = bars.flatMap((bar, at): TrafficBar[] => {
    const [from = 0, end = Infinity] = [starts[at], starts[at + 1]];
    const moved = bar.in + bar.out > 0;
    return end <= begin ? [] : [{ from, received: bar.in, sent: bar.out, unknown: !moved && end <= known }];
  });
  const sum = (of: (bar: TrafficBar) => number) => shown.reduce((total, bar) => total + of(bar), 0);
  return {
    bars: shown,
    received: sum((bar) => bar.received),
    sent: sum((bar) => bar.sent),
    most: shown.reduce((most, bar) => Math.max(most, bar.received + bar.sent), 0),
  };
}

/** How many days to ask for, to see all of a cycle that began then; `undefined` where that is not kept. */
export function daysSince(begin: number, now: number): number | undefined {
  const days = Math.floor((now - begin) / DAY_MS) + 2;
  return days >= 2 && days <= MOST_DAYS ? days : undefined;
}
