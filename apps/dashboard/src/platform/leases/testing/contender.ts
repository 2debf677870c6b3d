import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import type { Database } from "#platform/database";
import type { Lease } from "../model.ts";
import { createSharedLease } from "../shared-lease.ts";
import type { SharedLeaseDeps } from "../shared-lease.ts";

/** A look is one question and one write; on a server others may overtake it. */
const ROUNDS = 8;

/** A process that wants the lease, with clocks of its own. */
export interface Contender {
  readonly name: string;
  readonly clock: FakeClock;
  readonly lease: Lease;
  /** Starts and stops of what it carries. */
  readonly terms: readonly string[];
  /** Failures that it told. */
  readonly failures: readonly unknown[];
  /** So much time has passed for it in which none of its timers ran. */
  sleep(ms: number): void;
}

/** What contenders have asked of the database has been answered, also where it takes a while. */
export async function settled({ kysely, transaction }: Pick<Database, "kysely" | "transaction">): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    await kysely.selectFrom("wf_leases").select("name").execute();
    await transaction(() => Promise.resolve());
  }
}

export interface Conduct {
  readonly clock?: FakeClock;
  /** Makes what is to be carried. */
  readonly carry?: (lease: Lease) => void;
  /** Start and stop of what it carries; the start may fail. */
  readonly onStart?: () => Promise<void> | void;
  readonly onStop?: () => Promise<void> | void;
}

/** Starts one. */
export async function contend(name: string, database: SharedLeaseDeps["database"], conduct: Conduct = {}): Promise<Contender> {
  const { clock = createFakeClock() } = conduct;
  const terms: string[] = [];
  const failures: unknown[] = [];
  let slept = 0;
  const lease = createSharedLease({
    name: "judge",
    holder: name,
    clock: { ...clock, now: () => clock.now() + slept, monotonic: () => clock.monotonic() + slept },
    database,
    log: { info: () => undefined, warn: () => undefined },
    onError: (error) => failures.push(error),
  });
  conduct.carry?.(lease);
  const work = lease.carry({
    name: "work",
    start: async () => {
      await conduct.onStart?.();
      terms.push("start");
    },
    stop: async () => {
      await conduct.onStop?.();
      terms.push("stop");
    },
  });
  // Either may wait for a process that stands still.
  void lease.start();
  await clock.advanceAsync(0);
  void work.start?.();
  await clock.advanceAsync(0);
  return { name, clock, lease, terms, failures, sleep: (ms) => void (slept += ms) };
}
