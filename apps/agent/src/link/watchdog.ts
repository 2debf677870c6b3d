import type { Clock, Timer } from "@windfire/kit";

/** Notices that something which should come again and again has stopped coming. */
export interface Watchdog {
  /** It came, or is expected from now on. */
  feed(): void;
  /** Nothing is expected for now. */
  rest(): void;
  isWaiting(): boolean;
}

/** @param onSilence called once for each silence of `patienceMs` */
export function createWatchdog(clock: Clock, patienceMs: number, onSilence: () => void): Watchdog {
  let timer: Timer | undefined;
  const rest = (): void => {
    timer?.cancel();
    timer = undefined;
  };
  return {
    rest,
    feed: () => {
      rest();
      timer = clock.setTimeout(() => {
        timer = undefined;
        onSilence();
      }, patienceMs);
    },
    isWaiting: () => timer !== undefined,
  };
}
