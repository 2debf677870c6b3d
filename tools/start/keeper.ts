import type { BackOff, Clock, Timer } from "@windfire/kit";
import { describeEnd } from "./program.ts";
import type { Program } from "./program.ts";

const SHORTEST_WAIT_MS = 1_000;
/** A program that ran this long is taken to be sound: its next end is waited for as briefly as a first one. */
const STEADY_MS = 60_000;

/** Keeps a program running until told to stop. */
export interface Keeper {
  stop(deadlineMs: number): Promise<void>;
}

export interface KeeperDeps {
  readonly clock: Clock;
  readonly backOff: BackOff;
  readonly start: () => Program;
  readonly log: (line: string) => void;
}

/** Starts the program now, and again whenever it ends, with growing pauses while it keeps ending early. */
export function keepRunning(name: string, deps: KeeperDeps): Keeper {
  let stopped = false;
  let current: Program | undefined;
  let pause: { timer: Timer; end: () => void } | undefined;

  const pauseFor = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      pause = { timer: deps.clock.setTimeout(resolve, ms), end: resolve };
    });
  const isStopped = (): boolean => stopped;
  const run = async (): Promise<void> => {
    while (!isStopped()) {
      const began = deps.clock.monotonic();
      current = deps.start();
      const end = await current.ended;
      current = undefined;
      if (isStopped()) return;
      if (deps.clock.monotonic() - began >= STEADY_MS) deps.backOff.reset();
      const wait = SHORTEST_WAIT_MS + deps.backOff.next();
      deps.log(`${name} ${describeEnd(end)}; starting it again in ${Math.round(wait / 1000)} s`);
      await pauseFor(wait);
    }
  };
  const finished = run();

  return {
    stop: async (deadlineMs) => {
      stopped = true;
      await current?.stop(deadlineMs);
      pause?.timer.cancel();
      pause?.end();
      await finished;
    },
  };
}
