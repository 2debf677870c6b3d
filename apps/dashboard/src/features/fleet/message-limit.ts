const WINDOW_MS = 100;

/**
 * Whether a stream's next message is one too many: agents wait for the receipt of a state before they send another, and whoever does not
 * would take the time of everybody else's. Counted in fixed tenths of a second; `monotonic` in milliseconds.
 */
export function createMessageLimit(monotonic: () => number, most: number): () => boolean {
  let since = monotonic();
  let count = 0;
  return () => {
    const now = monotonic();
    if (now - since >= WINDOW_MS) {
      since = now;
      count = 0;
    }
    return ++count > most;
  };
}
