const SECOND_MS = 1_000;

/**
 * Whether a stream's next message is one too many: agents wait for the receipt of a state before they send another, and whoever does not
 * would take the time of everybody else's. Counted in fixed seconds; `monotonic` in milliseconds.
 */
export function createMessageLimit(monotonic: () => number, perSecond: number): () => boolean {
  let since = monotonic();
  let count = 0;
  return () => {
    const now = monotonic();
    if (now - since >= SECOND_MS) {
      since = now;
      count = 0;
    }
    return ++count > perSecond;
  };
}
