import type { Turns } from "@windfire/kit";
import type { GuessThrottle } from "#access/protection";
import { refuse, refuseText } from "#kernel";
import type { SessionCaller } from "#kernel";
import type { PasswordCheck } from "./password-check.ts";

/** Waiting comparisons of one session. */
const WAITING_OF_SESSION = 2;

/**
 * Asks whoever is signed in for the current password. Guessing by a stolen session is paced, and its failures do not stop the other
 * sessions of the user.
 */
export function createCurrentPassword(deps: { check: PasswordCheck; throttle: GuessThrottle; turns: Turns }) {
  return async ({ user, sessionKey }: SessionCaller, password: string): Promise<void> => {
    const attempt = deps.throttle.attempt(sessionKey);
    if (!attempt.allowed) throw tooManyAttempts(attempt.waitSeconds);
    if (!(await deps.check.remembers(user.id, password))) {
      const lane = { key: `session ${sessionKey}`, waiting: WAITING_OF_SESSION };
      const turn = await deps.turns.take(lane, async () => deps.check.verify(user.id, password));
      if (turn.outcome === "displaced") throw tooManyAttempts(1);
      if (!turn.value) throw refuse("incorrect password");
    }
    attempt.succeeded();
  };
}

export function tooManyAttempts(seconds: number): Error {
  return refuseText(`too many failed attempts, try again in ${seconds} s`, 429, { "retry-after": String(seconds) });
}
