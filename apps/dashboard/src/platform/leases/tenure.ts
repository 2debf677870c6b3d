import type { Clock, Timer } from "@windfire/kit";
import { LEASE } from "./model.ts";

/** What this process holds. */
interface Held {
  readonly fence: number;
  /** By the monotonic clock, from before the database was asked: sooner than any other process may take it. */
  readonly until: number;
  /** How far the wall clock was ahead of the monotonic one: more says that the machine slept, or that the clock was set. */
  readonly ahead: number;
}

/** For how long the lease is this process's, by its own clocks. `over` is called when that is up and it was not prolonged. */
export function createTenure(clock: Clock, over: () => void) {
  let held: Held | undefined;
  let limit: Timer | undefined;
  const ahead = (): number => clock.now() - clock.monotonic();
  const lasts = (): boolean => held !== undefined && clock.monotonic() < held.until;
  return {
    /** The number that is held, be it over or not; `undefined` after `end`. */
    get fence() {
      return held?.fence;
    },
    get lasts() {
      return lasts();
    },
    get isAwake() {
      // So long the machine may have slept: others have not.
      return held !== undefined && clock.monotonic() + Math.max(0, ahead() - held.ahead) < held.until;
    },
    /** `false`: it is over already. */
    prolong(fence: number, askedAt: number): boolean {
      limit?.cancel();
      held = { fence, until: askedAt + LEASE.forMs - LEASE.spareMs, ahead: ahead() };
      if (!lasts()) return false;
      limit = clock.setTimeout(over, held.until - clock.monotonic());
      return true;
    },
    end(): void {
      held = undefined;
      limit?.cancel();
    },
  };
}
