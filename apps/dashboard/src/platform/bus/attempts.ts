import { createBackOff } from "@windfire/kit";
import type { Clock } from "@windfire/kit";

const BACK_OFF = { baseMs: 200, maxMs: 5_000 };

export interface AttemptsDeps {
  readonly clock: Pick<Clock, "setTimeout">;
  readonly random: () => number;
  /** One connection from its making to its end; `onConnected` says that it was made. Fails when it could not be made. */
  readonly attempt: (onConnected: () => void) => Promise<void>;
  /** Hears of the first of several attempts that fail in a row. */
  readonly onFailed: (error: unknown) => void;
}

/** Makes a connection again and again, with longer and longer waits while it fails. */
export function createAttempts({ clock, random, attempt, onFailed }: AttemptsDeps) {
  const backOff = createBackOff({ ...BACK_OFF, random });
  let isStopped = false;
  let wake = (): void => undefined;
  let over: Promise<void> | undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.setTimeout(resolve, backOff.next());
      wake = () => {
        timer.cancel();
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    let hasFailed = false;
    while (!isStopped) {
      try {
        await attempt(() => {
          backOff.reset();
          hasFailed = false;
        });
      } catch (error) {
        if (!hasFailed) onFailed(error);
        hasFailed = true;
      }
      if (!isStopped) await pause();
    }
  };
  return {
    get isStopped() {
      return isStopped;
    },
    start(): void {
      over ??= run();
    },
    stop(): void {
      isStopped = true;
      wake();
    },
    /** Resolves when the last connection has ended after `stop`. */
    over: async (): Promise<void> => over,
  };
}
