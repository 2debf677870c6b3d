const MINUTE_MS = 60_000;

/** When something may go through a channel again: no faster than its limit, and not before its service wants it. */
export type Pace = ReturnType<typeof createPace>;

interface Recent {
  /** When the last messages went out, oldest first; no more than the largest limit. */
  times: number[];
  heldSince: number;
  heldUntil: number;
}

const MOST_TIMES = 600;

/** See {@link Pace}. What it knows is lost with the process: a new one may send one minute's worth too much. Times in Unix milliseconds. */
export function createPace(now: () => number) {
  const channels = new Map<number, Recent>();
  const of = (channelId: number): Recent => {
    const known = channels.get(channelId);
    if (known !== undefined) return known;
    const fresh: Recent = { times: [], heldSince: 0, heldUntil: 0 };
    channels.set(channelId, fresh);
    return fresh;
  };
  return {
    /** `perMinute` 0: no limit. */
    heldUntil(channelId: number, perMinute: number): number {
      const recent = channels.get(channelId);
      if (recent === undefined) return 0;
      const at = now();
      // What lies ahead is of before the clock was set back: it would hold for as long again.
      recent.times = recent.times.filter((time) => time > at - MINUTE_MS && time <= at);
      if (recent.heldSince > at) recent.heldUntil = 0;
      const blocking = perMinute > 0 ? recent.times.at(-perMinute) : undefined;
      return Math.max(recent.heldUntil, blocking === undefined ? 0 : blocking + MINUTE_MS);
    },
    sent(channelId: number): void {
      const recent = of(channelId);
      recent.times = [...recent.times, now()].slice(-MOST_TIMES);
    },
    hold(channelId: number, ms: number): void {
      Object.assign(of(channelId), { heldSince: now(), heldUntil: now() + ms });
    },
    forget: (channelId: number): void => void channels.delete(channelId),
    get channels() {
      return channels.size;
    },
  };
}
