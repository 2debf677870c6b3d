import type { Clock } from "@windfire/kit";
import type { JoinCount } from "#platform/bus";

/**
 * Paces guesses at the current password by whoever holds somebody's session. Each key has a bucket of failures that refills with time. A
 * success costs nothing; past the limit the key must wait for the next free attempt, which a right password then passes.
 *
 * Where several dashboards share it, each counts what the others take too. Attempts that come to them within the time of a message all
 * find room, and then count: at most `burst` more at each once, and none more over time.
 *
 * Figures unless given: 20 failures at once, then one every 6 s (14 400 a day at most). 10 000 keys are remembered, the one touched longest ago goes.
 */
export interface GuessThrottle {
  /** Takes an attempt before the password is looked at, so that guesses in parallel count too. */
  attempt(key: string): Attempt;
  /** Attempts refused so far. */
  readonly refused: number;
}

export type Attempt =
  | { readonly allowed: true; /** Gives the attempt back: the password was right. */ succeeded(): void }
  | { readonly allowed: false; readonly waitSeconds: number };

const BURST = 20;
const REFILL_MS = 6_000;
const MAX_KEYS = 10_000;

interface Bucket {
  /** Time until all failures are forgiven, each worth a refill; runs down with the clock. */
  debtMs: number;
  at: number;
}

export interface GuessThrottleDeps {
  readonly clock: Clock;
  /** Failures at once. */
  readonly burst?: number;
  /** After that one each so many milliseconds. */
  readonly refillMs?: number;
  /** With whom it is shared; nobody unless told. */
  readonly share?: JoinCount;
}

export function createGuessThrottle({ clock, burst = BURST, refillMs = REFILL_MS, share }: GuessThrottleDeps): GuessThrottle {
  const maxDebtMs = (burst - 1) * refillMs;
  const buckets = new Map<string, Bucket>();
  let refused = 0;
  const bucketOf = (key: string): Bucket => {
    const now = clock.monotonic();
    const known = buckets.get(key) ?? { debtMs: 0, at: now };
    buckets.delete(key);
    buckets.set(key, known);
    if (buckets.size > MAX_KEYS) forgetOldest(buckets);
    known.debtMs = Math.max(0, known.debtMs - Math.max(0, now - known.at));
    known.at = now;
    return known;
  };
  const add = (key: string, failures: number): void => {
    const bucket = bucketOf(key);
    bucket.debtMs = Math.max(0, bucket.debtMs + failures * refillMs);
  };
  const tell = share?.(add);
  const count = (key: string, failures: number): void => {
    add(key, failures);
    tell?.(key, failures);
  };
  return {
    attempt(key) {
      const bucket = bucketOf(key);
      if (bucket.debtMs > maxDebtMs) {
        refused++;
        return { allowed: false, waitSeconds: Math.ceil((bucket.debtMs - maxDebtMs) / 1000) };
      }
      count(key, 1);
      return { allowed: true, succeeded: () => count(key, -1) };
    },
    get refused() {
      return refused;
    },
  };
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  const oldest = buckets.keys().next();
  if (!oldest.done) buckets.delete(oldest.value);
}
