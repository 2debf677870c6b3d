/** What is known of a sender's clock is renewed so often: two clocks drift apart by a few milliseconds meanwhile. */
const WINDOW_MS = 30_000;

interface Known {
  /** Least difference of the two clocks in this window and in the one before. */
  now: number;
  before: number;
  since: number;
}

/**
 * How late messages are. Clocks of two processes have nothing in common but their pace: the least difference between the moment of sending by
 * the one and of handling by the other stands for no delay, and whatever is more is one, also where this process stood still.
 */
export function createLateness(monotonic: () => number, mostSenders = 64) {
  const senders = new Map<string, Known>();
  return {
    /** Milliseconds. `sentAt` is by the clock of the sender. */
    of(sender: string, sentAt: number): number {
      const now = monotonic();
      const difference = now - sentAt;
      const known = senders.get(sender);
      if (!known) {
        for (const oldest of senders.keys()) if (senders.size >= mostSenders) senders.delete(oldest);
        senders.set(sender, { now: difference, before: difference, since: now });
        return 0;
      }
      if (now - known.since >= WINDOW_MS) Object.assign(known, { before: known.now, now: difference, since: now });
      known.now = Math.min(known.now, difference);
      return difference - Math.min(known.now, known.before);
    },
  };
}
