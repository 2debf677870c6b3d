import { setFlagsFromString } from "node:v8";
import type { Clock, Timer } from "@windfire/kit";

const COMPILERS = ["opt", "maglev"] as const;
const LOOK_MS = 1_000;
/** Of one core. Below it there is less to gain than a tenth of that. */
const BUSY_SHARE = 0.03;
/** A page that somebody opens is work for one second, not for three. */
const BUSY_LOOKS = 3;

/**
 * Keeps the compilers for hot code from running. What a start computes is computed once, and whoever watches a few servers computes next to
 * nothing: compiling it took a tenth of the start, and code and workspace of the compilers 10 MB. To be called before anything else is loaded.
 */
export function deferHotCode(): void {
  for (const compiler of COMPILERS) setFlagsFromString(`--no-${compiler}`);
}

/** Lets code that is hot be compiled from now on, in every thread. */
export function compileHotCode(): void {
  for (const compiler of COMPILERS) setFlagsFromString(`--${compiler}`);
}

export interface WorkWatch {
  readonly clock: Pick<Clock, "monotonic" | "setInterval">;
  /** CPU time of the whole process so far, milliseconds. */
  readonly cpuMs: () => number;
  readonly onBusy: () => void;
}

/** Calls `onBusy` once, when the process has been busy for three seconds in a row. Does not keep the process alive. */
export function watchForWork({ clock, cpuMs, onBusy }: WorkWatch): Pick<Timer, "cancel"> {
  let busyLooks = 0;
  let last = { cpu: cpuMs(), at: clock.monotonic() };
  const look = (): void => {
    const next = { cpu: cpuMs(), at: clock.monotonic() };
    busyLooks = next.cpu - last.cpu >= BUSY_SHARE * (next.at - last.at) ? busyLooks + 1 : 0;
    last = next;
    if (busyLooks < BUSY_LOOKS) return;
    timer.cancel();
    onBusy();
  };
  const timer = clock.setInterval(look, LOOK_MS).unref();
  return timer;
}

/** CPU time of this process and its threads, milliseconds. */
export function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
