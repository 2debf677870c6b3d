import type { FakeClock } from "@windfire/testkit";
import type { Replica } from "./replica.ts";
import type { Troubles } from "./troubles.ts";

/** A run, as far as it is watched. */
export interface Watched {
  readonly clock: FakeClock;
  readonly findings: string[];
  readonly judge: Replica | undefined;
  readonly troubles: Troubles;
  readonly well: readonly Replica[];
  /** What judges wrote. */
  readonly writes: readonly object[];
  secondsAt(time: number): number;
}

/** Another judges so soon after one that cannot go on, as the documentation has it. */
const TAKEN_OVER_MS = 5_000;
const LOOK_MS = 250;
/** For so long one that stands still in a transaction may keep the others from writing, as the documentation has it. */
const HELD_UP_MS = 4_000;
/** A server says by then that it is back. */
const SPARE_MS = 1_000;

/** Sees that somebody judges whenever anybody could. */
export function watchTerms(world: Watched): void {
  const { clock, findings } = world;
  /** Since when somebody has been well without a break, by name. */
  const wellSince = new Map<string, number>();
  let judgedAt = clock.monotonic();
  let isTold = false;
  let written = 0;
  /** Somebody did, perhaps for less than from one look to the next. */
  const judgedNow = (): boolean => written !== (written = world.writes.length);
  clock.setInterval(() => {
    const now = clock.monotonic();
    const well = world.well.map(({ name }) => name);
    for (const name of wellSince.keys()) if (!well.includes(name)) wellSince.delete(name);
    for (const name of well) wellSince.set(name, wellSince.get(name) ?? now);
    if (world.judge || judgedNow()) [judgedAt, isTold] = [now, false];
    const since = Math.max(judgedAt, Math.min(now, ...wellSince.values()));
    // One that stands still in a transaction keeps the others from writing, and so from seeing who holds the lease.
    const still = world.troubles.lasting(["stands still", "sleeps"], clock.now() - now + since);
    if (isTold || now - since <= TAKEN_OVER_MS + SPARE_MS + still * HELD_UP_MS) return;
    isTold = true;
    findings.push(`nobody judged for ${Math.round(now - since)} ms until ${world.secondsAt(clock.now())} s`);
  }, LOOK_MS);
}
