import type { Clock } from "@windfire/kit";
import type { JoinCount } from "#platform/bus";
import { createGuessThrottle } from "#access/protection";
import type { GuessThrottle } from "#access/protection";
import { networkOf } from "#kernel";

/**
 * Paces guesses at the six digits of a second factor: ten at once, then one a minute, so that a day of guessing from one place finds a code
 * with a chance of one in 230. Recovery codes are not paced: 80 bits cannot be guessed, and with one of them an owner comes in whatever
 * others do.
 *
 * Whoever guesses from elsewhere does not stop the owner: networks that the owner has signed in from before have a pace of their own each,
 * and all others share one.
 */
export interface CodePace {
  /** For a sign-in. `known`: the user has signed in from there before. */
  signIn(userId: number, from: { readonly ip: string; readonly known: boolean }): ReturnType<GuessThrottle["attempt"]>;
  /** For somebody who is signed in. */
  session(sessionKey: string): ReturnType<GuessThrottle["attempt"]>;
  readonly refused: number;
}

const BURST = 10;
const REFILL_MS = 60_000;

export function createCodePace(deps: { readonly clock: Clock; readonly share?: JoinCount }): CodePace {
  const throttle = createGuessThrottle({ ...deps, burst: BURST, refillMs: REFILL_MS });
  return {
    signIn: (userId, { ip, known }) => throttle.attempt(known ? `user ${userId} at ${networkOf(ip)}` : `user ${userId}`),
    session: (sessionKey) => throttle.attempt(`session ${sessionKey}`),
    get refused() {
      return throttle.refused;
    },
  };
}
