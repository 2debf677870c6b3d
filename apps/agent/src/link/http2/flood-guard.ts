import { ERROR_CODE, Http2Error } from "./errors.ts";

/**
 * A server that estimates bandwidth sends a PING a round trip while much is uploaded: thousands a second next door, for a moment. What is
 * above costs the host more than it can be worth.
 */
const BURST = 10_000;
const PER_SECOND = 1_000;
/** Answers that the other side has not taken yet; it asked for them and does not read. */
const MAX_WAITING = 1_000;

/** Bounds what the other side can make a connection answer (RFC 9113 section 10.5). */
export interface FloodGuard {
  /** Counts one frame that has to be answered. Returns what to call once the answer has left. @throws Http2Error on a flood */
  admit(): () => void;
}

export function createFloodGuard(monotonic: () => number): FloodGuard {
  let left = BURST;
  let filledAt = monotonic();
  let waiting = 0;
  const gone = (): void => {
    waiting -= 1;
  };
  return {
    admit() {
      const now = monotonic();
      left = Math.min(BURST, left + ((now - filledAt) * PER_SECOND) / 1000) - 1;
      filledAt = now;
      waiting += 1;
      if (left < 0 || waiting > MAX_WAITING) throw new Http2Error(ERROR_CODE.enhanceYourCalm, "a flood of frames that ask for an answer");
      return gone;
    },
  };
}
