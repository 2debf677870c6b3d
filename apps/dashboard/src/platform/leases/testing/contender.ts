import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import type { Lease } from "../model.ts";
import { createSharedLease } from "../shared-lease.ts";
import type { SharedLeaseDeps } from "../shared-lease.ts";

/** A process that wants the lease, with clocks of its own. */
export interface Contender {
  readonly name: string;
  readonly clock: FakeClock;
  readonly lease: Lease;
  /** Starts and stops of what it carries. */
  readonly terms: readonly string[];
  /** So much time has passed for it in which none of its timers ran. */
  sleep(ms: number): void;
}

/** Starts one. `onStart` may fail what it carries. */
export async function contend(
  name: string,
  database: SharedLeaseDeps["database"],
  { clock = createFakeClock(), onStart = () => undefined }: { readonly clock?: FakeClock; readonly onStart?: () => void } = {},
): Promise<Contender> {
  const terms: string[] = [];
  let slept = 0;
  const lease = createSharedLease({
    name: "judge",
    holder: name,
    clock: { ...clock, now: () => clock.now() + slept, monotonic: () => clock.monotonic() + slept },
    database,
    log: { info: () => undefined, warn: () => undefined },
    onError: () => undefined,
  });
  const work = lease.carry({
    name: "work",
    start: () => {
      onStart();
      terms.push("start");
    },
    stop: () => void terms.push("stop"),
  });
  const started = lease.start();
  await clock.advanceAsync(0);
  void started;
  await work.start?.();
  return { name, clock, lease, terms, sleep: (ms) => void (slept += ms) };
}
