import type { Clock } from "@windfire/kit";

/** Profiles whose last call is remembered; the oldest go, and may be a little early once. */
const MOST = 10_000;

/** Keeps calls of one profile apart. Rejects when the signal is aborted while it waits. */
export type Pace = (profileId: number, pauseMs: number, signal: AbortSignal) => Promise<void>;

/** See {@link Pace}. */
export function createPace(clock: Pick<Clock, "monotonic" | "setTimeout">): Pace {
  const last = new Map<number, number>();
  return async (profileId, pauseMs, signal) => {
    if (pauseMs === 0) return;
    const wait = (last.get(profileId) ?? Number.NEGATIVE_INFINITY) + pauseMs - clock.monotonic();
    if (wait > 0) await sleep(clock, wait, signal);
    last.delete(profileId);
    last.set(profileId, clock.monotonic());
    const [oldest] = last.keys();
    if (last.size > MOST && oldest !== undefined) last.delete(oldest);
  };
}

function sleep(clock: Pick<Clock, "setTimeout">, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      timer.cancel();
      reject(new Error("the request was given up"));
    };
    const timer = clock.setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
